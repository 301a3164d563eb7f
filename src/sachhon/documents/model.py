"""What an official document says, before anyone decides how it looks.

The province's report of a year is one `ProvinceReportData`: the reporting app fills it, the writers
(`docx`, `xlsx`, `pdf`, `charts`) print it, and its JSON form (`snapshot`) is what is kept of an issued
report. Nothing here reads a database or formats a number.

Three rules hold for every field:

- Words (names of targets, sectors, resources, bodies …) are already in the language of the document.
- A number has its unit beside it and a `figure_code`, the address of its "Số này từ đâu?"; the `Footnote`
  with the same code says where it comes from.  `None` means *not known* and is printed as "–", never as 0.
- Percentages are percent (45.2), money is whole VND, savings of different states are never added up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from sachhon.documents.shapes import Cell, ChartSpec, Column, ColumnKind, Lang, Table

__all__ = [
    "Audience",
    "Breakdown",
    "BreakdownKind",
    "BreakdownRow",
    "Cell",
    "ChartSpec",
    "Column",
    "ColumnKind",
    "Consumption",
    "ConsumptionRow",
    "Figure",
    "Footnote",
    "Introduction",
    "Lang",
    "OfficialLetterhead",
    "Plan",
    "ProvinceReportData",
    "ReportingRow",
    "ReportingStatus",
    "SavingFigures",
    "SavingRow",
    "SavingState",
    "SavingTotal",
    "SizeCount",
    "SolutionRow",
    "Solutions",
    "Table",
    "TargetRow",
    "Verdict",
    "VoiceRow",
]

Audience = Literal["peoples_committee", "ministry"]
SavingState = Literal["estimated", "reported", "verified"]
Verdict = Literal["yes", "no", "unclear"]
BreakdownKind = Literal["sector", "area", "size"]


# --- the form around the report -----------------------------------------------------------------------


@dataclass(frozen=True)
class OfficialLetterhead:
    """Head and foot of an official document (Decree 30/2020/NĐ-CP, appendix I)."""

    parent_body: str
    """Body above the issuing one, "UBND TỈNH LẠNG SƠN"."""
    issuing_body: str
    """In capitals, "SỞ CÔNG THƯƠNG"."""
    issuing_body_name: str
    """The same inside running text, "Sở Công Thương"."""
    symbol: str
    """Sign after the number, "BC-SCT"."""
    place: str
    """Before the date: "Lạng Sơn"."""
    addressees: tuple[str, ...]
    """After "Kính gửi:", "Ủy ban nhân dân tỉnh Lạng Sơn"."""
    copies_to: tuple[str, ...]
    """Lines of "Nơi nhận:", without the dash and the semicolon: "Như trên", "Lãnh đạo Sở"."""
    archive_line: str
    """Last line of "Nơi nhận:", "Lưu: VT, KTAT&MT"."""
    signer_title_lines: tuple[str, ...]
    """As printed: "GIÁM ĐỐC", or ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")."""
    signer_name: str
    number: str | None = None
    """Given by the clerk when the report is issued; empty in a draft ("Số:      /BC-SCT")."""
    date: dt.date | None = None
    """Day of issue; empty in a draft ("ngày … tháng … năm 2026")."""


@dataclass(frozen=True)
class Footnote:
    """Lineage of one figure ("Số này từ đâu?"). The document gives the mark; here stands what it says."""

    figure_code: str
    text: str
    """What the figure is, one sentence."""
    formula: str = ""
    """Formula with the numbers put in, "62 ÷ 137 × 100 = 45,3%"."""
    sources: tuple[str, ...] = ()
    """Records and reference facts with source and date."""
    function_version: str = ""
    """Function and version that computed it, "science.survey.proportion 1.0"."""


# --- the report ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Plan in force whose targets are reported on."""

    name: str
    """As printed: "Kế hoạch thực hiện Chiến lược sản xuất sạch hơn trong công nghiệp đến năm 2020"."""
    document: str
    """As printed: "Kế hoạch số 93/KH-UBND ngày 20 tháng 9 năm 2016 của UBND tỉnh Lạng Sơn"."""
    first_year: int | None = None
    last_year: int | None = None

    @property
    def titled(self) -> str:
        """The name with the document; a plan whose document was not found has its name alone."""
        return f"{self.name} ({self.document})" if self.document else self.name


@dataclass(frozen=True)
class Figure:
    """One number of the running text or of a short list."""

    name: str
    value: int | Decimal | None
    unit: str
    figure_code: str
    decimals: int = 0


@dataclass(frozen=True)
class SizeCount:
    name: str
    """As printed: "siêu nhỏ", "nhỏ", "vừa", "lớn"."""
    facilities: int


@dataclass(frozen=True)
class Introduction:
    """Part I: what the province has. `legal_basis` lists the documents the report stands on."""

    legal_basis: tuple[str, ...]
    facilities: Figure
    by_size: tuple[SizeCount, ...] = ()
    sectors: int | None = None
    areas: int | None = None
    further: tuple[Figure, ...] = ()
    """More figures of the general situation, "cơ sở sử dụng năng lượng trọng điểm: 12 cơ sở"."""
    remarks: tuple[str, ...] = ()
    """Paragraphs the officer wrote himself."""


@dataclass(frozen=True)
class ReportingRow:
    """A facility that was late or has not reported."""

    facility: str
    tax_code: str
    area: str
    sector: str
    submitted: dt.date | None
    """None: has not reported."""
    days_late: int | None = None


@dataclass(frozen=True)
class ReportingStatus:
    """How many facilities reported, and when. on_time + late + missing = required."""

    due: dt.date
    as_of: dt.date
    """Day on which the count was made."""
    required: int
    on_time: int
    late: int
    missing: int
    accepted: int
    with_estimated_months: int
    """Reports in which months of the year are still an estimate."""
    figure_code: str
    held: tuple[str, ...] = ()
    """Facilities whose report waits with a grave doubt: their quantities are in no total."""
    correction_due: dt.date | None = None
    """Day by which estimated months are corrected to actual figures."""
    rows: tuple[ReportingRow, ...] = ()
    """Late ones and missing ones, in the order to print."""


@dataclass(frozen=True)
class TargetRow:
    """A target of the plan and how far the province is. Low = high for a single value, None for open."""

    code: str
    name: str
    unit: str
    """Unit of target and estimate, usually "%"."""
    target_low: Decimal | None
    target_high: Decimal | None
    target_text: str
    """As the plan says it, "90%" or "8–13%"."""
    numerator: int | None
    """Facilities judged *yes*."""
    denominator: int | None
    """Facilities the target speaks of (by the denominator rule)."""
    known: int
    unknown: int
    """known + unknown = denominator; known are those judged yes or no."""
    estimate: Decimal | None
    interval_low: Decimal | None
    interval_high: Decimal | None
    met: Verdict
    gap_facilities: int | None
    """Facilities still wanting until the target is met; 0 when it is met."""
    judging_rule: str
    denominator_rule: str
    figure_code: str
    target_year: int | None = None

    @property
    def is_census(self) -> bool:
        """Every facility is known: the share is counted, not estimated, and has no interval."""
        return not self.unknown and self.interval_low is not None and self.interval_low == self.interval_high

    @property
    def coverage(self) -> Decimal | None:
        """Share of facilities whose state is known, in percent."""
        asked = self.known + self.unknown
        return Decimal(100 * self.known) / asked if asked else None


@dataclass(frozen=True)
class SavingRow:
    """Saving of one resource in one state. Quantities are a year's, in `unit`."""

    state: SavingState
    resource: str
    unit: str
    quantity: Decimal | None
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    facilities: int
    figure_code: str


@dataclass(frozen=True)
class SavingTotal:
    """All resources of one state. `facilities` counts each facility once, so it is not a column sum.

    `applying` is the same of the facilities that apply cleaner production; None where none has a saving, and
    in reports issued before it was kept.
    """

    state: SavingState
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    facilities: int
    figure_code: str
    applying: SavingTotal | None = None


@dataclass(frozen=True)
class SavingFigures:
    """Saving inside one row of a breakdown."""

    vnd: int | None = None
    toe: Decimal | None = None
    co2_t: Decimal | None = None


@dataclass(frozen=True)
class BreakdownRow:
    name: str
    facilities: int
    reported: int
    """Facilities that handed in the year's report."""
    aware: int
    applying: int
    cp_unit: int
    estimated: SavingFigures
    reported_saving: SavingFigures
    verified: SavingFigures
    figure_code: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The province cut by sector, area or size. `total` is given, not summed here."""

    kind: BreakdownKind
    rows: tuple[BreakdownRow, ...]
    total: BreakdownRow
    figure_code: str


@dataclass(frozen=True)
class SolutionRow:
    """One of the eight groups of cleaner production solutions."""

    code: str
    name: str
    solutions: int
    facilities: int
    investment_vnd: int | None
    saving_vnd: int | None
    """Yearly saving as reported or verified by the facilities, see `saving_state`."""
    figure_code: str


@dataclass(frozen=True)
class Solutions:
    """Carried out up to the end of the year; `of_year`: those of the year alone, None in older issued reports."""

    rows: tuple[SolutionRow, ...]
    total: SolutionRow
    of_year: SolutionRow | None = None
    saving_state: SavingState = "estimated"
    filed_as_treatment: int = 0
    """Measures sent in that are not cleaner production (treatment, dilution, recycling off site …)."""


@dataclass(frozen=True)
class ConsumptionRow:
    """Consumption of a resource over the years of `Consumption.years`."""

    resource: str
    unit: str
    by_year: tuple[Decimal | None, ...]
    figure_code: str
    decimals: int = 0
    change_percent: Decimal | None = None
    """Against the year before, over the facilities with records of both years."""


@dataclass(frozen=True)
class Consumption:
    years: tuple[int, ...]
    rows: tuple[ConsumptionRow, ...]
    totals: tuple[ConsumptionRow, ...] = ()
    """TOE and t CO₂ of all resources."""
    last_year_estimated: bool = False
    """The report's year holds estimated months ("ước cả năm")."""
    paired_facilities: int = 0
    """Facilities with energy records of this year and the one before."""
    reporters: ConsumptionRow | None = None
    """How many facilities have energy records of each year; None in reports issued before it was kept."""


@dataclass(frozen=True)
class VoiceRow:
    """A difficulty or a request, as many facilities named it, with some of their own words."""

    name: str
    facilities: int
    figure_code: str
    examples: tuple[str, ...] = ()
    addressee: str = ""
    """To whom a request goes, "UBND tỉnh", "Bộ Công Thương"."""


@dataclass(frozen=True)
class ProvinceReportData:
    """Everything the province's report of a year says."""

    letterhead: OfficialLetterhead
    audience: Audience
    province: str
    """Inside running text, "tỉnh Lạng Sơn"."""
    year: int
    plan: Plan
    introduction: Introduction
    reporting: ReportingStatus
    targets: tuple[TargetRow, ...]
    savings: tuple[SavingRow, ...]
    saving_totals: tuple[SavingTotal, ...]
    breakdowns: tuple[Breakdown, ...]
    solutions: Solutions
    consumption: Consumption
    difficulties: tuple[VoiceRow, ...] = ()
    requests: tuple[VoiceRow, ...] = ()
    next_tasks: tuple[str, ...] = ()
    """The coming year's tasks, each a sentence the officer wrote."""
    proposals: tuple[str, ...] = ()
    """What the issuing body proposes to the addressee, each a sentence."""
    charts: tuple[ChartSpec, ...] = ()
    """Pictures beside the standard ones (which `charts.report_charts` draws from this data)."""
    appendix_tables: tuple[Table, ...] = ()
    """Tables beside the standard appendices (areas, late reporters, lineage)."""
    footnotes: tuple[Footnote, ...] = field(default=())
    baseline_year: int | None = None
    confidence_percent: int = 95
    """Confidence level of all intervals."""
    demo: bool = False
    """Demonstration data: said on every page."""
    draft: bool = True
    """Not issued yet: said on every page."""

    def footnote(self, figure_code: str) -> Footnote | None:
        """Lineage of one figure, or None where none was given."""
        return next((note for note in self.footnotes if note.figure_code == figure_code), None)

    def breakdown(self, kind: BreakdownKind) -> Breakdown | None:
        return next((b for b in self.breakdowns if b.kind == kind), None)
