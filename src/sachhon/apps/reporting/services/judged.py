"""Which years of a facility stand in a report already judged: a meter or bill file leaves their figures alone."""

from collections.abc import Collection

from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.models import AnnualReport, ReportState


def judged_years(sender, *, facility: Facility, years: Collection[int], **_signal) -> set[int]:
    """The years whose newest report is accepted or locked; one being revised is open again."""
    rows = AnnualReport.objects.filter(facility=facility, year__in=years).order_by("year", "revision")
    newest = dict(rows.values_list("year", "state"))
    return {year for year, state in newest.items() if state in (ReportState.ACCEPTED, ReportState.LOCKED)}
