"""The library as a workbook to take away, edit and bring back.

One sheet of one kind, a row an option, a question or a benchmark, its code first; choices and lists stand as codes,
because those do not depend on the language. Brought back, rows that differ become drafts, one for each item; where
anything is wrong, nothing is stored and every problem is told with its cell.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.guidance.fields import FIELDS, LABELS, Field
from sachhon.apps.guidance.models import OPEN_STATES, Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.parts import new_part, parts_of, with_parts
from sachhon.apps.guidance.services import library
from sachhon.apps.guidance.services.checks import problems_of
from sachhon.apps.guidance.services.errors import NotGoodYet
from sachhon.apps.people.access import require
from sachhon.documents.export import table_xlsx
from sachhon.documents.shapes import Column
from sachhon.reference.text import fold
from sachhon.workbooks.grid import Sheet, open_workbook
from sachhon.workbooks.problems import Problem, WorkbookRefused
from sachhon.workbooks.values import parse_number

KINDS = (
    Kind.OPTION,
    Kind.CHECKLIST,
    Kind.BENCHMARK,
)  # a case is drafted from a verified saving, never brought in
OWNER = {Kind.CHECKLIST: "checklist", Kind.BENCHMARK: "system"}
YES = ("1", "x", "co", "yes", "true")


@dataclass(frozen=True)
class Taken:
    """How many drafts were made of a workbook."""

    drafts: tuple[LibraryVersion, ...]


@dataclass(frozen=True)
class _Row:
    owner: str
    part: dict[str, Any]


def workbook(kind: str, items: Iterable[LibraryItem], lang: str, *, demo: bool = False) -> bytes:
    """The items as they are in force (or, where none is, in their newest version) as .xlsx."""
    columns = [Column(str(LABELS[name]), width=3) for name in _names(kind)]
    notes = [
        _("Edit the rows and import the file again: rows that differ become drafts."),
        _("Codes stay as they are; several codes in a cell stand with “;” between."),
    ]
    title = str(Kind(kind).label)
    return table_xlsx(title, columns, _rows(kind, items), notes=notes, lang=lang, demo=demo)


@transaction.atomic
def take_in(actor, data: bytes, name: str) -> Taken:
    """Reads an edited export: all of it or nothing. `NotGoodYet` carries every problem."""
    require(actor, library.EDIT)
    try:
        book = open_workbook(data, name, repair=False)
    except WorkbookRefused as refused:
        raise NotGoodYet([refused.problem]) from None
    kind, sheet, head = _table(book.sheets)
    rows, found = _read(kind, sheet, head)
    changed = list(_changed(actor, kind, rows, found))
    for item, content in changed:
        base = _in_force(item).content if item.pk else None
        found += problems_of(kind, content) if content != base else []
    if found:
        raise NotGoodYet(found)
    if not changed:
        raise NotGoodYet([Problem("error", "library_same")])
    return Taken(tuple(_draft(actor, item, content) for item, content in changed))


def _names(kind: str) -> list[str]:
    owner = [OWNER[Kind(kind)]] if kind in OWNER else []
    return ["code", *owner, *(f.name for f in FIELDS[kind])]


def _rows(kind: str, items: Iterable[LibraryItem]) -> Iterator[list]:
    for item in items:
        for part in parts_of(kind, _in_force(item).content):
            yield [_cell(part.get(name), name, kind) for name in _names(kind)]


def _cell(value, name: str, kind: str):
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return "1" if value else ""
    field = _field(kind, name)
    if field is not None and field.shape == "number" and value not in (None, ""):
        return Decimal(str(value))
    if name == "weight":
        return int(value)
    return value


def _in_force(item: LibraryItem) -> LibraryVersion:
    versions = sorted(item.versions.all(), key=lambda v: (v.state != State.PUBLISHED, -v.number))
    return versions[0]


def _table(sheets: Iterable[Sheet]) -> tuple[str, Sheet, tuple[int, dict[str, int]]]:
    """The sheet, its kind, and where its head stands: the row that has the words of all columns of a kind."""
    for sheet in sheets:
        for number, cells in enumerate(sheet.rows[:12]):
            said = {fold(str(cell)): column for column, cell in enumerate(cells) if cell != ""}
            for kind in KINDS:
                places = {name: said.get(_head(name)) for name in _names(kind)}
                if None not in places.values():
                    return kind, sheet, (number, {n: c for n, c in places.items() if c is not None})
    raise NotGoodYet([Problem("error", "library_no_columns")])


def _head(name: str) -> str:
    return fold(str(LABELS[name]))


def _read(kind: str, sheet: Sheet, head: tuple[int, dict[str, int]]) -> tuple[list[_Row], list[Problem]]:
    first, places = head
    rows: list[_Row] = []
    found: list[Problem] = []
    for number in range(first + 1, len(sheet.rows)):
        if not any(str(cell).strip() for cell in sheet.rows[number]):
            continue
        code = str(sheet.cell(number, places["code"])).strip()
        if not code:
            found.append(
                Problem("error", "library_no_code", sheet.name, sheet.address(number, 0), {"row": number + 1})
            )
            continue
        part: dict[str, Any] = {"code": code}
        for field in FIELDS[kind]:
            value = sheet.cell(number, places[field.name])
            try:
                part[field.name] = _typed(field, value)
            except ValueError:
                cell = sheet.address(number, places[field.name])
                found.append(Problem("error", "library_not_number", sheet.name, cell, {"value": str(value)}))
        owner = str(sheet.cell(number, places[OWNER[Kind(kind)]])).strip() if kind in OWNER else code
        rows.append(_Row(owner, part))
    return rows, found


def _typed(field: Field, value):
    text = str(value).strip()
    if field.shape == "list":
        return [word.strip() for word in text.replace(",", ";").split(";") if word.strip()]
    if field.shape == "yes":
        return fold(text) in YES
    if field.shape in ("number", "whole") or field.name == "weight":
        if not text:
            return None
        number = parse_number(value, "en")
        if number is None:
            raise ValueError(text)
        if field.name == "weight":
            return float(number)
        return int(number) if field.shape == "whole" else f"{number.normalize():f}"
    if field.shape == "date":
        if isinstance(value, datetime.date):
            return value.isoformat()[:10]
        return datetime.date.fromisoformat(text).isoformat() if text else None
    return text


def _changed(actor, kind: str, rows: list[_Row], found: list[Problem]) -> Iterator[tuple[LibraryItem, dict]]:
    """The items of the file whose content differs from what is in force, with the new content."""
    by_owner: dict[str, list[dict]] = {}
    for row in rows:
        by_owner.setdefault(row.owner, []).append(row.part)
    items = LibraryItem.objects.filter(kind=kind, code__in=by_owner).prefetch_related("versions__written_by")
    known = {item.code: item for item in items}
    for owner, parts in by_owner.items():
        item = known.get(owner)
        if item is None and kind != Kind.OPTION:
            found.append(Problem("error", "library_no_owner", params={"code": parts[0]["code"]}))
            continue
        base = _in_force(item).content if item else None
        merged = [_merged(kind, base or {"code": owner}, part) for part in parts]
        content = with_parts(kind, base or {}, merged)
        if base is not None and _same(content, base):
            continue
        busy = next((v for v in item.versions.all() if v.state in OPEN_STATES), None) if item else None
        if busy is not None:
            who = busy.written_by.display_name() if busy.written_by else ""
            found.append(Problem("error", "library_busy", params={"code": owner, "who": who}))
            continue
        yield item or LibraryItem(kind=kind, code=owner), content


def _merged(kind: str, base: dict, part: dict) -> dict:
    """The row on top of what is stored of it; a new row on top of an empty part."""
    stored = (
        next((p for p in parts_of(kind, base) if p["code"] == part["code"]), None) if len(base) > 1 else None
    )
    return (stored or new_part(kind, base)) | part


def _same(one, other) -> bool:
    """Whether two contents say the same; numbers are compared as numbers ("5" and "5.0")."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return Decimal(one) == Decimal(other)
        except ArithmeticError:
            return False
    return one == other


def _draft(actor, item: LibraryItem, content: dict) -> LibraryVersion:
    why = _("From an edited workbook")
    if item.pk is None:
        return library.create(actor, Kind.OPTION, content, why)
    draft = library.start_draft(actor, item)
    return library.save_draft(actor, draft, content, why=why, stamp=draft.stamp)


def _field(kind: str, name: str) -> Field | None:
    return next((f for f in FIELDS[kind] if f.name == name), None)
