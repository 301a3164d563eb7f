"""The mapping page as plain data: choices for each column, what a person chose, and the preview of it.

Not for reading workbooks: suggestions and extraction are the workbooks' own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.apps.intake.meter_format import Part
from sachhon.reference.numbers import format_number, sensible_decimals
from sachhon.reference.resources import find_resource, resource, resources
from sachhon.reference.text import fold
from sachhon.reference.units import normalise_unit, unit_label
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.profile import (
    SOLUTION_NAME,
    ColumnMap,
    FieldMap,
    MappingProfile,
    locate,
    matching_sheets,
)
from sachhon.workbooks.readings import Reading

ROLES = {
    "undecided": _("– choose –"),
    "skip": _("Skip this column"),
    "date": _("Month or date"),
    "date_from": _("From date"),
    "date_to": _("To date"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "cost": _("Cost"),
    "label": _("Name of product or resource"),
    "reading": _("Meter reading"),
    "reading_old": _("Earlier meter reading"),
    "multiplier": _("Factor of the meter"),
    "meter": _("Number of the meter"),
    "tariff": _("Tariff"),
    "status": _("Status"),
    "in": _("Came in"),
    "out": _("Went out (used)"),
    "stock": _("Stock"),
    "solution": _("Name of the solution"),
    "group": _("Group of the solution"),
    "investment": _("Investment"),
    "saving": _("Money saved a year"),
    "total": _("Total (only checked)"),
    "note": _("Note"),
}
KINDS = {
    "bills": _("Bills with dates from and to"),
    "ledger": _("A line for each day or month"),
    "crosstab": _("Months across"),
    "cumulative_meter": _("Readings of a meter"),
    "interval": _("Meter export by the half hour"),
    "solutions": _("A line for each solution"),
}
FLOWS = {"": _("– choose –"), "output": _("Output"), "consumption": _("Consumption"), "waste": _("Waste")}
FIELDS = {
    "undecided": _("– choose –"),
    "skip": _("Skip this line"),
    "": _("Consumption or output"),
    "solution": _("Name of the solution"),
    "group": _("Group of the solution"),
    "done": _("Day it was done"),
    "investment": _("Investment"),
    "saving": _("Money saved a year"),
    "saved": _("Quantity saved a year"),
}
OF_WORDS = ("solution", "group", "done")
SEPARATORS = {"": _("As found"), "vi": "1.234,5", "en": "1,234.5"}
OF_FIGURES = ("quantity", "reading", "out")
ROWS_SHOWN = 30


@dataclass(frozen=True)
class ColumnView:
    """One column of the table: its letter, its choices and why they were made."""

    index: int
    letter: str
    column: ColumnMap
    why: str
    thing: str
    unit: str

    @property
    def has_figures(self) -> bool:
        return self.column.role in OF_FIGURES


@dataclass(frozen=True)
class FieldView:
    """One line of a form, with its choices."""

    number: int
    field: FieldMap
    resource: str
    unit: str

    @property
    def has_figure(self) -> bool:
        return self.field.name not in OF_WORDS


@dataclass(frozen=True)
class MonthsOf:
    """One thing of the preview: its figures by month, of one year, all with as many digits as they need."""

    name: str
    flow: str
    unit: str
    year: str
    months: tuple[str, ...]
    total: str


def apply(base: Part, data: Mapping[str, str], products: Collection[str] = ()) -> Part:
    """What a person chose on the page, laid over the suggestion. `products`: the names of the facility's own, which are
    its output wherever they stand."""
    mapping = base.mapping
    flow = data.get("flow") if data.get("flow") in ("output", "consumption", "waste") else None
    # Chosen for the whole table, it goes before what the header of a column was taken to say.
    columns = mapping.columns if flow in (None, mapping.flow) else tuple(map(_any_flow, mapping.columns))
    own = {fold(product) for product in products}
    columns = tuple(_column(column, data, own) for column in columns)
    fields = tuple(_field(number, field, data) for number, field in enumerate(mapping.fields))
    kind = data.get("kind", "")
    changed = replace(
        mapping,
        kind=kind if kind in KINDS and mapping.kind in KINDS else mapping.kind,
        columns=columns,
        fields=fields,
        resource=_resource_code(data.get("resource", "")),
        label=data.get("label", "").strip()[:255] or None,
        unit=_unit_code(data.get("unit", "")),
        year=_year(data.get("year", "")),
        flow=flow,
        separators=data.get("separators") if data.get("separators") in ("vi", "en") else None,
        only_year="only_year" in data,
    )
    return Part(changed, data.get("meter", "").strip()[:64])


def column_views(mapping: MappingProfile) -> list[ColumnView]:
    """The columns in the order of the sheet."""
    lang = get_language() or "vi"
    return [
        ColumnView(
            column.index,
            Sheet.address(0, column.index)[:-1],
            column,
            _as_written(column).why(lang),
            _thing(column),
            unit_label(column.unit, lang) if column.unit else "",
        )
        for column in sorted(mapping.columns, key=lambda column: column.index)
    ]


def _as_written(column: ColumnMap) -> ColumnMap:
    """The column with the word it was known by spelled as in its header, tone marks and all."""
    words = column.header.replace("/", " ").split()
    length = len(column.word.split())
    for start in range(len(words) - length + 1):
        spelled = " ".join(words[start : start + length]).strip("(),.:;")
        if column.word and fold(spelled) == fold(column.word):
            return replace(column, word=spelled)
    return column


def field_views(mapping: MappingProfile) -> list[FieldView]:
    """The lines of a form, in their order."""
    lang = get_language() or "vi"
    return [
        FieldView(n, field, resource_name(field.resource), unit_label(field.unit, lang) if field.unit else "")
        for n, field in enumerate(mapping.fields)
    ]


def first_rows(workbook: Workbook, mapping: MappingProfile) -> tuple[Sheet | None, int]:
    """The sheet that the mapping reads and the row its window begins with: a little above the header."""
    for sheet in matching_sheets(workbook, mapping):
        place = locate(sheet, mapping)
        if place is not None:
            return sheet, max(place.table.top - 3, 0)
    return next(iter(matching_sheets(workbook, mapping)), None), 0


def by_month(readings: Sequence[Reading]) -> list[MonthsOf]:
    """The readings as the preview shows them: a line a thing and year."""
    lang = get_language() or "vi"
    lines: dict[tuple[str, str, str, str], dict[str, Decimal]] = {}
    for reading in readings:
        name = resource_name(reading.resource) or reading.label
        key = (name, reading.flow, reading.unit, reading.period[:4])
        cells = lines.setdefault(key, {})
        cells[reading.period[5:]] = cells.get(reading.period[5:], Decimal(0)) + reading.quantity
    return [_months_of(*key, cells, lang) for key, cells in lines.items()]


def _months_of(name: str, flow: str, unit: str, year: str, cells: dict[str, Decimal], lang: str) -> MonthsOf:
    decimals = sensible_decimals(*cells.values())

    def shown(value: Decimal | None) -> str:
        return format_number(value, lang, decimals)

    months = tuple(shown(cells.get(f"{month:02d}")) for month in range(1, 13))
    total = shown(sum(cells.values(), Decimal(0)))
    return MonthsOf(name, str(FLOWS.get(flow, flow)), unit_label(unit, lang), year, months, total)


def resource_name(code: str | None) -> str:
    """The name of a resource in the language of the page; "" for none."""
    return resource(code).name(get_language() or "vi") if code else ""


def resource_names() -> list[str]:
    """All names that can be typed for a resource, in the language of the page."""
    lang = get_language() or "vi"
    return [each.name(lang) for each in resources()]


def words_left(mapping: MappingProfile) -> list[str]:
    """What is still to be chosen, in words."""
    words = {
        "flow": _("whether it is output, consumption or waste"),
        "label": _("which product or resource it is"),
        SOLUTION_NAME: _("which column names the solution"),
    }
    return [str(words.get(each, each)) for each in mapping.undecided]


def _column(column: ColumnMap, data: Mapping[str, str], own: Collection[str]) -> ColumnMap:
    role = data.get(f"role_{column.index}")
    if role not in ROLES:
        return column
    code, label = column.resource, column.label
    text = data.get(f"resource_{column.index}", "").strip()
    if text != _thing(column):
        code = _resource_code(text)
        label = None if code else text[:255] or None
    changed = replace(
        column,
        role=role,  # type: ignore[arg-type]
        resource=code if role in OF_FIGURES else None,
        label=label if role in OF_FIGURES else None,
        unit=_unit_code(data.get(f"unit_{column.index}", ""))
        if f"unit_{column.index}" in data
        else column.unit,
        flow=_flow_of(code, label, column, own) if role in OF_FIGURES else None,
    )
    return changed if changed == column else replace(changed, confidence=1.0, reason="chosen", word="")


def _thing(column: ColumnMap) -> str:
    """What the figures of a column are of, as it is typed: a resource in the language of the page, or a product."""
    return resource_name(column.resource) or column.label or ""


def _any_flow(column: ColumnMap) -> ColumnMap:
    return column if column.resource else replace(column, flow=None)


def _flow_of(code: str | None, label: str | None, column: ColumnMap, own: Collection[str]):
    if (code, label) == (column.resource, column.label) and (column.flow or code is None):
        return column.flow
    if code is None:
        return "output" if label and fold(label) in own else None
    return "waste" if resource(code).kind in ("waste", "emission") else "consumption"


def _field(number: int, field: FieldMap, data: Mapping[str, str]) -> FieldMap:
    name = data.get(f"field_{number}")
    if name not in FIELDS:
        return field
    code = _resource_code(data.get(f"field_resource_{number}", "")) if name in ("", "saved") else None
    unit = _unit_code(data.get(f"field_unit_{number}", "")) or field.unit
    flow = None if name else field.flow if code == field.resource else ("consumption" if code else None)
    return replace(field, name=name, resource=code, flow=flow, unit=unit)  # type: ignore[arg-type]


def _resource_code(text: str) -> str | None:
    text = text.strip()
    lang = get_language() or "vi"
    exact = next((each.code for each in resources() if each.name(lang) == text), None)
    if exact or not text:
        return exact
    found = find_resource(text)
    return found.code if found else None


def _unit_code(text: str) -> str | None:
    return normalise_unit(text[:30]) if text.strip() else None


def _year(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100 else None
