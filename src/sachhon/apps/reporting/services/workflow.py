"""How a report moves from hand to hand: one table of transitions, and one conditional UPDATE that takes a step.

Two officers who accept at the same time: the UPDATE of the second finds the state already changed, and the
second is told who was first. Nothing is checked before the row is taken; what a guard refuses is rolled back.
"""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.registry.services.facilities import set_year_figures
from sachhon.apps.reporting.deadlines import is_on_time, local_day
from sachhon.apps.reporting.models import AnnualReport, ReportChange, ReportRemark, ReportState
from sachhon.apps.reporting.services import confirming, letters, plausibility, records
from sachhon.apps.reporting.services.checks import Issue, check_report
from sachhon.apps.reporting.services.errors import NotYours, ReportError
from sachhon.apps.reporting.signals import report_moved

SIZE = ("employees", "revenue_vnd", "capital_vnd")


class NotReady(ReportError):
    """The report is not complete; `issues` says what is missing."""

    def __init__(self, issues: list[Issue]):
        super().__init__(
            _("The report is not complete yet: %(count)s things are left to mend.") % {"count": len(issues)}
        )
        self.issues = issues


class NotExplained(ReportError):
    """Grave findings have no explanation yet; `findings` names them."""

    def __init__(self, findings: list):
        super().__init__(
            _("%(count)s findings must be corrected or explained before acceptance.")
            % {"count": len(findings)}
        )
        self.findings = findings


class AlreadyMoved(ReportError):
    """Somebody else was quicker, or the step does not exist from here."""


@dataclass(frozen=True)
class Transition:
    """One step: where it starts, where it ends, who may take it and what must hold."""

    action: str
    sources: tuple[str, ...]
    target: str
    permission: str
    guard: Callable[[AnnualReport, str], None]
    label: str


@dataclass(frozen=True)
class ItemResult:
    """What became of one report of many."""

    report: AnnualReport
    ok: bool
    message: str


def _complete(report: AnnualReport, remark: str) -> None:
    errors = [issue for issue in check_report(report) if issue.level == "error"]
    if errors:
        raise NotReady(errors)


def _with_remark(report: AnnualReport, remark: str) -> None:
    if not remark.strip():
        raise ReportError(_("Write what the factory should mend before returning the report."))


def _explained(report: AnnualReport, remark: str) -> None:
    open_errors = list(report.findings.filter(level="error", state="open"))
    if open_errors:
        raise NotExplained(open_errors)


def _nothing(report: AnnualReport, remark: str) -> None:
    """No condition."""


S = ReportState
TRANSITIONS: dict[str, Transition] = {
    step.action: step
    for step in [
        Transition("submit", (S.DRAFT, S.RETURNED), S.SUBMITTED, "reporting.report.submit", _complete,
                   gettext_lazy("Submit")),
        Transition("recall", (S.SUBMITTED,), S.DRAFT, "reporting.report.submit", _nothing,
                   gettext_lazy("Take back")),
        Transition("return", (S.SUBMITTED,), S.RETURNED, "reporting.report.review", _with_remark,
                   gettext_lazy("Return with remarks")),
        Transition("accept", (S.SUBMITTED,), S.ACCEPTED, "reporting.report.review", _explained,
                   gettext_lazy("Accept")),
        Transition("lock", (S.ACCEPTED,), S.LOCKED, "reporting.report.review", _nothing,
                   gettext_lazy("Lock")),
    ]
}  # fmt: skip


def possible(user: User, report: AnnualReport) -> list[Transition]:
    """The steps this person may take from where the report stands."""
    return [t for t in TRANSITIONS.values() if report.state in t.sources and user.may(t.permission)]


@transaction.atomic
def submit(actor: User, report: AnnualReport, *, now: datetime.datetime, batch: str = "") -> list[Issue]:
    """Sends the report: on time or late, months into the registry, findings and savings computed.

    Returns notes worth knowing (months where meter readings were kept). Whether it is on time is decided by
    the first sending; a report that was returned and mended keeps that.
    """
    report = _step(actor, report, "submit", submitted_at=now, submitted_by=actor)
    first = report.first_submitted_at or now
    report.first_submitted_at = first
    report.on_time = is_on_time(first, report.year, report.revision)
    report.save(update_fields=["first_submitted_at", "on_time"])
    _size_to_registry(actor, report, batch)
    notes = records.rewrite(actor, report, batch=batch, on=local_day(now))
    plausibility.run(report)
    return notes


@transaction.atomic
def return_with_remarks(
    actor: User, report: AnnualReport, remark: str, *, now: datetime.datetime, section: str = ""
) -> AnnualReport:
    """Gives the report back to the factory with what is to be mended, by letter too."""
    report = _step(actor, report, "return", remark, reviewed_at=now, reviewed_by=actor)
    ReportRemark.objects.create(report=report, by=actor, section=section, text=remark.strip())
    address = report.contact_email or report.facility.contact_email
    if address:
        letters.post("returned", address, {"report": report, "remark": remark.strip()})
    return report


@transaction.atomic
def accept(
    actor: User,
    report: AnnualReport,
    *,
    now: datetime.datetime,
    remark: str = "",
    confirmed: Collection[str] = (),
) -> AnnualReport:
    """Accepts the report. Grave findings must be corrected or explained before, and what others explained be
    `confirmed` one by one (`confirming`)."""
    report = _step(actor, report, "accept", remark, reviewed_at=now, reviewed_by=actor)
    confirming.confirm(actor, report, confirmed)
    if remark.strip():
        ReportRemark.objects.create(report=report, by=actor, text=remark.strip())
    return report


@transaction.atomic
def lock(actor: User, report: AnnualReport) -> AnnualReport:
    """Closes one accepted report by hand; issuing the province's report closes all of its year (`lock_year`)."""
    return _step(actor, report, "lock")


@transaction.atomic
def lock_year(actor: User, province: str, year: int) -> int:
    """Closes every accepted report of a province's year, because its report is being issued; how many.

    Called in the transaction that issues. A correction after it is a revision, which leaves these as they are.
    """
    rows = AnnualReport.objects.filter(facility__province_code=province, year=year, state=S.ACCEPTED)
    accepted = list(rows.select_related("facility").order_by("pk"))
    rows.update(state=S.LOCKED, version=F("version") + 1)
    audit.record_many(actor, "report.lock", accepted, before={"state": S.ACCEPTED}, after={"state": S.LOCKED})
    return len(accepted)


@transaction.atomic
def recall(actor: User, report: AnnualReport) -> AnnualReport:
    """Takes a report back that nobody has looked at yet; it is a draft again."""
    return _step(actor, report, "recall")


def many(
    actor: User, action: str, reports: Iterable[AnnualReport], *, now: datetime.datetime, remark: str = ""
) -> list[ItemResult]:
    """One step for many reports, each in its own transaction; tells for each how it went."""
    steps = {
        "submit": lambda r: submit(actor, r, now=now),
        "accept": lambda r: accept(actor, r, now=now, remark=remark),
        "return": lambda r: return_with_remarks(actor, r, remark, now=now),
        "lock": lambda r: lock(actor, r),
        "recall": lambda r: recall(actor, r),
    }
    step, results = steps[action], []
    for report in reports:
        try:
            step(report)
            done = str(ReportState(TRANSITIONS[action].target).label)
            results.append(ItemResult(report, True, done))
        except ReportError as error:
            results.append(ItemResult(report, False, str(error)))
        except PermissionDenied:
            results.append(ItemResult(report, False, _("You may not do this.")))
    return results


def _step(actor: User, report: AnnualReport, action: str, remark: str = "", **fields) -> AnnualReport:
    """Takes one step of the table, audited; returns the report as it is stored then."""
    step = TRANSITIONS[action]
    require(actor, step.permission)
    mine = AnnualReport.objects.visible_to(actor).filter(pk=report.pk)
    if not mine.exists():
        raise NotYours(_("This report is not one you may work on."))
    taken = AnnualReport.objects.filter(pk=report.pk, state__in=step.sources).update(
        state=step.target, version=F("version") + 1, **fields
    )
    now_stored = AnnualReport.objects.select_related("facility", "reviewed_by", "submitted_by").get(
        pk=report.pk
    )
    if not taken:
        raise AlreadyMoved(_moved_words(now_stored))
    step.guard(now_stored, remark)
    audit.record(
        actor,
        f"report.{action}",
        now_stored,
        before={"state": report.state},
        after={"state": now_stored.state, **({"remark": remark} if remark else {})},
    )
    report_moved.send(sender=AnnualReport, report=now_stored, action=action)
    return now_stored


def _moved_words(report: AnnualReport) -> str:
    person = report.reviewed_by if report.state in (S.ACCEPTED, S.RETURNED, S.LOCKED) else report.submitted_by
    words = {"state": report.get_state_display(), "who": person.display_name() if person else ""}
    if person is not None:
        return _("Nothing was done: the report is “%(state)s” already, by %(who)s.") % words
    return _("Nothing was done: the report is “%(state)s”.") % words


def _size_to_registry(actor, report: AnnualReport, batch: str) -> None:
    stored = report.facility.years.filter(year=report.year).first()
    before = {name: getattr(stored, name) if stored else None for name in SIZE}
    after = {
        name: getattr(report, name) if getattr(report, name) is not None else before[name] for name in SIZE
    }
    if stored is not None and before == after:
        return
    set_year_figures(actor, report.facility, report.year, **after)
    if batch:
        ReportChange.objects.create(
            report=report, version=report.version, section="size", by=actor, batch=batch, before=before,
            after=after,
        )  # fmt: skip
