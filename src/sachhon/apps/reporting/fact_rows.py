"""What facts are made of: which report counts, where a facility stands today, its size, calculated savings.

Small pieces for `facts`, each a function of plain arguments.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from sachhon import reference
from sachhon.apps.registry.models import Area
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportState
from sachhon.apps.reporting.queries.record_findings import record_findings

COUNTING = (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.LOCKED)
SIX = Decimal("0.000001")
CHUNK = 2000


class FacilityRow(NamedTuple):
    """A facility of the province: its key, and what the warehouse says of it whatever the year."""

    pk: int
    code: str
    name: str
    status: str
    closed_on: datetime.date | None
    has_potential: str
    area: str
    sector: str | None
    trade: str


FACILITY_COLUMNS = (
    "pk", "code", "name", "status", "closed_on", "has_potential", "area__key", "sector__code", "trade__code"
)  # fmt: skip


class Counting(NamedTuple):
    """The report of a facility's year as the province counts it. `report`: None when none was sent."""

    report: int | None
    state: str
    on_time: bool | None


class YearlySize(NamedTuple):
    """What a facility's size in a year goes by: the fields of that name of `FacilityYear`."""

    year: int
    size_class: str
    employees: int | None
    revenue_vnd: int | None
    capital_vnd: int | None


NOT_BEGUN = Counting(None, "none", None)


def factors(first: int, last: int) -> Iterator[tuple]:
    """TOE and kg CO₂ per unit of every resource, by year."""
    for year in range(first, last + 1):
        day = datetime.date(year, 12, 31)
        for resource in reference.resources():
            toe = fact_value(reference.toe_factor, resource.code, day)
            co2 = fact_value(reference.co2_factor, resource.code, day)
            if toe is not None or co2 is not None:
                yield resource.code, year, toe, co2


def counting_reports(province: str, year: int) -> dict[tuple[int, int], Counting]:
    """(facility, year) → the newest revision that counts; without one, where the newest stands."""
    found: dict[tuple[int, int], Counting] = {}
    rows = (
        AnnualReport.objects.filter(facility__province_code=province, year__lte=year)
        .order_by("facility_id", "year", "revision")
        .values_list("pk", "facility_id", "year", "revision", "state", "on_time")
    )
    for pk, facility, report_year, revision, state, on_time in rows.iterator(CHUNK):
        before = found.get((facility, report_year))
        first_time = on_time if revision == 1 or before is None else before.on_time
        if state in COUNTING:
            found[facility, report_year] = Counting(pk, state, first_time)
        elif before is None or before.report is None:
            found[facility, report_year] = Counting(None, state, first_time)
    return found


def held_years(province: str, year: int) -> set[tuple[int, int]]:
    """(facility, year) of the reports that wait for acceptance with a grave doubt nobody has settled, and of the
    records with one that no report covers."""
    grave = Finding.objects.filter(state=Finding.State.OPEN, level="error")
    of_reports = grave.filter(
        report__state=ReportState.SUBMITTED,
        report__facility__province_code=province,
        report__year__lte=year,
    )
    of_records = record_findings(
        facility__province_code=province, year__lte=year, state=Finding.State.OPEN, level="error"
    )
    return {
        *of_reports.values_list("report__facility_id", "report__year").distinct(),
        *of_records.values_list("facility_id", "year").distinct(),
    }


def places(keys: Iterable[str], today: datetime.date) -> Mapping[str, tuple[str, str]]:
    """Area key → (key, name) of the area that stands for it today."""
    found = {}
    names = dict(Area.objects.filter(key__in=list(keys)).values_list("key", "name_vi"))
    for key, name in names.items():
        try:
            area = reference.successor(key, today)
            found[key] = (area.key, area.name)
        except reference.FactNotFound:
            found[key] = (key, name)
    return found


def size_class(row: YearlySize | None, year: int) -> str | None:
    """The size class by the decree of that year, from the newest figures known then; None when unknown."""
    if row is None:
        return None
    found = row.size_class
    if row.year != year:
        day = datetime.date(year, 12, 31)
        found = reference.size_class("industry", row.employees, row.revenue_vnd, row.capital_vnd, day)
    return None if found == "unknown" else found


def source(evidence: Mapping, question: str) -> str | None:
    return evidence.get(question, {}).get("source") or None


def fact_value(find, code: str, day: datetime.date) -> Decimal | None:
    try:
        return find(code, day).value
    except reference.FactNotFound:
        return None


def six(value: Decimal) -> Decimal:
    return value.quantize(SIX)
