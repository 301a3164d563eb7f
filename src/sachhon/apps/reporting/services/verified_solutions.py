"""What was verified in an assessment, taken over into the solutions of the annual report of its year.

A solution has no state of its own for "verified": roll-ups count it as they count every solution of a report. What was
verified, by whom and where stays with the row, in the shape of its origins (field → three words), under names that
begin with "verified": figures changed later on the form can be told from those that were verified.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Kind, OptionState
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.apps.assessment.queries.verified import VerifiedSaving, verified_savings
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.reporting.models import AnnualReport, ReportSolution
from sachhon.apps.reporting.services import drafting
from sachhon.apps.reporting.services.errors import NotEditable, ReportError
from sachhon.apps.reporting.services.sections import Section

PREFIX = "verified"
LONGEST = 512
State = ReportSolution.State
STATE_OF = {
    OptionState.DONE: State.DONE, OptionState.VERIFIED: State.DONE, OptionState.DROPPED: State.STOPPED,
}  # fmt: skip


class NotOffered(ReportError):
    """The assessment no longer says so, or not to this person."""


class Worsening(ReportError):
    """More is used than before: the report's form has no room for a saving below zero."""


@dataclass(frozen=True)
class Mark:
    """Where a solution of a report was taken over from, and what was verified there."""

    key: str
    judged_by: str
    first: datetime.date
    last: datetime.date
    kind: str  # of assessment, in words
    codes: str  # "GP-01 + GP-02"
    assessment: int
    savings: tuple[tuple[str, str, Decimal], ...]  # resource, unit, quantity over the measured months
    saving_vnd: int | None
    altered: bool  # the row says other figures now


@transaction.atomic
def take_over(actor: User, report: AnnualReport, key: str, page: str = "") -> bool:
    """Adds the proposal `key` as a solution; False where the report has it already. `page`: see `save_section`."""
    drafting.may_write(actor, report)
    report = AnnualReport.objects.select_for_update().select_related("facility").get(pk=report.pk)
    if report.state not in drafting.EDITABLE:
        raise NotEditable(
            _("This report is “%(state)s” and is not changed any more.")
            % {"state": report.get_state_display()}
        )
    if key in taken(report):
        return False
    found = next((p for p in proposals(actor, report) if p.key == key and not closed(actor, p)), None)
    if found is None:
        raise NotOffered(_("This verified saving is no longer there: the judgement was taken back."))
    if worsens(found):
        raise Worsening(
            _("This is a worsening: a report holds no saving below zero. It stays in the assessment.")
        )
    drafting.change_by_person(actor, report, Section.SOLUTIONS, {"new1": _row(found)}, page=page)
    audit.record(actor, "report.take_over", report, after={"from": key, "verified_by": found.judged_by})
    return True


def proposals(user: User, report: AnnualReport) -> list[VerifiedSaving]:
    """All that was verified at the facility in the report's year, taken over or not."""
    if not user.may("assessment.view"):
        return []
    return verified_savings(user, report.facility, report.year)


def taken(report: AnnualReport) -> set[str]:
    """The keys of the proposals that the report has."""
    rows = report.solutions.values_list("origins", flat=True)
    return {origins[PREFIX][0] for origins in rows if PREFIX in origins}


def closed(user: User, proposal: VerifiedSaving) -> bool:
    """Whether it is a trade secret that this person may not read."""
    return any(is_closed(user, option) for option in (proposal.option, *proposal.shared))


def worsens(proposal: VerifiedSaving) -> bool:
    """Whether more of anything is used, or more is paid, than the baseline expects."""
    amounts = [*(quantity for _resource, quantity in proposal.savings), proposal.saving_vnd or 0]
    return any(amount < 0 for amount in amounts)


def codes_of(proposal: VerifiedSaving) -> str:
    """ "GP-01 + GP-02": the options that were measured together."""
    return " + ".join(option.code for option in (proposal.option, *proposal.shared))


def mark_of(solution: ReportSolution) -> Mark | None:
    """Where the row was taken over from; None for one that was typed or read from a file."""
    origins = solution.origins
    if PREFIX not in origins:
        return None
    key, judged_by, months = origins[PREFIX]
    kind, codes, assessment = origins[f"{PREFIX}.option"]
    first, last = (datetime.date.fromisoformat(day) for day in months.split("/"))
    savings = tuple(
        (resource, unit, Decimal(quantity))
        for name, (resource, unit, quantity) in origins.items()
        if name.startswith(f"{PREFIX}.savings.")
    )
    money = origins.get(f"{PREFIX}.saving_vnd_per_year")
    vnd = int(money[2]) if money else None
    altered = vnd != solution.saving_vnd_per_year or sorted(savings) != sorted(map(_said, solution.savings))
    return Mark(
        key, judged_by, first, last, str(Kind(kind).label), codes, int(assessment), savings, vnd, altered
    )


def _said(saving: Mapping) -> tuple[str, str, Decimal]:
    return saving["resource"], saving["unit"], Decimal(saving["quantity"])


def _row(found: VerifiedSaving) -> dict:
    sums: dict = {}
    for resource, quantity in found.savings:
        sums[resource] = sums.get(resource, Decimal(0)) + quantity
    savings = [
        {"resource": resource.code, "quantity": f"{quantity.normalize():f}", "unit": resource.unit}
        for resource, quantity in sums.items()
    ]
    option = found.option
    days = [o.done_on for o in (option, *found.shared) if o.done_on is not None]
    return {
        "name": _name(found),
        "group": option.group,
        "not_cp_reason": "",
        "state": STATE_OF.get(OptionState(option.state), State.DOING),
        "started_on": None,
        "done_on": max(days).isoformat() if days else None,
        "investment_vnd": found.investment_vnd,
        "savings": savings,
        "saving_vnd_per_year": found.saving_vnd,
        "origins": _origins(found, savings),
    }


def _name(found: VerifiedSaving) -> str:
    """The options' names; a trade secret goes by its number, since more people read a report than an assessment."""
    options = (found.option, *found.shared)
    if any(option.confidential for option in options):
        return _("Solution %(codes)s (trade secret of the factory)") % {"codes": codes_of(found)}
    return "; ".join(option.name for option in options)[:LONGEST]


def _origins(found: VerifiedSaving, savings: list[dict]) -> dict[str, list[str]]:
    assessment = found.option.assessment
    origins = {
        PREFIX: [found.key, found.judged_by, f"{found.first.isoformat()}/{found.last.isoformat()}"],
        f"{PREFIX}.option": [assessment.kind, codes_of(found), str(assessment.pk)],
    }
    for number, saving in enumerate(savings):
        origins[f"{PREFIX}.savings.{number}"] = [saving["resource"], saving["unit"], saving["quantity"]]
    if found.saving_vnd is not None:
        origins[f"{PREFIX}.saving_vnd_per_year"] = ["", "VND", str(found.saving_vnd)]
    return origins
