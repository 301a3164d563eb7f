"""Writing a report before it is sent: start it, save a section, revise it, change its baseline year.

Two people may type at once. Every save carries the version it was typed on; a save on a section that somebody
else changed since is refused as a whole, and says field by field what the other person changed.
"""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.deadlines import FIRST_YEAR, reportable_year
from sachhon.apps.reporting.models import AnnualReport, BaselineChange, ReportChange, ReportState
from sachhon.apps.reporting.services import prefill, savings
from sachhon.apps.reporting.services.errors import NotEditable, NotYours, ReportError, YearNotOpen
from sachhon.apps.reporting.services.sections import (
    Difference,
    differences,
    read_all,
    read_section,
    replace_section,
    write_section,
)

EDITABLE = (ReportState.DRAFT, ReportState.RETURNED)
REVISABLE = (ReportState.ACCEPTED, ReportState.LOCKED)


@dataclass(frozen=True)
class ForeignChange:
    """What somebody else changed: one field, who and when."""

    difference: Difference
    by: str
    at: datetime.datetime


class StaleSave(ReportError):
    """The section was changed by somebody else since it was opened; nothing was saved."""

    def __init__(self, changes: list[ForeignChange], version: int):
        super().__init__(_("Somebody else changed this section meanwhile. Nothing was overwritten."))
        self.changes = changes
        self.version = version


@transaction.atomic
def start_report(
    actor: User, facility: Facility, year: int, copy_from_last_year: bool = True, *, today: datetime.date
) -> AnnualReport:
    """A draft for the year, filled in with what is known already; the report that is there if there is one.

    Known already: the year's monthly records, the size figures, and with `copy_from_last_year` the products,
    resources, contact, cleaner-production answers and unfinished solutions of the report before.
    """
    require(actor, "reporting.report.edit")
    if not Facility.objects.visible_to(actor).filter(pk=facility.pk).exists():
        raise NotYours(_("This facility is not one you may report for."))
    if not reportable_year(year, today):
        raise YearNotOpen(
            _("A report can be made for %(first)s to %(last)s, not for %(year)s.")
            % {"first": FIRST_YEAR, "last": today.year, "year": year}
        )
    existing = latest_report(facility, year)
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            report = AnnualReport.objects.create(facility=facility, year=year, created_by=actor)
    except IntegrityError:  # somebody else started it in this very moment
        return AnnualReport.objects.get(facility=facility, year=year, revision=1)
    prefill.fill(report, copy_from_last_year=copy_from_last_year)
    audit.record(actor, "report.start", report, after={"year": year})
    return report


def latest_report(facility: Facility, year: int) -> AnnualReport | None:
    """The newest revision of a facility's report of a year, in whatever state."""
    return facility.annual_reports.filter(year=year).order_by("-revision").first()


@transaction.atomic
def save_section(
    actor: User, report: AnnualReport, section: str, data: dict, version: int, page: str = ""
) -> AnnualReport:
    """Saves what was typed in one section on top of `version`; returns the report with its new version.

    Fields and rows that `data` does not name stay as they are. `page` tells one opening of the form from
    another: what the same one saved before is no conflict. Raises StaleSave, NotEditable, NotYours.
    """
    may_write(actor, report)
    report = _next_version(report, EDITABLE)
    _refuse_if_stale(report, section, version, page)
    if not _change(actor, report, section, lambda: write_section(report, section, data), page=page):
        AnnualReport.objects.filter(pk=report.pk).update(version=report.version - 1)
        report.version -= 1
    return report


@transaction.atomic
def revise(actor: User, report: AnnualReport) -> AnnualReport:
    """A new revision to correct an accepted report, a copy to begin with; the accepted one stays as it was."""
    may_write(actor, report)
    newest = AnnualReport.objects.select_for_update().get(pk=report.pk)
    if newest.state not in REVISABLE:
        raise NotEditable(_("Only an accepted report is corrected by a revision."))
    later = latest_report(report.facility, report.year)
    if later is not None and later.revision > newest.revision:
        return later
    return copy_as_revision(actor, newest)


def copy_as_revision(actor: User, report: AnnualReport) -> AnnualReport:
    """The next revision of `report`, a draft that says the same; called inside a transaction."""
    copied = {
        field.name: getattr(report, field.name)
        for field in AnnualReport._meta.concrete_fields
        if field.name in COPIED_FIELDS
    }
    revision = AnnualReport.objects.create(
        facility=report.facility,
        year=report.year,
        revision=latest_report(report.facility, report.year).revision + 1,
        created_by=actor,
        **copied,
    )
    for section, content in read_all(report).items():
        replace_section(revision, section, content)
    audit.record(actor, "report.revise", revision, after={"revision": revision.revision})
    return revision


COPIED_FIELDS = frozenset(["baseline_year", "baseline_reason", "extra", "origins"])


@transaction.atomic
def set_baseline(
    actor: User, report: AnnualReport, year: int, reason: str, *, today: datetime.date
) -> BaselineChange:
    """Compares this report with another baseline year from now on; dated, with a reason, the old kept visible."""
    require(actor, "reporting.report.edit")
    may_see(actor, report)
    if not reason.strip():
        raise ReportError(_("Say why the baseline year is changed."))
    if year >= report.year or not report.facility.records.filter(year=year).exists():
        raise ReportError(
            _("There are no records of %(year)s before the report's year to compare with.") % {"year": year}
        )
    before = list(report.resource_savings.values("resource__code", "quantity", "relative_pct"))
    change = BaselineChange.objects.create(
        report=report,
        from_year=report.baseline_year or savings.first_year(report.facility),
        to_year=year,
        reason=reason.strip()[:255],
        changed_on=today,
        changed_by=actor,
        savings_before=[
            {
                "resource": row["resource__code"],
                "quantity": str(row["quantity"]),
                "relative_pct": str(row["relative_pct"]),
            }
            for row in before
        ],
    )
    report.baseline_year, report.baseline_reason = year, change.reason
    report.save(update_fields=["baseline_year", "baseline_reason", "saved_at"])
    audit.record(
        actor,
        "report.baseline",
        report,
        before={"year": change.from_year},
        after={"year": year, "why": reason},
    )
    savings.recompute([report.facility_id], [report.year])
    return change


def change_by_system(actor, report: AnnualReport, section: str, data: dict, *, batch: str = "") -> bool:
    """Makes a section say `data` for an import or a one-click correction, with history; whether it changed."""
    report.version += 1
    changed = _change(actor, report, section, lambda: replace_section(report, section, data), batch=batch)
    if changed:
        AnnualReport.objects.filter(pk=report.pk).update(version=report.version, saved_at=timezone.now())
    else:
        report.version -= 1
    return changed


def change_by_person(
    actor: User, report: AnnualReport, section: str, data: dict, *, batch: str = "", page: str = ""
) -> bool:
    """Like `change_by_system`, but only the rows that `data` names; the rest of the section stays."""
    report.version += 1
    changed = _change(
        actor, report, section, lambda: write_section(report, section, data), batch=batch, page=page
    )
    AnnualReport.objects.filter(pk=report.pk).update(version=report.version, saved_at=timezone.now())
    return changed


def may_write(actor: User, report: AnnualReport) -> None:
    """Raises unless the person's role writes reports and this one is in their reach."""
    require(actor, "reporting.report.edit")
    may_see(actor, report)


def may_see(actor: User, report: AnnualReport) -> None:
    """Raises unless the report is in the person's reach."""
    if not AnnualReport.objects.visible_to(actor).filter(pk=report.pk).exists():
        raise NotYours(_("This report is not one you may write."))


def _next_version(report: AnnualReport, states) -> AnnualReport:
    """Takes the next version; the UPDATE locks the row, so that two saves follow one another."""
    taken = AnnualReport.objects.filter(pk=report.pk, state__in=states).update(
        version=F("version") + 1, saved_at=timezone.now()
    )
    report = AnnualReport.objects.select_related("facility").get(pk=report.pk)
    if not taken:
        raise NotEditable(
            _("This report is “%(state)s” and is not changed any more.")
            % {"state": report.get_state_display()}
        )
    return report


def _refuse_if_stale(report: AnnualReport, section: str, version: int, page: str) -> None:
    later = report.changes.filter(section=section, version__gt=version).order_by("pk").select_related("by")
    if page:
        later = later.exclude(page=page)
    changes = [
        ForeignChange(difference, change.by.display_name() if change.by else "sachhon", change.at)
        for change in later
        for difference in differences(change.before, change.after)
    ]
    if changes:
        raise StaleSave(changes, report.version - 1)


def _change(actor, report: AnnualReport, section: str, write, *, batch: str = "", page: str = "") -> bool:
    before = read_section(report, section)
    write()
    after = read_section(report, section)
    if not differences(before, after):
        return False
    ReportChange.objects.create(
        report=report,
        version=report.version,
        section=section,
        by=actor,
        batch=batch,
        page=page[:32],
        before=before,
        after=after,
    )
    return True
