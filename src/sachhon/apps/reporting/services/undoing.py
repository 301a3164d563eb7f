"""Takes back what an import did to reports: a report it made goes, one it wrote over says again what it said.

The records of the batch are the registry's: the inbox takes them back after this, in the same transaction.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.services.facilities import set_year_figures
from sachhon.apps.registry.services.records import UndoRefused
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.services.drafting import latest_report
from sachhon.apps.reporting.services.sections import replace_section
from sachhon.apps.reporting.services.workflow import SIZE

CLOSED = (ReportState.ACCEPTED, ReportState.LOCKED)


@transaction.atomic
def undo_import(actor: User, batch: str) -> None:
    """Undoes the batch; refused as a whole where an accepted report or a later revision stands on it."""
    if not batch:
        raise ValueError("an import has a batch")
    touched = AnnualReport.objects.filter(changes__batch=batch) | AnnualReport.objects.filter(batch=batch)
    for report in touched.distinct().select_related("facility"):
        _refuse_if_used(report, batch)
        _restore_size(actor, report, batch)
        audit.record(
            actor, "report.import_undo", report, before={"revision": report.revision, "batch": batch}
        )
        if report.batch == batch:
            report.delete()
        else:
            _restore(report, batch)


def _refuse_if_used(report: AnnualReport, batch: str) -> None:
    if report.state in CLOSED:
        raise UndoRefused(
            _("The report of %(year)s was accepted; make a revision instead.") % {"year": report.year}
        )
    newest = latest_report(report.facility, report.year)
    if newest is not None and newest.revision > report.revision:
        raise UndoRefused(
            _("The report of %(year)s has a later revision that builds on it.") % {"year": report.year}
        )
    if report.batch == batch and report.changes.exclude(batch=batch).exists():
        raise _changed_since(report)


def _changed_since(report: AnnualReport) -> UndoRefused:
    return UndoRefused(
        _("The report of %(year)s was changed by hand after this import.") % {"year": report.year}
    )


def _restore(report: AnnualReport, batch: str) -> None:
    """Lays back what the sections said before, unless somebody wrote on them since."""
    for change in report.changes.filter(batch=batch).exclude(section="size").order_by("-pk"):
        if report.changes.filter(section=change.section, version__gt=change.version).exists():
            raise _changed_since(report)
        replace_section(report, change.section, change.before)
        change.delete()
    batches = [kept for kept in report.record_batches if kept != batch]
    fields = {"record_batches": batches, "version": report.version + 1}
    if batch in report.record_batches:
        fields["state"] = ReportState.RETURNED if batches else ReportState.DRAFT
        if not batches:
            fields |= {"first_submitted_at": None, "submitted_at": None, "on_time": None}
    AnnualReport.objects.filter(pk=report.pk).update(**fields)


def _restore_size(actor, report: AnnualReport, batch: str) -> None:
    change = report.changes.filter(batch=batch, section="size").first()
    if change is None:
        return
    stored = report.facility.years.filter(year=report.year).first()
    if stored is not None and all(getattr(stored, name) == change.after[name] for name in SIZE):
        set_year_figures(actor, report.facility, report.year, **change.before)
    change.delete()
