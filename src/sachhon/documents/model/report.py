"""The whole of a province's report of a year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sachhon.documents.model.official import Footnote, OfficialLetterhead
from sachhon.documents.model.quantities import (
    Breakdown,
    BreakdownKind,
    Consumption,
    SavingRow,
    SavingTotal,
    Solutions,
)
from sachhon.documents.model.standing import Introduction, Plan, ReportingStatus, TargetRow
from sachhon.documents.shapes import ChartSpec, Table

Audience = Literal["peoples_committee", "ministry"]


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
    on_changed_records: tuple[str, ...] = ()
    """Facilities with a saving that was verified on records changed since: it counts as reported, not as verified."""
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
