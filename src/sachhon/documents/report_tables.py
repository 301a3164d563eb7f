"""The tables of the province's report, one function each: shared by Word, PDF and Excel.

Money is in million VND. The breakdowns come narrow for a portrait page and wide (with TOE and CO₂ by state)
for the landscape appendix and the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sachhon.documents.model import (
    Breakdown,
    BreakdownRow,
    ProvinceReportData,
    SavingFigures,
    SavingState,
    VoiceRow,
)
from sachhon.documents.numbers import format_interval, round_half_up, sensible_decimals
from sachhon.documents.shapes import Cell, Column, Lang, Table
from sachhon.documents.texts import words

_THOUSAND_MILLION = 1_000_000_000
NAMED = 6  # facilities in a note; of more there are
STATES: tuple[SavingState, ...] = ("verified", "reported", "estimated")


def reporting_table(data: ProvinceReportData, lang: Lang) -> Table:
    say, status = words(lang), data.reporting
    counts = {
        "required": status.required,
        "on_time": status.on_time,
        "late": status.late,
        "missing": status.missing,
        "accepted": status.accepted,
        "estimated": status.with_estimated_months,
    }
    return Table(
        "reporting",
        say("table.reporting", year=data.year),
        (
            Column(say("col.item"), width=6),
            Column(say("col.count"), "integer", width=2),
            Column(say("col.share"), "percent", "%", width=2),
        ),
        tuple((say(f"row.{key}"), count, share(count, status.required)) for key, count in counts.items()),
        figure_codes=(status.figure_code,),
    )


def targets_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    return Table(
        "targets",
        say("table.targets", year=data.year),
        (
            Column(say("col.target"), width=4.1),
            Column(say("col.plan_value"), width=1.4),
            Column(say("col.numerator"), "integer", width=1.15),
            Column(say("col.denominator"), "integer", width=1.2),
            Column(say("col.unknown"), "integer", width=1.5),
            Column(say("col.estimate"), "percent", "%", width=1.6),
            Column(say("col.interval", level=data.confidence_percent), width=2.15),
            Column(say("col.verdict"), width=1.8),
            Column(say("col.gap"), "integer", width=1.1),
        ),
        tuple(
            (
                t.name,
                t.target_text,
                t.numerator,
                t.denominator,
                t.unknown,
                t.estimate,
                say("interval.census")
                if t.is_census
                else format_interval(t.interval_low, t.interval_high, lang, unit=t.unit),
                say(f"verdict.{t.met}"),
                t.gap_facilities,
            )
            for t in data.targets
        ),
        note=say("note.gap"),
        figure_codes=tuple(t.figure_code for t in data.targets),
    )


def rules_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    return Table(
        "rules",
        say("table.rules"),
        (
            Column(say("col.target"), width=3),
            Column(say("col.numerator_rule"), width=5),
            Column(say("col.denominator_rule"), width=4),
            Column(say("col.known"), "integer", width=0.9),
            Column(say("col.unknown"), "integer", width=0.9),
            Column(say("col.coverage"), "percent", "%", width=1.1),
        ),
        tuple(
            (t.name, t.judging_rule, t.denominator_rule, t.known, t.unknown, t.coverage) for t in data.targets
        ),
        figure_codes=tuple(t.figure_code for t in data.targets),
    )


def solutions_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    every = (*data.solutions.rows, data.solutions.total)
    rows = [
        (r.name, r.solutions, r.facilities, million(r.investment_vnd), million(r.saving_vnd)) for r in every
    ]
    money = say("unit.million_vnd")
    decimals = _money_decimals(vnd for r in every for vnd in (r.investment_vnd, r.saving_vnd))
    return Table(
        "solutions",
        say("table.solutions"),
        (
            Column(say("col.group"), width=5),
            Column(say("col.solutions"), "integer", width=1.5),
            Column(say("col.count"), "integer", width=1.5),
            _money_column(say("col.investment"), money, decimals, 2),
            _money_column(say("col.yearly_saving"), money, decimals, 2.2),
        ),
        tuple(rows[:-1]),
        total=(say("export.total"), *rows[-1][1:]),
        note=say("note.solutions", state=say(f"state.{data.solutions.saving_state}").lower())
        + (" " + say("note.closed") if any(r.closed for r in every) else ""),
        figure_codes=tuple(r.figure_code for r in every),
    )


def savings_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    rows: list[tuple[Cell, ...]] = []
    codes: list[str] = []
    strong: list[int] = []
    for state in STATES:
        name = say(f"state.{state}")
        for row in (r for r in data.savings if r.state == state):
            money = million(row.vnd)
            rows.append(
                (name, row.resource, row.unit, row.quantity, money, row.toe, row.co2_t, row.facilities)
            )
            codes.append(row.figure_code)
        for sum_ in (t for t in data.saving_totals if t.state == state):
            strong.append(len(rows))
            rows.append(
                (name, say("row.subtotal"), "", "", million(sum_.vnd), sum_.toe, sum_.co2_t, sum_.facilities)
            )
            codes.append(sum_.figure_code)
    return Table(
        "savings",
        say("table.savings", year=data.year),
        (
            Column(say("col.state"), width=2.3),
            Column(say("col.resource"), width=2.3),
            Column(say("col.unit"), width=1.5),
            Column(say("col.quantity"), "quantity", width=1.7),
            _money_column(
                say("col.saving"),
                say("unit.million_vnd"),
                _money_decimals(t.vnd for t in data.saving_totals),
                1.7,
            ),
            Column(say("col.toe"), "number", decimals=1, width=1.4),
            Column(say("col.co2"), "number", say("unit.tonne"), 1, width=1.5),
            Column(say("col.count"), "integer", width=1.1),
        ),
        tuple(rows),
        note=f"{say('note.states')} {say('note.facilities_once')}"
        + (" " + say("note.closed") if any(r.closed for r in (*data.savings, *data.saving_totals)) else "")
        + (" " + _changed(data.on_changed_records, lang) if data.on_changed_records else ""),
        figure_codes=tuple(codes),
        strong_rows=tuple(strong),
    )


def _changed(names: Sequence[str], lang: Lang) -> str:
    """What of the verified savings counts as reported, since its records are other ones now."""
    more = "; …" if len(names) > NAMED else ""
    return words(lang)("note.changed", names="; ".join(names[:NAMED]) + more)


def breakdown_table(breakdown: Breakdown, lang: Lang, *, wide: bool = False, named: bool = False) -> Table:
    """`wide` adds TOE and CO₂ to the money of each state; `named` repeats the state in their heads."""
    say = words(lang)
    money = say("unit.million_vnd")
    counts = [
        Column(say(f"col.{key}"), "integer", width=1.15)
        for key in ("facilities", "reports", "aware", "applying", "cp_unit")
    ]
    every = (*breakdown.rows, breakdown.total)
    savings = []
    shown: list[SavingState] = [
        s for s in STATES if s != "verified" or any(_saved(r, s) != SavingFigures() for r in every)
    ]
    decimals = _money_decimals(_saved(r, state).vnd for r in every for state in shown)
    for state in shown:
        title = say(f"state.{state}" if wide else f"col.money.{state}")
        savings.append(_money_column(title, money, decimals, 1.75))
        if wide:
            of_state = f"{title}, " if named else ""
            savings.append(Column(f"{of_state}TOE", "number", decimals=1, width=1.4))
            savings.append(Column(f"{of_state}CO₂", "number", say("unit.tonne"), 1, width=1.4))
    cells = [_breakdown_cells(r, wide, shown) for r in every]
    notes = [say("note.states_wide")] if wide else []
    if len(shown) < len(STATES):
        notes.append(say("note.no_verified"))
    if any(_saved(r, state).closed for r in every for state in shown):
        notes.append(say("note.closed"))
    own = tuple(r.figure_code for r in every)
    return Table(
        f"by-{breakdown.kind}",
        say(f"table.breakdown.{breakdown.kind}"),
        (Column(say(f"col.{breakdown.kind}"), width=3.4), *counts, *savings),
        tuple(cells[:-1]),
        total=(say("export.total"), *cells[-1][1:]),
        note=" ".join(notes),
        figure_codes=own if all(own) else (breakdown.figure_code,),
    )


def consumption_table(data: ProvinceReportData, lang: Lang) -> Table:
    say, used = words(lang), data.consumption
    rows = (*used.rows, *used.totals, *([used.reporters] if used.reporters else []))
    years = [str(year) for year in used.years]
    if used.last_year_estimated:
        years[-1] += f" {say('chart.estimated_year')}"
    notes = [say("note.last_year", year=used.years[-1])] if used.last_year_estimated else []
    # Reports issued before the basis was kept do not have it.
    basis = any(r.accepted_percent is not None for r in rows)
    if basis:
        notes.append(say("note.basis", year=used.years[-1]))
    return Table(
        "consumption",
        say("table.consumption"),
        (
            Column(say("col.resource"), width=3),
            Column(say("col.unit"), width=1.3),
            *(Column(name, "quantity", width=1.8) for name in years),
            *([Column(say("col.accepted", year=used.years[-1]), "percent", "%", width=1.5)] if basis else []),
        ),
        tuple(
            (r.resource, r.unit, *_of_one_kind(r.by_year), *([r.accepted_percent] if basis else []))
            for r in rows
        ),
        note=" ".join(notes),
        figure_codes=tuple(r.figure_code for r in rows),
        strong_rows=tuple(range(len(used.rows), len(used.rows) + len(used.totals))),
    )


def voices_table(kind: str, rows: tuple[VoiceRow, ...], lang: Lang) -> Table:
    """`kind` is "difficulties" or "requests"; requests name who can grant them."""
    say = words(lang)
    asking = kind == "requests"
    columns = [Column(say("col.request" if asking else "col.difficulty"), width=3.4)]
    addressed = asking and any(row.addressee for row in rows)
    quoted = any(row.examples for row in rows)
    if addressed:
        columns.append(Column(say("col.addressee"), width=1.8))
    columns.append(Column(say("col.count"), "integer", width=1))
    if quoted:
        columns.append(Column(say("col.examples"), width=5))
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        cell: list[Cell] = [row.name.rstrip(".")]
        if addressed:
            cell.append(row.addressee or None)
        cell.append(row.facilities)
        if quoted:
            cell.append("; ".join(f"“{e}”" for e in row.examples) or None)
        cells.append(tuple(cell))
    return Table(
        kind,
        say(f"table.{kind}"),
        tuple(columns),
        tuple(cells),
        note=say("note.own_words"),
        figure_codes=tuple(r.figure_code for r in rows),
    )


def late_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    return Table(
        "late",
        say("table.late", year=data.year),
        (
            Column(say("col.facility"), width=4.5),
            Column(say("col.tax_code"), width=1.7),
            Column(say("col.area"), width=2.4),
            Column(say("col.sector"), width=2.8),
            Column(say("col.status"), width=1.5),
            Column(say("col.submitted"), "date", width=1.5),
            Column(say("col.days_late"), "integer", width=1),
        ),
        tuple(
            (
                r.facility,
                r.tax_code,
                r.area,
                r.sector,
                say("row.late_state" if r.submitted else "row.missing_state"),
                r.submitted,
                r.days_late,
            )
            for r in data.reporting.rows
        ),
        figure_codes=(data.reporting.figure_code,),
    )


def _of_one_kind(values: Sequence[Decimal | None]) -> tuple[Decimal | None, ...]:
    """Numbers of one row with the same digits after the comma."""
    decimals = sensible_decimals(*values)
    return tuple(None if v is None else round_half_up(v, decimals) for v in values)


def million(vnd: int | None) -> Decimal | None:
    return None if vnd is None else Decimal(vnd).scaleb(-6)


def share(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part) / whole if whole else None


def _money_decimals(amounts: Iterable[int | None]) -> int:
    """Of all money of a table, in millions: none once a figure reaches a thousand million, else one."""
    return 0 if any(abs(vnd) >= _THOUSAND_MILLION for vnd in amounts if vnd is not None) else 1


def _money_column(title: str, unit: str, decimals: int, width: float) -> Column:
    return Column(title, "number", unit, decimals, width)


def _saved(row: BreakdownRow, state: SavingState) -> SavingFigures:
    return {"verified": row.verified, "reported": row.reported_saving, "estimated": row.estimated}[state]


def _breakdown_cells(row: BreakdownRow, wide: bool, states: Sequence[SavingState]) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.name, row.facilities, row.reported, row.aware, row.applying, row.cp_unit]
    for state in states:
        saved = _saved(row, state)
        cells.append(million(saved.vnd))
        if wide:
            cells += [saved.toe, saved.co2_t]
    return tuple(cells)
