"""Read a long table: a line a day, month or thing, with one or more columns of figures.

With in, out and stock columns what went out is the consumption, and the stock is checked line by line.
A line without a date belongs to the date above it (with a warning), unless its figures are the sum of the
lines above: then it is a total. Without any date column the sheet's title gives the period.
"""

from __future__ import annotations

from decimal import Decimal

from sachhon.workbooks.reader import Reader, Thing
from sachhon.workbooks.readings import agree, period_code
from sachhon.workbooks.spread import spread
from sachhon.workbooks.titles import title_period
from sachhon.workbooks.totals import Running, check_totals, line_unit, says_only_figures, sums_above
from sachhon.workbooks.units import known_unit, money
from sachhon.workbooks.values import Period, is_nothing, read_number

_STOCK_TOLERANCE = Decimal("0.06")


def read_ledger(reader: Reader) -> None:
    """Collect the table's figures by period."""
    figures = reader.all_of("out") or reader.all_of("quantity")
    if not figures and reader.of("reading") is not None and reader.of("reading_old") is not None:
        _read_pairs(reader)
        return
    running = {col: Running() for col in figures}
    date_col, label_col = reader.of("date"), reader.of("label")
    fixed = None if date_col is not None else title_period(reader.sheet, reader.table.titles, reader.year)
    if date_col is None and fixed is None:
        reader.problem("error", "date_missing", reader.table.body, reader.table.left)
        return
    covered = _covered_months(reader, date_col)
    period, label = fixed, ""
    lines = iter([*reader.rows, *reader.table.totals])
    for row in sorted(lines):
        if row in reader.table.totals:
            check_totals(reader, row, running)
            continue
        if all(reader.value(row, c) == "" for c in reader.all_of("quantity", "out", "in", "stock")):
            continue
        if date_col is not None and not is_nothing(reader.value(row, date_col)):
            own = reader.period(row, date_col)
            if own is None:
                continue
            if _is_sum_of_months(own, covered):
                check_totals(reader, row, running)
                continue
            period = own
        elif date_col is not None:
            if sums_above(reader, row, running):
                reader.problem("info", "total_detected", row, figures[0])
                continue
            if says_only_figures(reader, row, running):
                check_totals(reader, row, running)
                continue
            if not any(read_number(reader.value(row, c)) for c in figures):
                continue
            if period is None:
                reader.problem("error", "date_missing", row, date_col)
                continue
            if not _merged_above(reader, row, date_col):
                reader.problem("warning", "date_carried", row, date_col, period=period.first.isoformat())
        if label_col is not None and not is_nothing(reader.value(row, label_col)):
            label = str(reader.value(row, label_col)).strip()
        if word := reader.faulty(row):
            reader.problem("warning", "status_error", row, reader.of("status"), word=word)
            continue
        assert period is not None
        _read_line(reader, row, figures, period, label, running)
    if reader.of("stock") is not None:
        _check_stock(reader)


def _read_line(
    reader: Reader, row: int, figures: list[int], period: Period, label: str, running: dict[int, Running]
) -> None:
    word = reader.estimated(row)
    used = False
    for col in figures:
        number = read_number(reader.value(row, col), reader.separators(col))
        if number:
            running[col].add(number.value, line_unit(reader, row, col, number))
        if (
            is_nothing(reader.value(row, col))
            and len(figures) > 1
            and not str(reader.value(row, col)).strip()
        ):
            continue
        unit_text = str(reader.value(row, reader.of("unit")))
        if money(Decimal(1), unit_text) is not None:
            if not reader.solution_money(row, col, label, unit_text, period):
                reader.problem("warning", "line_skipped", row, reader.of("label"), label=label)
            continue
        thing = reader.thing(row, col, at=label)
        if thing is None:
            continue
        found = reader.quantity(row, col, thing, required=len(figures) == 1 and reader.of("out") is None)
        if found is None:
            continue
        amount, unit, approximate = found
        cost = reader.cost(row, _cost_column(reader, figures, col))
        estimated = bool(word) or approximate
        cells = [(row, col)]
        _place(reader, thing, period, amount, unit, cells, estimated, cost)
        used = True
    if used:
        reader.count("lines")
        if word:
            reader.problem("warning", "estimated", row, figures[0], word=word)


def _cost_column(reader: Reader, figures: list[int], col: int) -> int | None:
    """The money that belongs to a figure: by the resource it names, else the next column to its right."""
    costs = reader.all_of("cost")
    named = next(
        (c for c in costs if (of := reader.columns[c].resource) and of == reader.columns[col].resource), None
    )
    if named is not None or not costs:
        return named
    right = min((f for f in figures if f > col), default=10**6)
    free = [c for c in costs if reader.columns[c].resource is None]
    return next((c for c in free if col < c < right), free[0] if len(figures) == 1 and free else None)


def _place(
    reader: Reader,
    thing: Thing,
    period: Period,
    amount: Decimal,
    unit: str,
    cells: list[tuple[int, int]],
    estimated: bool,
    cost: int | None,
) -> None:
    """Into its month, quarter or year; a span across months is spread over its days."""
    code = period_code(period)
    if code:
        reader.add(thing, code, amount, unit, cells, estimated=estimated, cost=cost)
        return
    costs = spread(Decimal(cost), period.first, period.last, Decimal(1)) if cost is not None else {}
    for month, part in spread(amount, period.first, period.last).items():
        share = int(costs[month]) if costs else None
        reader.add(thing, month, part, unit, cells, estimated=estimated, cost=share)


def _read_pairs(reader: Reader) -> None:
    """Old and new reading on each line: what lies between, times the meter's factor, was used."""
    old, new = reader.of("reading_old"), reader.of("reading")
    factor_col, date_col = reader.of("multiplier"), reader.of("date")
    assert old is not None
    assert new is not None
    fixed = None if date_col is not None else title_period(reader.sheet, reader.table.titles, reader.year)
    for row in reader.rows:
        period = fixed if date_col is None else reader.period(row, date_col)
        before, after = reader.number(row, old), reader.number(row, new)
        if period is None or before is None or after is None:
            continue
        factor = reader.number(row, factor_col) if factor_col is not None else None
        used = (after.value - before.value) * (factor.value if factor else Decimal(1))
        if used < 0:
            reader.problem("error", "meter_backwards", row, new, before=before.value, after=after.value)
            continue
        thing = reader.thing(row, new)
        unit = reader.unit(row, new, after)
        if thing is None or unit is None:
            continue
        converted = reader.in_canonical(used, unit, thing, row, new)
        if converted is None:
            continue
        amount, target = converted
        word = reader.estimated(row)
        cost = reader.cost(row, reader.of("cost"))
        code = period_code(period)
        if code is None:
            _place(reader, thing, period, amount, target, [(row, old), (row, new)], bool(word), cost)
        else:
            reader.add(
                thing,
                code,
                amount,
                target,
                [(row, old), (row, new)],
                source="meter",
                estimated=bool(word),
                cost=cost,
            )
        reader.count("lines")


def _covered_months(reader: Reader, date_col: int | None) -> set[str]:
    if date_col is None:
        return set()
    periods = (reader.peek_period(row, date_col) for row in reader.rows[:400])
    return {p.month for p in periods if p and p.month}


def _is_sum_of_months(period: Period, months: set[str]) -> bool:
    """A quarter or year line among lines of months is their total."""
    return period.days > 31 and any(
        f"{period.first:%Y-%m}" <= month <= f"{period.last:%Y-%m}" for month in months
    )


def _merged_above(reader: Reader, row: int, col: int) -> bool:
    return any(a[0] < row <= b[0] and a[1] <= col <= b[1] for a, b in reader.sheet.merged)


def _check_stock(reader: Reader) -> None:
    """Stock before plus in minus out must be the stock written; each break is told once.

    The stock before is the line's own opening stock, else that of the line above of the same thing.
    """
    stock, came, went = reader.of("stock"), reader.of("in"), reader.of("out")
    opening = reader.of("stock_open")
    if (
        len({known_unit(str(reader.value(r, reader.of("unit")))) for r in reader.rows} - {None}) > 1
        and opening is None
    ):
        return  # kg beside tonnes: the plain numbers of neighbouring lines do not add up
    last: dict[str, Decimal] = {}
    for row in reader.rows:
        label = str(reader.value(row, reader.of("label")))
        now = read_number(reader.value(row, stock), reader.separators(stock)) if stock is not None else None
        if now is None:
            continue
        moves = [
            n.value
            if c is not None and (n := read_number(reader.value(row, c), reader.separators(c)))
            else Decimal(0)
            for c in (came, went)
        ]
        before = last.get(label)
        if opening is not None:
            own = read_number(reader.value(row, opening), reader.separators(opening))
            before = own.value if own else None
        if before is not None:
            computed = before + moves[0] - moves[1]
            if abs(computed - now.value) > _STOCK_TOLERANCE and not agree(now.value, computed):
                reader.problem("warning", "stock_mismatch", row, stock, stated=now.value, computed=computed)
        last[label] = now.value
