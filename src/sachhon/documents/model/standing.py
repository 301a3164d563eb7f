"""Where the province stands: its plan, its facilities, who reported, how far each target is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Verdict = Literal["yes", "no", "unclear"]


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
    held_records: tuple[str, ...] = ()
    """Facilities whose bills or ledgers, without a report, wait with one: their quantities are in no total either."""
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
    in_mean: int | None = None
    """For a mean saving: facilities whose figures stand in the estimate; None for a share of facilities."""

    @property
    def is_census(self) -> bool:
        """Every facility is in the estimate: it is counted, not estimated, and has no interval."""
        everybody = not self.unknown if self.in_mean is None else self.in_mean == self.denominator
        return everybody and self.interval_low is not None and self.interval_low == self.interval_high

    @property
    def coverage(self) -> Decimal | None:
        """Share of facilities that stand behind the estimate, in percent."""
        asked, behind = self.known + self.unknown, self.known if self.in_mean is None else self.in_mean
        return Decimal(100 * behind) / asked if asked else None
