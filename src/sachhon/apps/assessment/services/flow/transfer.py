"""A whole flow-sheet as JSON or a workbook, out and in again. In: every bad cell is told, and nothing is half taken."""

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models.flow import FlowRow
from sachhon.apps.assessment.models.flow_kinds import ROWS
from sachhon.apps.assessment.services.errors import FieldsWrong, RowsWrong
from sachhon.apps.assessment.services.flow.disclosure import (
    at_closed,
    closed_for,
    places_of,
    sees_secrets,
)
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome, change
from sachhon.apps.assessment.services.flow.row_fields import FIELDS
from sachhon.apps.people.models import User
from sachhon.documents.shapes import Column
from sachhon.documents.sheets import WORKBOOK_OPTIONS, Styles, write_table
from sachhon.reference.text import fold
from sachhon.workbooks.grid import Sheet, open_workbook
from sachhon.workbooks.problems import WorkbookRefused

ORDER = ("process", "layer", "stream", "measurement", "stock", "share", "cause")
FORMAT = "sachhon-flow-1"
MOST = 20_000


@dataclass(frozen=True)
class Bad:
    """A place in a file that cannot be taken: sheet, cell, what and cure."""

    sheet: str
    cell: str
    text: str

    @property
    def place(self) -> str:
        """The cell of a workbook, or the row and field of a JSON file in words."""
        return f"{self.sheet}{', ' if ' ' in self.cell else '!'}{self.cell}" if self.sheet else ""


class ImportRefused(Exception):
    """Nothing was taken; `bad` names every place."""

    def __init__(self, bad: list[Bad]) -> None:
        super().__init__("; ".join(b.text for b in bad))
        self.bad = bad


def rows_of(user: User, assessment: Assessment) -> dict[str, list[dict[str, Any]]]:
    """Every row by kind, references as codes; confidential figures only for those who may see them."""
    open_eyes, closed = sees_secrets(user), closed_for(user, assessment)
    closed_at = places_of(assessment, closed)
    out: dict[str, list[dict[str, Any]]] = {}
    for kind in ORDER:
        out[kind] = []
        for row in ROWS[kind].objects.visible_to(user).filter(assessment=assessment, removed=False):
            stream = getattr(row, "stream", row)
            if kind == "measurement" and stream.code in closed:
                continue
            if kind in ("stock", "share") and at_closed(row, closed_at):
                continue
            cells = {"code": row.code} | {name: _plain(row, name) for name in _names(kind)}
            if not open_eyes and kind == "stream" and (row.price_secret or row.secret):
                cells["price"] = None
            out[kind].append(cells)
    return out


def as_json(user: User, assessment: Assessment) -> bytes:
    """The flow-sheet as one JSON file."""
    content = {"format": FORMAT, **rows_of(user, assessment)}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def as_workbook(user: User, assessment: Assessment) -> bytes:
    """The flow-sheet as a workbook, a sheet a kind, heads as on the pages."""
    buffer = io.BytesIO()
    book = Workbook(buffer, WORKBOOK_OPTIONS)
    styles = Styles(book, "en" if get_language() == "en" else "vi")
    for kind, rows in rows_of(user, assessment).items():
        names = ("code", *_names(kind))
        columns = tuple(
            Column(
                head,
                "number" if name in ("x", "y", "value", "spread", "price", "share") else "text",
                decimals=None,
            )
            for name, head in zip(names, _heads(kind), strict=True)
        )
        write_table(
            book.add_worksheet(_title(kind)[:31]),
            styles,
            title=_title(kind),
            columns=columns,
            rows=[tuple(_cell(row[name]) for name in names) for row in rows],
        )
    book.close()
    return buffer.getvalue()


def take_in(actor: User, assessment: Assessment, name: str, content: bytes) -> Outcome:
    """Takes a file in as one act: rows of a known code are changed, the others added."""
    tables = _from_json(content) if name.lower().endswith(".json") else _from_workbook(content, name)
    edits, places = [], []
    for kind in ORDER:
        model = ROWS[kind]
        known = {r.code: r for r in model.objects.filter(assessment=assessment)}
        rows = tables.get(kind, [])
        if kind == "process":
            rows = _parents_first(rows)
        for place, cells in rows:
            code = str(cells.pop("code", "") or "").strip()
            values = {n: v for n, v in cells.items() if n in _names(kind)}
            row = known.get(code)
            if row is None:
                values = {n: v for n, v in values.items() if v not in (None, "")}
                edits.append(Edit(kind, values, code=code))
            else:
                edits.append(Edit(kind, values | {"removed": False}, row.pk, row.version))
            places.append(place)
    if not edits:
        raise ImportRefused(
            [Bad("", "", _("The file holds no row of a flow-sheet: export one to see the form."))]
        )
    try:
        return change(actor, assessment, edits[:MOST])
    except RowsWrong as wrong:
        bad = [Bad(*places[k](f), words) for k, fields in wrong.rows.items() for f, words in fields.items()]
        raise ImportRefused(bad) from None
    except FieldsWrong as wrong:
        raise ImportRefused([Bad(*places[0](f), words) for f, words in wrong.fields.items()]) from None


def _from_json(content: bytes) -> dict:
    try:
        data = json.loads(content, parse_float=Decimal)
        if data.get("format") != FORMAT:
            raise ValueError
        out = {}
        for kind in ORDER:
            rows = data.get(kind, [])
            out[kind] = [
                (
                    (lambda field, k=k, kind=kind: (_title(kind), _row_words(kind, k + 1, field))),
                    {n: _typed(n, v) for n, v in row.items()},
                )
                for k, row in enumerate(rows)
            ]
    except (ValueError, AttributeError, TypeError):
        words = _("This is no flow-sheet of this programme: choose the JSON that “Export” gave.")
        raise ImportRefused([Bad("", "", words)]) from None
    return out


def _typed(name: str, value: Any) -> Any:
    """Numbers travel as text in JSON; they are read as numbers, never as people write them."""
    if name in (
        "value",
        "spread",
        "price",
        "share",
        "energy_vnd",
        "system_vnd",
        "waste_vnd",
    ) and value not in (
        None,
        "",
    ):
        return Decimal(str(value))
    return value


def _from_workbook(content: bytes, name: str) -> dict:
    try:
        book = open_workbook(content, name)
    except WorkbookRefused as refused:
        lang = "en" if get_language() == "en" else "vi"
        problem = refused.problem
        raise ImportRefused([Bad("", "", f"{problem.message(lang)} {problem.cure(lang)}")]) from None
    out: dict[str, list] = {}
    for sheet in book.sheets:
        kind = next((k for k in ORDER if fold(sheet.name) in _sheet_words(k)), None)
        if kind:
            out[kind] = list(_sheet_rows(sheet, kind))
    return out


def _sheet_rows(sheet: Sheet, kind: str):
    """The rows under the head; the head is the first row that names the code or the name."""
    heads = {word: field for field in ("code", *_names(kind)) for word in _head_words(kind, field)}
    fields: dict[int, str] = {}
    for r, cells in enumerate(sheet.rows):
        if not fields:
            found = {c: heads[fold(str(v))] for c, v in enumerate(cells) if fold(str(v)) in heads}
            if len(found) >= 2:
                fields = found
            continue
        values = {field: cells[c] if c < len(cells) else "" for c, field in fields.items()}
        if not any(str(v).strip() for v in values.values()):
            continue
        column = {field: c for c, field in fields.items()}

        def place(field: str, r: int = r, column: dict[str, int] = column) -> tuple[str, str]:
            return sheet.name, sheet.address(r, column.get(field, 0))

        yield place, {n: v for n, v in values.items() if not (v == "" and n != "parent")}


def _parents_first(rows: list) -> list:
    waiting, out, done = list(rows), [], set()
    codes = {str(cells.get("code", "")) for _place, cells in rows}
    while waiting:
        ready = [
            r
            for r in waiting
            if str(r[1].get("parent") or "") in done or str(r[1].get("parent") or "") not in codes
        ]
        if not ready:
            return [*out, *waiting]
        out += ready
        done |= {str(cells.get("code", "")) for _place, cells in ready}
        waiting = [r for r in waiting if r not in ready]
    return out


def _names(kind: str) -> list[str]:
    """The fields that travel; which records a measurement came from is true of this facility's store alone."""
    return [name for name in FIELDS[kind] if name not in ("removed", "records")]


def _plain(row: FlowRow, name: str) -> Any:
    column = row._meta.get_field(name)
    if column.is_relation:
        found = getattr(row, name)
        return found.code if found else None
    value = column.value_from_object(row)
    return value.normalize() if isinstance(value, Decimal) and value else value


def _cell(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _title(kind: str) -> str:
    return str(ROWS[kind]._meta.verbose_name_plural).capitalize()


def _row_words(kind: str, row: int, field: str) -> str:
    names = dict(zip(("code", *_names(kind)), _heads(kind), strict=True))
    return _("row %(n)d, “%(field)s”") % {"n": row, "field": names.get(field, field)}


def _heads(kind: str) -> list[str]:
    model = ROWS[kind]
    return [str(model._meta.get_field(n).verbose_name).capitalize() for n in ("code", *_names(kind))]


def _sheet_words(kind: str) -> set[str]:
    words = {kind}
    for lang in ("vi", "en"):
        with override(lang):
            words.add(fold(_title(kind)))
    return words


def _head_words(kind: str, field: str) -> set[str]:
    words = {field}
    for lang in ("vi", "en"):
        with override(lang):
            words.add(fold(str(ROWS[kind]._meta.get_field(field).verbose_name)))
    return words
