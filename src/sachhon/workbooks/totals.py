"""Total rows beside the lines above them, whatever units the lines are written in.

A total is a row that says so (`tables`), or one that says nothing but figures: such a row is a total where its
figures are sums of lines above, or where it follows another total. Not here: totals among the columns.
"""

from __future__ import annotations

from decimal import Decimal

from sachhon.reference.units import UnitError, convert
from sachhon.workbooks.reader import Reader
from sachhon.workbooks.readings import agree
from sachhon.workbooks.units import known_unit, unit_in_header
from sachhon.workbooks.values import NumberText, is_nothing, read_number


class Running:
    """Sums of a column by the unit of its lines: since the last total, and of the whole."""

    def __init__(self) -> None:
        self._since: dict[str, Decimal] = {}
        self._whole: dict[str, Decimal] = {}
        self.lines = self.all_lines = 0

    def add(self, value: Decimal, unit: str) -> None:
        """One line; unit : "" where none is written anywhere."""
        for sums in (self._since, self._whole):
            sums[unit] = sums.get(unit, Decimal(0)) + value
        self.lines += 1
        self.all_lines += 1

    def candidates(self, unit: str) -> list[Decimal]:
        """What a total in that unit may say; "" for one that names none, which may be in any unit of the lines."""
        since, whole = self.sums(unit)
        return [*since, *whole]

    def sums(self, unit: str) -> tuple[list[Decimal], list[Decimal]]:
        """(since the last total, of the whole), in the unit or in each one it may be."""
        targets = [unit] if unit else list(self._whole) or [""]
        return [_sum(self._since, target) for target in targets], [
            _sum(self._whole, target) for target in targets
        ]

    def reset(self) -> None:
        """A total was passed."""
        self._since, self.lines = {}, 0


def _sum(sums: dict[str, Decimal], target: str) -> Decimal:
    """The sums in one unit; the plain numbers where they are of different kinds."""
    try:
        return sum(
            (convert(v, unit, target) if unit and target else v for unit, v in sums.items()), Decimal(0)
        )
    except UnitError:
        return sum(sums.values(), Decimal(0))


def line_unit(reader: Reader, row: int, col: int, number: NumberText) -> str:
    """The unit of a figure as it is written, without judging it; "" where none is known."""
    label = reader.value(row, reader.of("label"))
    column = reader.columns[col]
    in_label = unit_in_header(label) if isinstance(label, str) and label else None
    texts = (
        number.unit,
        str(reader.value(row, reader.of("unit"))),
        in_label,
        reader.table.unit(col),
        column.unit,
    )
    return next((unit for text in texts if text and (unit := known_unit(text))), "")


def _own_unit(reader: Reader, row: int, number: NumberText) -> str:
    """The unit that a total row itself names."""
    for text in (number.unit, str(reader.value(row, reader.of("unit")))):
        if text and (unit := known_unit(text)):
            return unit
    return ""


def _stated(reader: Reader, row: int, running: dict[int, Running]) -> dict[int, NumberText]:
    found = {c: read_number(reader.value(row, c), reader.separators(c)) for c in running}
    return {c: number for c, number in found.items() if number}


def check_totals(reader: Reader, row: int, running: dict[int, Running]) -> None:
    """Compare a total row with the lines above: since the last total, or all, or all columns together."""
    label = next(
        (str(v) for c in reader.table.columns if isinstance(v := reader.value(row, c), str) and v), ""
    )
    stated = _stated(reader, row, running)
    for col, number in stated.items():
        unit = _own_unit(reader, row, number)
        candidates = running[col].candidates(unit)
        if len(stated) == 1:
            for part in zip(*(r.sums(unit) for r in running.values()), strict=True):
                candidates += [sum(sums, Decimal(0)) for sums in zip(*part, strict=False)]
        if "binh" not in label.casefold() and "bình" not in label.casefold():
            reader.check_total(label, number.value, candidates, row, col)
    for total in running.values():
        total.reset()


def sums_above(reader: Reader, row: int, running: dict[int, Running]) -> bool:
    """True where every figure of an undated line is the sum of two or more lines above it."""
    stated = _stated(reader, row, running)
    return bool(stated) and all(_is_sum(running[c], n, _own_unit(reader, row, n)) for c, n in stated.items())


def _is_sum(sums: Running, number: NumberText, unit: str) -> bool:
    since, whole = sums.sums(unit)
    likely = [*(since if sums.lines >= 2 else ()), *(whole if sums.all_lines >= 2 else ())]
    return bool(number.value) and any(agree(number.value, each) for each in likely)


def says_only_figures(reader: Reader, row: int, running: dict[int, Running]) -> bool:
    """True for a row behind a total that holds figures and no word or date at all: one more total."""
    after_total = all(r.all_lines and not r.lines for r in running.values())
    others = [c for c in reader.table.columns if c not in running]
    return after_total and bool(others) and all(_is_figure(reader.value(row, c)) for c in others)


def _is_figure(value: object) -> bool:
    return is_nothing(value) or read_number(value) is not None
