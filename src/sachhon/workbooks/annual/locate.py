"""Find the report in a sheet: labels with their values, and tables by the words of their heads.

Nothing is looked for at a fixed place: columns and rows may have moved, heads may stand over two rows,
several tables may stand on one sheet. What the cells say is read elsewhere (`cells`, `read_lines` …).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sachhon.workbooks.annual.vocabulary import (
    FieldHit,
    Role,
    column_role,
    field_of,
    is_aside,
    is_example,
    is_title,
    is_total_row,
    is_whole_head,
    meaning_of,
    section_of,
)
from sachhon.workbooks.grid import Sheet

Part = Literal["lines", "solutions", "remarks"]
Spot = tuple[str, int]

_NAMES = ("name", "solution_name", "difficulty", "request")
_FEWEST_MONTHS = 3
_DATES = frozenset({dt.date, dt.datetime})
_LONGEST_TITLE = 80


class FoundField(NamedTuple):
    """A label and the cell that answers it; `value` is "" where the cell is blank."""

    hit: FieldHit
    value: Any
    row: int
    column: int
    beside: str = ""
    """The text right of the value, which may be a unit."""


@dataclass(frozen=True)
class FoundTable:
    """A table: its part of the report, the column of each (role, number), the rows that hold data."""

    part: Part
    section: str | None
    columns: dict[Spot, int]
    roles: dict[Spot, Role]
    months: tuple[tuple[int, int], ...]
    """(month, column), in the order of the columns."""
    twice: tuple[tuple[int, int], ...]
    """Months that have a second column, with that column."""
    head: int
    rows: tuple[int, ...]

    def column(self, key: str, number: int = 0) -> int | None:
        return self.columns.get((key, number))


@dataclass(frozen=True)
class Survey:
    """All that was found in a sheet."""

    sheet: Sheet
    fields: tuple[FoundField, ...]
    tables: tuple[FoundTable, ...]


def survey(sheet: Sheet) -> Survey:
    """Read a sheet from the top: heads open tables, labels give fields, other texts may be titles."""
    rows = sheet.rows
    fields: list[FoundField] = []
    tables: list[FoundTable] = []
    title: str | None = None
    row = 0
    while row < len(rows):
        texts = [
            (column, value) for column, value in enumerate(rows[row]) if value.__class__ is str and value
        ]
        if not texts:
            row += 1
            continue
        found: list[FoundField] = []
        heard = [(column, meaning) for column, text in texts if (meaning := meaning_of(text)) is not None]
        if heard:
            roles = {column: role for column, (role, _) in heard if role is not None}
            head = _head(rows, row, texts, roles) if roles else None
            if head is not None:
                columns, body = head
                table, row = _table(sheet, row, body, columns, title)
                if table is not None:
                    tables.append(table)
                continue
            found = _fields(rows[row], row, [(column, hit) for column, (_, hit) in heard if hit is not None])
            fields += found
        if not found and len(texts[0][1]) < _LONGEST_TITLE:
            title = section_of(texts[0][1]) or title
        row += 1
    return Survey(sheet, tuple(fields), tuple(tables))


def _fields(cells: list[Any], row: int, labels: list[tuple[int, FieldHit]]) -> list[FoundField]:
    """The labels of a row, each with the first cell to its right that is no hint and no other label."""
    found = []
    for at, (column, hit) in enumerate(labels):
        if hit.inline:
            found.append(FoundField(hit, hit.inline, row, column))
            continue
        end = labels[at + 1][0] if at + 1 < len(labels) else len(cells)
        value, place, beside = "", column + 1, ""
        for other in range(column + 1, end):
            cell = cells[other]
            if cell == "":
                continue
            if value != "":
                beside = cell if isinstance(cell, str) else ""
                break
            if isinstance(cell, str) and is_aside(cell):
                break
            value, place = cell, other
        found.append(FoundField(hit, value, row, place, beside))
    return found


def _head(
    rows: list[list[Any]], row: int, texts: list[tuple[int, str]], roles: dict[int, Role]
) -> tuple[dict[int, Role], int] | None:
    """The roles by column of a head that begins in this row, and the first row under it; `roles`: of its texts."""
    keys = {role.key for role in roles.values()}
    named = any(key in keys for key in _NAMES)
    if len(texts) == 1:
        lone = next(iter(roles.values()))
        whole = lone.key in ("difficulty", "request") and is_whole_head(texts[0][1])
        return (roles, row + 1) if whole else None
    months = _month_dates(rows[row]) if not named or "month" not in keys else {}
    if len(months) >= _FEWEST_MONTHS:
        roles |= months
    count = sum(role.key == "month" for role in roles.values())
    if not (named and len(roles) >= 2) and not (count >= _FEWEST_MONTHS and len(texts) > len(roles) - count):
        return None
    body = row + 1
    if body < len(rows):
        below = _sub_head(rows[body], count >= _FEWEST_MONTHS)
        if below:
            roles |= below
            body += 1
    return roles, body


def _sub_head(cells: list[Any], has_months: bool) -> dict[int, Role] | None:
    """The roles of a second head row: nothing but heads, or the months as numbers 1 to 12."""
    filled = [(column, value) for column, value in enumerate(cells) if value != ""]
    if len(filled) < 2:
        return None
    if not has_months:
        numbers = [(column, value) for column, value in filled if value.__class__ in (int, float)]
        if len(numbers) >= 6 and [value for _, value in numbers] == list(range(1, len(numbers) + 1)):
            return {column: Role("month", int(value)) for column, value in numbers[:12]}
        months = _month_dates(cells)
        if len(months) >= _FEWEST_MONTHS:
            return months
    roles = {
        column: role
        for column, value in filled
        if value.__class__ is str and (role := column_role(value)) is not None
    }
    return roles if len(roles) == len(filled) else None


def _month_dates(cells: list[Any]) -> dict[int, Role]:
    """Heads that are dates: each stands for its month."""
    if _DATES.isdisjoint(map(type, cells)):
        return {}
    return {column: Role("month", value.month) for column, value in enumerate(cells) if type(value) in _DATES}


def _table(
    sheet: Sheet, head: int, body: int, roles: dict[int, Role], title: str | None
) -> tuple[FoundTable | None, int]:
    """The table under a head, and the row where reading goes on."""
    keys = {role.key for role in roles.values()}
    part: Part = "lines"
    if keys & {"solution_name", "group", "investment"} and "month" not in keys:
        part = "solutions"
    elif keys & {"difficulty", "request"}:
        part = "remarks"
    columns, by_spot, months, twice = _places(roles, part)
    if part == "lines" and ("name", 0) not in columns:
        place = _unnamed_column(sheet, head, columns, months)
        if place is not None:
            columns["name", 0], by_spot["name", 0] = place, Role("name")
    if part == "lines" and (("name", 0) not in columns or not (months or ("total", 0) in columns)):
        return None, body
    named = by_spot.get(("name", 0))
    section = (named.flow if named else "") or title or section_of(sheet.name)
    if part == "lines" and section is None and ("unit", 0) not in columns:
        return None, body  # months of something, but neither named as ours nor measured: a roster, a rota
    rows, end = _body(sheet, body, part, columns)
    table = FoundTable(part, section, columns, by_spot, tuple(months), tuple(twice), head, tuple(rows))
    return table, end


def _places(
    roles: dict[int, Role], part: Part
) -> tuple[dict[Spot, int], dict[Spot, Role], list[tuple[int, int]], list[tuple[int, int]]]:
    columns: dict[Spot, int] = {}
    by_spot: dict[Spot, Role] = {}
    months: list[tuple[int, int]] = []
    twice: list[tuple[int, int]] = []
    seen: set[int] = set()
    saving = 0
    for column in sorted(roles):
        role = roles[column]
        key, number = role.key, role.number
        if key == "month":
            (twice if number in seen else months).append((number, column))
            seen.add(number)
            continue
        if part == "solutions":
            # A saving is a group of columns: what, how much, in which unit; a new "what" begins the next.
            key = {"resource": "saved_resource", "unit": "saved_unit", "flow": "group"}.get(key, key)
            if key == "name":
                key = "solution_name"
            if key == "saved_of":  # its head says what, the cell how much
                saving, key = saving + 1, "saved_quantity"
            if key == "saved_resource":
                saving += 1
            is_saving = key.startswith("saved_") and key != "saved_money"
            number = max(saving, 1) if is_saving else 0
        elif key == "year":
            number = role.number
        elif part == "lines":
            number = 0
        spot = (key, number)
        if spot not in columns:
            columns[spot], by_spot[spot] = column, role
    return columns, by_spot, months, twice


def _unnamed_column(
    sheet: Sheet, head: int, columns: dict[Spot, int], months: list[tuple[int, int]]
) -> int | None:
    """The first text left of the months that has no other role: a name under a head we do not know."""
    taken = set(columns.values())
    first = min((column for _, column in months), default=0)
    cells = sheet.rows[head]
    for column in range(min(first, len(cells))):
        if column not in taken and cells[column].__class__ is str and cells[column]:
            return column
    return None


def _body(sheet: Sheet, body: int, part: Part, columns: dict[Spot, int]) -> tuple[list[int], int]:
    """The rows that hold data, and the row after the table."""
    names = [columns[key, 0] for key in _NAMES if (key, 0) in columns]
    index = columns.get(("index", 0))
    rows: list[int] = []
    all_rows = sheet.rows
    for row in range(body, len(all_rows)):
        cells = all_rows[row]
        filled = [value for value in cells if value.__class__ is float or (value != "" and value != " ")]
        if not filled:
            continue
        width = len(cells)
        lead, alone = filled[0], len(filled) == 1
        if alone and index is not None and index < width and lead.__class__ is float and cells[index] == lead:
            continue  # a numbered row nobody filled in
        if lead.__class__ is str:
            if alone and (is_title(lead) if part != "remarks" else section_break(lead)):
                return rows, row
            if is_example(lead):
                continue
            if field_of(lead) is not None or _opens_table(cells, lead):
                return rows, row
        skip = False
        for column in names:
            name = cells[column] if column < width else ""
            if name.__class__ is not str or not name:
                continue
            if name is not lead and (field_of(name) is not None or _opens_table(cells, name)):
                return rows, row
            skip = skip or is_example(name) or (part == "lines" and is_total_row(name))
        if not skip:
            rows.append(row)
    return rows, len(all_rows)


def section_break(text: str) -> bool:
    """True for the words that end the last list of the report: those over the signature."""
    return is_title(text) and section_of(text) is None


def _opens_table(cells: list[Any], text: str) -> bool:
    role = column_role(text)
    if role is None or role.key not in ("index", *_NAMES):
        return False
    filled = [value for value in cells if value != ""]
    heads = sum(1 for value in filled if value.__class__ is str and column_role(value) is not None)
    return heads >= 3 or heads == len(filled) == 2
