"""Read a table with periods across: each line a product or resource, each column a month, quarter or year.

Columns of totals, and quarters beside their months, are only compared. A line with a name and no figures
opens a section ("II. Nguyên liệu") whose flow holds for the lines below it.
"""

from __future__ import annotations

from decimal import Decimal

from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.profile import Flow
from sachhon.workbooks.reader import Reader, Thing
from sachhon.workbooks.readings import period_code
from sachhon.workbooks.units import known_unit, resource_in
from sachhon.workbooks.values import Period, is_nothing, parse_period, read_number
from sachhon.workbooks.vocabulary import has_word, words_of


def read_crosstab(reader: Reader) -> None:
    """Collect the table's cells by line and period."""
    periods = _periods(reader)
    figures = [c for c in reader.all_of("quantity") if c in periods]
    costs = {periods[c]: c for c in reader.all_of("cost") if c in periods}
    if not figures:
        reader.problem("error", "header_missing")
        return
    label_col = reader.of("label")
    section: Flow | None = None
    label = ""
    sums: dict[int, Decimal] = {}
    for row in sorted([*reader.rows, *reader.table.totals]):
        if row in reader.table.totals:
            _check_line_of_totals(reader, row, figures, sums)
            continue
        text = str(reader.value(row, label_col) or "").strip() if label_col is not None else ""
        filled = [c for c in figures if kind_of(reader.value(row, c)) != "empty"]
        if not filled:
            section = _section(text) or section
            continue
        label = text or label
        word = reader.estimated(row)
        if _is_money(reader, row):
            _read_cost_line(reader, row, figures, periods, label, section)
            continue
        thing = reader.thing(row, figures[0], section, at=label)
        if thing is None:
            continue
        line = Decimal(0)
        for col in figures:
            number = read_number(reader.value(row, col), reader.separators(col))
            if number:
                sums[col] = sums.get(col, Decimal(0)) + number.value
                line += number.value
            if kind_of(reader.value(row, col)) == "empty":
                continue
            found = reader.quantity(row, col, thing)
            if found is None:
                continue
            amount, unit, approximate = found
            period = periods[col]
            cost = reader.cost(row, costs.get(period))
            code = period_code(period)
            if code is None:
                reader.problem(
                    "error", "date_unreadable", reader.table.body - 1, col, value=reader.table.header(col)
                )
                continue
            reader.add(
                thing, code, amount, unit, [(row, col)],                 estimated=bool(word) or approximate, cost=cost,
            )  # fmt: skip
        reader.count("lines")
        if word:
            reader.problem("warning", "estimated", row, figures[0], word=word)
        _check_columns_of_totals(reader, row, label, line, periods)


def _periods(reader: Reader) -> dict[int, Period]:
    """The period of each column; quarters and years that contain months of the table are left out."""
    found: dict[int, Period] = {}
    for col in reader.table.columns:
        if col not in reader.columns or reader.columns[col].role not in ("quantity", "cost"):
            continue
        parts = reader.table.header(col).split(" / ")
        year = next((p.first.year for t in parts if (p := parse_period(t)) and p.days > 300), reader.year)
        options = [p for t in parts if (p := parse_period(t, year)) or (p := _bare_month(t, year))]
        if options:
            found[col] = min(options, key=lambda p: p.days)
    if not found and reader.year is None:
        reader.problem("error", "year_missing")
    months = [p for p in found.values() if p.days <= 31]
    return {
        c: p
        for c, p in found.items()
        if p.days <= 31 or not any(p.first <= m.first and m.last <= p.last for m in months)
    }


def _bare_month(text: str, year: int | None) -> Period | None:
    number = read_number(text)
    if number and year and number.value in range(1, 13):
        return parse_period(f"T{int(number.value)}", year)
    return None


def _section(text: str) -> Flow | None:
    for flow in ("output", "waste", "consumption"):
        if has_word(text, words_of(flow)):
            return flow  # type: ignore[return-value]
    return None


def _is_money(reader: Reader, row: int) -> bool:
    """A line in đồng is the cost of something, not a quantity."""
    unit = known_unit(str(reader.value(row, reader.of("unit")) or ""))
    return unit is not None and unit.endswith("VND")


def _read_cost_line(
    reader: Reader, row: int, figures: list[int], periods: dict[int, Period], label: str, section: Flow | None
) -> None:
    """ "Tiền điện | triệu đồng | …": money for the resource the label names."""
    unit = str(reader.value(row, reader.of("unit")))
    kept = [reader.solution_money(row, c, label, unit, periods[c]) for c in figures]
    if any(kept):
        return
    bare = label.lower().replace("tiền", "").replace("chi phí", "").strip(" :-")
    resource = resource_in(bare)
    if resource is None:
        reader.problem("warning", "line_skipped", row, reader.of("label"), label=label)
        return
    thing = Thing(section or "consumption", resource.name_vi, resource.code)
    for col in figures:
        amount = reader.money(row, col, unit)
        code = period_code(periods[col])
        if amount is not None and code:
            reader.add(thing, code, Decimal(0), resource.unit, [(row, col)], cost=amount)


def _check_columns_of_totals(
    reader: Reader, row: int, label: str, line: Decimal, periods: dict[int, Period]
) -> None:
    for col in reader.all_of("total"):
        number = read_number(reader.value(row, col), reader.separators(col))
        if number and col not in periods:
            reader.check_total(label, number.value, [line], row, col)


def _check_line_of_totals(reader: Reader, row: int, figures: list[int], sums: dict[int, Decimal]) -> None:
    """A line of totals over unlike things (tonnes and pieces) agrees with nothing and is not reported."""
    units = {
        known_unit(str(reader.value(r, reader.of("unit")) or ""))
        for r in reader.rows
        if not is_nothing(reader.value(r, reader.of("unit")))
    }
    if len(units) > 1:
        return
    for col in figures:
        number = read_number(reader.value(row, col), reader.separators(col))
        if number and col in sums:
            reader.check_total(reader.table.header(col), number.value, [sums[col]], row, col)
