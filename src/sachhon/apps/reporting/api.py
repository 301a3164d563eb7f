"""Annual reports for programs: read only, as far as the person of the key or session sees them."""

import datetime
from decimal import Decimal

from django.http import HttpRequest
from ninja import Router, Schema

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.queries.reports import savings_of
from sachhon.apps.reporting.services.content import to_data
from sachhon.workbooks.annual.model import to_dict

router = Router(tags=["reports"])
MOST = 500


class ReportOut(Schema):
    """One revision of a facility's report of a year."""

    facility: str
    year: int
    revision: int
    state: str
    on_time: bool | None
    first_submitted_at: datetime.datetime | None
    reviewed_at: datetime.datetime | None


class SavingOut(Schema):
    """What one resource saved per unit of product; `figure` leads to its lineage."""

    resource: str
    unit: str
    baseline_year: int
    state: str
    expected: Decimal
    actual: Decimal
    quantity: Decimal
    relative_pct: Decimal
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    figure: str


@router.get("/", response=list[ReportOut], summary="Annual reports of a year")
@allow("reporting.report.view")
def reports(request: HttpRequest, year: int, state: str = "", offset: int = 0, limit: int = 100):
    """The reports the person may see, every revision, in the order of facility codes."""
    rows = AnnualReport.objects.visible_to(request.user).filter(year=year).select_related("facility")
    if state:
        rows = rows.filter(state=state)
    start, many = max(offset, 0), min(max(limit, 1), MOST)
    return [_out(report) for report in rows.order_by("facility__code", "revision")[start : start + many]]


@router.get("/{facility}/{year}/{revision}", summary="What stands in one report")
@allow("reporting.report.view")
def report(request: HttpRequest, facility: str, year: int, revision: int) -> dict:
    """The whole report as the workbook form speaks it."""
    return to_dict(to_data(_the_report(request, facility, year, revision), request.user))


@router.get("/{facility}/{year}/{revision}/savings", response=list[SavingOut], summary="Savings of a report")
@allow("reporting.report.view")
def savings(request: HttpRequest, facility: str, year: int, revision: int):
    """The savings per unit of product of one report."""
    found = _the_report(request, facility, year, revision)
    return [
        SavingOut(
            resource=s.resource.code,
            unit=s.resource.unit,
            baseline_year=s.baseline_year,
            state=s.state,
            expected=s.expected,
            actual=s.actual,
            quantity=s.quantity,
            relative_pct=s.relative_pct,
            vnd=s.vnd,
            toe=s.toe,
            co2_t=s.co2_t,
            figure=s.figure.code if s.figure else "",
        )
        for s in sorted(savings_of(request.user, found), key=lambda s: s.resource.code)
    ]


def _the_report(request: HttpRequest, facility: str, year: int, revision: int) -> AnnualReport:
    rows = AnnualReport.objects.select_related("facility__trade", "facility__area")
    return get_visible(rows, request.user, facility__code=facility, year=year, revision=revision)


def _out(report: AnnualReport) -> ReportOut:
    return ReportOut(
        facility=report.facility.code,
        year=report.year,
        revision=report.revision,
        state=report.state,
        on_time=report.on_time,
        first_submitted_at=report.first_submitted_at,
        reviewed_at=report.reviewed_at,
    )
