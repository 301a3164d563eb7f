"""What comes out of a table of figures: readings by month, and totals checked.

A reading's ``period`` is ``"2025-03"``; for figures given only so, ``"2025-Q1"``, ``"2025-H1"`` or
``"2025"``. ``origins`` name the cells it came from; long runs are given as ranges ("B5:B1489").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from sachhon.workbooks.addresses import column_letters
from sachhon.workbooks.dates import Period, month_code
from sachhon.workbooks.profile import Flow
from sachhon.workbooks.values import fold

Source = Literal["meter", "invoice", "ledger", "report", "estimate"]
Origin = tuple[str, str]


@dataclass(frozen=True)
class Reading:
    """One figure for one period. ``resource`` is a code of the reference, None for a product.

    ``complete`` is False when the file covers only a part of the month (the first or last bill, a meter's export
    with gaps).
    """

    flow: Flow
    label: str
    resource: str | None
    period: str
    quantity: Decimal
    unit: str
    cost_vnd: int | None
    source: Source
    estimated: bool
    origins: tuple[Origin, ...]
    complete: bool = True


@dataclass(frozen=True)
class Total:
    """A total written in the file beside what its lines add up to."""

    label: str
    stated: Decimal
    computed: Decimal
    sheet: str
    cell: str

    @property
    def agrees(self) -> bool:
        return agree(self.stated, self.computed)


def agree(stated: Decimal, computed: Decimal) -> bool:
    """Equal within the rounding of hand-kept books: one unit of the last digit written, or 0.01 %."""
    exponent = stated.normalize().as_tuple().exponent
    last_digit = Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0))
    return abs(stated - computed) <= max(last_digit, abs(computed) / 10000)


def period_code(period: Period) -> str | None:
    """The code of a period kept as such; None for odd spans, which must be spread."""
    first, last = period.first, period.last
    if first == last or period.month:
        return month_code(first)
    if (
        first.year != last.year
        or first.day != 1
        or (last.month < 12 and date(last.year, last.month + 1, 1).toordinal() != last.toordinal() + 1)
    ):
        return None
    months = (first.month, last.month)
    if months == (1, 12):
        return f"{first.year}"
    if months[1] - months[0] == 2 and first.month % 3 == 1:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if months in ((1, 6), (7, 12)):
        return f"{first.year}-H{1 if first.month == 1 else 2}"
    return None


class Collector:
    """Adds amounts up to one reading a flow, thing, unit and period; keeps the first spelling of a name."""

    def __init__(self) -> None:
        self._sums: dict[tuple[Flow, str, str, str], _Sum] = {}

    def add(
        self,
        flow: Flow,
        label: str,
        resource: str | None,
        period: str,
        quantity: Decimal,
        unit: str,
        source: Source,
        cells: list[tuple[int, int]],
        estimated: bool = False,
        cost: int | None = None,
        lacks: bool = False,
    ) -> None:
        """Count one amount in; ``cells`` are the 0-based places it was read from.

        estimated : the file says so; lacks : a part of the period is missing, so that the amount is too small.
        """
        key: tuple[Flow, str, str, str] = (flow, resource or fold(label), unit, period)
        total = self._sums.get(key)
        if total is None:
            total = self._sums[key] = _Sum(label, resource, source)
        total.quantity += quantity
        total.estimated |= estimated
        total.lacks |= lacks
        total.cells += cells
        if cost is not None:
            total.cost = (total.cost or 0) + cost

    def readings(self, sheet: str) -> list[Reading]:
        """The readings, in order of first appearance of each thing, then by period."""
        order = {key[:3]: i for i, key in reversed(list(enumerate(self._sums)))}
        keys = sorted(self._sums, key=lambda key: (order[key[:3]], key[3]))
        return [self._sums[key].reading(key, sheet) for key in keys]


@dataclass
class _Sum:
    label: str
    resource: str | None
    source: Source
    quantity: Decimal = Decimal(0)
    cost: int | None = None
    estimated: bool = False
    lacks: bool = False
    cells: list[tuple[int, int]] = field(default_factory=list)

    def reading(self, key: tuple[Flow, str, str, str], sheet: str) -> Reading:
        flow, _, unit, period = key
        source: Source = "estimate" if self.estimated else self.source
        origins = tuple((sheet, address) for address in addresses(self.cells))
        return Reading(
            flow,
            self.label,
            self.resource,
            period,
            plain(self.quantity),
            unit,
            self.cost,
            source,
            self.estimated or self.lacks,
            origins,
            complete=not self.lacks,
        )


def plain(value: Decimal) -> Decimal:
    """The number without trailing zeros and without an exponent."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


def addresses(cells: list[tuple[int, int]]) -> list[str]:
    """Cell addresses in order; runs of more than three down one column become a range."""
    found: list[str] = []
    by_column = sorted(set(cells), key=lambda cell: (cell[1], cell[0]))
    run: list[tuple[int, int]] = []
    for cell in [*by_column, (-9, -9)]:
        if run and cell != (run[-1][0] + 1, run[-1][1]):
            names = [f"{column_letters(col)}{row + 1}" for row, col in run]
            found += [f"{names[0]}:{names[-1]}"] if len(names) > 3 else names
            run = []
        run.append(cell)
    return found
