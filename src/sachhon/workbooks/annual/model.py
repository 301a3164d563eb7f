"""What a factory's annual report says, free of any layout: workbook, web form and store all speak this.

Quantities are Decimal in the unit named beside them, money is whole dong. Where a factory left a cell
empty the value is None: an empty month is "not known", never zero. Nothing here judges the figures.

`to_json` and `from_json` are an exact round trip, so a report can be kept as a snapshot.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal

Answer = Literal["yes", "no", "unknown"]
Flow = Literal["output", "consumption", "waste", "emission"]
Source = Literal["meter", "invoice", "estimate"]
SolutionState = Literal["proposed", "doing", "done", "stopped"]

ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
FLOWS: tuple[Flow, ...] = ("output", "consumption", "waste", "emission")
SOURCES: tuple[Source, ...] = ("meter", "invoice", "estimate")
SOLUTION_STATES: tuple[SolutionState, ...] = ("proposed", "doing", "done", "stopped")

TREATMENT = "treatment"
"""The group of a measure that is not cleaner production: it treats, dilutes or moves waste."""

Months = tuple[Decimal | None, ...]
NO_MONTHS: Months = (None,) * 12


@dataclass(frozen=True)
class ReportLine:
    """One product, input, waste or emission of the year, by month where the factory keeps months."""

    flow: Flow
    name: str
    unit: str
    resource_code: str | None = None
    months: Months = NO_MONTHS
    estimated_months: frozenset[int] = frozenset()
    """Months 1..12 whose figure is an estimate, because the year was not over or no reading was taken."""
    total: Decimal | None = None
    cost_vnd: int | None = None
    source: Source | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.months) != 12:
            raise ValueError(f"a line has 12 months, {self.name!r} has {len(self.months)}")
        if not self.estimated_months <= frozenset(range(1, 13)):
            raise ValueError(f"months are 1 to 12, {self.name!r} marks {sorted(self.estimated_months)}")

    @property
    def months_total(self) -> Decimal | None:
        """The sum of the months that are known; None when none is."""
        known = [month for month in self.months if month is not None]
        return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class ReportSaving:
    """What a solution saves in a year of one resource."""

    resource_code: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class ReportSolution:
    """A measure taken or planned: `group` is one of the eight, or `TREATMENT` with the reason."""

    name: str
    group: str
    not_cp_reason: str = ""
    started: dt.date | None = None
    done: dt.date | None = None
    investment_vnd: int | None = None
    savings: tuple[ReportSaving, ...] = ()
    saving_vnd_per_year: int | None = None
    state: SolutionState | None = None


@dataclass(frozen=True)
class AnnualReportData:
    """A whole report. Only the year is required: a report half filled in is still a report."""

    year: int
    facility_name: str = ""
    tax_code: str = ""
    facility_code: str = ""
    trade: str = ""
    address: str = ""
    area_name: str = ""
    area_code: str = ""
    employees: int | None = None
    revenue_vnd: int | None = None
    capital_vnd: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""

    cp_aware: Answer = "unknown"
    cp_applying: Answer = "unknown"
    cp_since: int | None = None
    cp_unit: Answer = "unknown"
    cp_unit_decision: str = ""
    cp_unit_people: tuple[str, ...] = ()

    lines: tuple[ReportLine, ...] = ()
    solutions: tuple[ReportSolution, ...] = ()
    difficulties: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()

    signer_name: str = ""
    signer_title: str = ""
    signed_on: dt.date | None = None

    extra: Mapping[str, str] = field(default_factory=dict)
    """What the form held besides, as label -> text, so that nothing a factory wrote is lost."""

    def lines_of(self, flow: Flow) -> tuple[ReportLine, ...]:
        return tuple(line for line in self.lines if line.flow == flow)


def to_json(data: AnnualReportData) -> str:
    """The report as JSON text: decimals and dates as strings, months in order, letters kept as they are."""
    return json.dumps(to_dict(data), ensure_ascii=False)


def from_json(text: str) -> AnnualReportData:
    return from_dict(json.loads(text))


def to_dict(data: AnnualReportData) -> dict[str, Any]:
    """The report as plain values that JSON can hold."""
    return _plain(data)


def from_dict(values: Mapping[str, Any]) -> AnnualReportData:
    """The report of `to_dict`; a field not there takes its default, so old snapshots stay readable."""
    return AnnualReportData(
        **{
            **_known(AnnualReportData, values),
            "cp_unit_people": tuple(values.get("cp_unit_people", ())),
            "difficulties": tuple(values.get("difficulties", ())),
            "requests": tuple(values.get("requests", ())),
            "signed_on": _date(values.get("signed_on")),
            "lines": tuple(_line(line) for line in values.get("lines", ())),
            "solutions": tuple(_solution(solution) for solution in values.get("solutions", ())),
        }
    )


def _line(values: Mapping[str, Any]) -> ReportLine:
    return ReportLine(
        **{
            **_known(ReportLine, values),
            "months": tuple(_decimal(month) for month in values.get("months", NO_MONTHS)),
            "estimated_months": frozenset(values.get("estimated_months", ())),
            "total": _decimal(values.get("total")),
        }
    )


def _solution(values: Mapping[str, Any]) -> ReportSolution:
    return ReportSolution(
        **{
            **_known(ReportSolution, values),
            "started": _date(values.get("started")),
            "done": _date(values.get("done")),
            "savings": tuple(
                ReportSaving(saving["resource_code"], Decimal(saving["quantity"]), saving["unit"])
                for saving in values.get("savings", ())
            ),
        }
    )


def _known(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, (AnnualReportData, ReportLine, ReportSolution, ReportSaving)):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _date(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)
