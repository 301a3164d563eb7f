"""Files to take away: one way to answer with a list as .xlsx or .csv, or with any other made file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from sachhon.documents.export import CSV_MIME, XLSX_MIME, table_csv, table_xlsx
from sachhon.documents.shapes import Cell, Column, ColumnKind


@dataclass(frozen=True)
class Field:
    """One column of an exported list: its head and what stands in it for a row (as a cell of a table)."""

    column: Column
    of: Callable[[Any], Cell]


def field(label: str, of: Callable[[Any], Cell], kind: ColumnKind = "text", width: float = 1) -> Field:
    """`field(_("Code"), lambda f: f.code)`."""
    return Field(Column(str(label), kind, width=width), of)


def fields_of(columns: Sequence[Column]) -> list[Field]:
    """The fields of rows that are cells already, in the order of the columns."""
    return [Field(column, itemgetter(place)) for place, column in enumerate(columns)]


def rows_download(
    kind: str,
    name: str,
    title: str,
    fields: Sequence[Field],
    rows: Iterable[Any],
    *,
    total: Sequence[Cell] | None = None,
    notes: Sequence[str] = (),
) -> HttpResponse:
    """A list of things, a column a field, as `name`.xlsx or `name`.csv in the language of the page; 404 for a kind
    that is neither."""
    columns = [each.column for each in fields]
    lines = ([each.of(row) for each in fields] for row in rows)
    if kind == "csv":
        return file_download(
            table_csv(columns, lines if total is None else [*lines, total]), CSV_MIME, f"{name}.csv"
        )
    if kind != "xlsx":
        raise Http404(kind)
    lang = "en" if get_language() == "en" else "vi"
    content = table_xlsx(title, columns, lines, total=total, notes=notes, lang=lang, demo=settings.DEMO)
    return file_download(content, XLSX_MIME, f"{name}.xlsx")


def file_download(content: bytes, mime: str, name: str) -> HttpResponse:
    """Content the browser keeps under `name` instead of showing it."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
