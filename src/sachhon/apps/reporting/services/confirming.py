"""Before a report is accepted, the officer confirms each grave doubt that was explained, one by one.

Whether an explanation is true no rule can tell: a person has to read it beside its doubt and stand for it by name.
What the officer wrote for this report needs no second word; what somebody else wrote is confirmed as it stood when
it was read. The audit history of the report keeps each, with its words.
"""

from collections.abc import Collection

from django.utils.translation import ngettext

from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.services.errors import ReportError


class NotConfirmed(ReportError):
    """Explanations of grave findings that the officer has not confirmed; `findings` names them."""

    def __init__(self, findings: list[Finding]):
        count = len(findings)
        text = ngettext(
            "%(count)s explanation of a grave finding must be read and confirmed on the report's review page first.",
            "%(count)s explanations of grave findings must be read and confirmed, each by itself, on the report's "
            "review page first.",
            count,
        )
        super().__init__(text % {"count": count})
        self.findings = findings


def to_confirm(officer: User, report: AnnualReport) -> list[Finding]:
    """The grave findings whose explanation somebody else wrote."""
    return [finding for finding in _explained(report) if finding.explained_by_id != officer.pk]


def confirm(officer: User, report: AnnualReport, marks: Collection[str]) -> None:
    """Notes that the officer stands for each explanation; `marks` are the `Finding.mark` of those that were ticked.

    Raises `NotConfirmed` where one is missing, or was written anew since it was read. In the caller's transaction.
    """
    left = [finding for finding in to_confirm(officer, report) if finding.mark not in marks]
    if left:
        raise NotConfirmed(left)
    for finding in _explained(report):
        by = finding.explained_by
        after = {
            "rule": finding.rule,
            "line": finding.params.get("item", ""),
            "explanation": finding.explanation,
            "explained_by": by.display_name() if by else "",
        }
        audit.record(officer, "finding.confirm", report, after=after)


def _explained(report: AnnualReport) -> list[Finding]:
    rows = report.findings.filter(level="error", state=Finding.State.EXPLAINED)
    return list(rows.select_related("explained_by").order_by("pk"))
