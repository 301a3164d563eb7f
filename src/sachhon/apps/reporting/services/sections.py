"""The sections of an annual report as plain JSON: read one, write one, tell two states of one apart.

The same shape is what the form sends, what the history keeps and what an import overwrites. A section of
fields is ``{field: value}``; a section of rows is ``{row id: {field: value}}``, where a key beginning with
"new" makes a row and the value None removes one. Not for judging: see ``checks``.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sachhon.apps.registry.models import Flow, Product, Resource
from sachhon.apps.reporting.models import AnnualReport, ReportLine, ReportNeed, ReportSolution
from sachhon.apps.reporting.services.errors import LineTwice
from sachhon.reference.text import fold
from sachhon.reference.units import normalise_unit


class Section(StrEnum):
    """The sections in the order of the form."""

    GENERAL = "general"
    CP = "cp"
    PRODUCTS = "products"
    INPUTS = "inputs"
    WASTES = "wastes"
    SOLUTIONS = "solutions"
    NEEDS = "needs"


FIELDS: dict[str, tuple[str, ...]] = {
    Section.GENERAL: (
        "employees", "revenue_vnd", "capital_vnd", "contact_name", "contact_phone", "contact_email",
        "signer_name", "signer_title", "signed_on",
    ),
    Section.CP: ("cp_aware", "cp_applying", "cp_since", "cp_unit", "cp_unit_decision", "cp_unit_people"),
}  # fmt: skip
FLOWS_OF: dict[str, tuple[str, ...]] = {
    Section.PRODUCTS: (Flow.OUTPUT,),
    Section.INPUTS: (Flow.CONSUMPTION,),
    Section.WASTES: (Flow.WASTE, Flow.EMISSION),
}
LINE_FIELDS = (
    "flow", "item", "name", "meter", "unit", "months", "estimated_months", "total", "cost_vnd", "source",
    "note", "origins",
)  # fmt: skip
SOLUTION_FIELDS = (
    "name", "group", "not_cp_reason", "state", "started_on", "done_on", "investment_vnd", "savings",
    "saving_vnd_per_year", "origins",
)  # fmt: skip
NEED_FIELDS = ("kind", "category", "text")


@dataclass(frozen=True)
class Difference:
    """One field that differs: the row it is in ("" in a section of fields), the field, both values."""

    row: str
    label: str
    field: str
    before: object
    after: object


def read_section(report: AnnualReport, section: str) -> dict:
    """What stands in the section now, as JSON values."""
    if section in FIELDS:
        return {name: _plain(getattr(report, name)) for name in FIELDS[section]}
    if section == Section.SOLUTIONS:
        return {str(s.pk): _row(s, SOLUTION_FIELDS) for s in report.solutions.all()}
    if section == Section.NEEDS:
        return {str(n.pk): _row(n, NEED_FIELDS) for n in report.needs.all()}
    lines = report.lines.filter(flow__in=FLOWS_OF[section]).select_related("product", "resource")
    return {str(line.pk): _line(line) for line in lines}


def read_all(report: AnnualReport) -> dict[str, dict]:
    """Every section, by its code."""
    return {section.value: read_section(report, section) for section in Section}


def write_section(report: AnnualReport, section: str, data: dict) -> None:
    """Puts `data` into the section; fields and rows it does not name stay as they are.

    The report row itself is not saved here where only rows change; the caller saves its version.
    """
    if section in FIELDS:
        for name in FIELDS[section]:
            if name in data:
                setattr(report, name, _typed(name, data[name]))
        report.save(update_fields=[*FIELDS[section], "saved_at"])
        return
    writer = {Section.SOLUTIONS: _write_solution, Section.NEEDS: _write_need}.get(section, _write_line)
    rows = _rows_of(report, section)
    for key, values in data.items():
        row = None if key.startswith("new") else rows.get(key)
        if values is None:
            if row is not None:
                row.delete()
        elif row is not None or key.startswith("new"):
            writer(report, row, values)


def replace_section(report: AnnualReport, section: str, data: dict) -> None:
    """Makes the section say exactly what `data` says: rows that are not in it go."""
    if section in FIELDS:
        write_section(report, section, data)
        return
    if section in (Section.SOLUTIONS, Section.NEEDS):
        for row in _rows_of(report, section).values():
            row.delete()
        write_section(report, section, {f"new{key}": values for key, values in data.items()})
        return
    report.lines.filter(flow__in=FLOWS_OF[section]).delete()
    things = _Things(report.facility)
    ReportLine.objects.bulk_create(
        [_filled(ReportLine(report=report, flow=row["flow"]), row, things) for row in data.values()]
    )


def differences(before: dict, after: dict) -> list[Difference]:
    """What differs between two states of one section, a field (or a month of a line) at a time."""
    if not any(isinstance(v, dict) for v in (*before.values(), *after.values())):
        return _fields_differ("", "", before, after)
    found = []
    for key in [*before, *(k for k in after if k not in before)]:
        old, new = before.get(key) or {}, after.get(key) or {}
        label = _label(new) or _label(old)
        if not old or not new:
            found.append(Difference(key, label, "row", label if old else None, label if new else None))
        else:
            found += _fields_differ(key, label, old, new)
    return found


def total_of(months: list, given) -> Decimal | None:
    """The year: the total that was given, else the sum of the months that are known."""
    if given not in (None, ""):
        return Decimal(str(given))
    known = [Decimal(str(m)) for m in months if m not in (None, "")]
    return sum(known, Decimal(0)) if known else None


def _rows_of(report: AnnualReport, section: str) -> dict:
    if section == Section.SOLUTIONS:
        rows = report.solutions.all()
    elif section == Section.NEEDS:
        rows = report.needs.all()
    else:
        rows = report.lines.filter(flow__in=FLOWS_OF[section])
    return {str(row.pk): row for row in rows}


def _line(line: ReportLine) -> dict:
    values = {name: _plain(getattr(line, name)) for name in LINE_FIELDS if name != "item"}
    values["item"] = str(line.product_id) if line.product_id else (line.resource and line.resource.code) or ""
    values["name"] = line.label
    values["total"] = None if line.total is None else f"{line.total.normalize():f}"
    return values


def _row(row, names: tuple[str, ...]) -> dict:
    return {name: _plain(getattr(row, name)) for name in names}


def _write_line(report: AnnualReport, line: ReportLine | None, values: dict) -> None:
    line = _filled(line or ReportLine(report=report, flow=values["flow"]), values, _Things(report.facility))
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError:
        raise LineTwice(
            _("“%(item)s” has a line already: write on that one.") % {"item": line.label}
        ) from None


class _Things:
    """The resources and the facility's products, read once for a whole section."""

    def __init__(self, facility):
        self.facility = facility
        self.resources = {r.code: r for r in Resource.objects.all()}
        self.products = list(facility.products.all())

    def product(self, values: dict) -> Product:
        """The product meant by `item` (its id) or by name; a new name makes a new product."""
        item = str(values.get("item") or "")
        known = next((p for p in self.products if str(p.pk) == item), None)
        if known is not None:
            return known
        name = (values.get("name") or item).strip()[:255]
        key = fold(name)[:255]
        known = next((p for p in self.products if p.search_key == key), None)
        if known is None:
            unit = unit_code(values.get("unit") or "")
            known = Product.objects.create(facility=self.facility, name=name, unit=unit)
            self.products.append(known)
        return known


def _filled(line: ReportLine, values: dict, things: _Things) -> ReportLine:
    """The line with `values` put on it, not saved."""
    if line.flow == Flow.OUTPUT:
        if "item" in values or line.pk is None:
            line.product = things.product(values)
    elif "item" in values:
        line.resource = things.resources.get(values["item"] or "")
        if values.get("flow") in (Flow.WASTE, Flow.EMISSION) and line.flow != Flow.CONSUMPTION:
            line.flow = values["flow"]
    for name in ("name", "meter", "note"):
        if name in values:
            setattr(line, name, (values[name] or "").strip()[: line._meta.get_field(name).max_length])
    if "unit" in values or line.pk is None:
        line.unit = unit_code(values.get("unit") or (line.item.unit if line.item else ""))
    for name in ("estimated_months", "cost_vnd", "source", "origins"):
        if name in values:
            setattr(line, name, values[name])
    if "months" in values:
        line.months = [None if m in (None, "") else str(m) for m in values["months"]]
    line.months = line.months or [None] * 12
    if "months" in values or "total" in values or line.pk is None:
        line.total = total_of(line.months, values.get("total"))
    line.estimated_months = sorted({int(m) for m in line.estimated_months})
    return line


def unit_code(text: str) -> str:
    """The canonical code of a unit where it is known, else what was written, cut to what the column holds."""
    return (normalise_unit(text) or text).strip()[:16]


def _write_solution(report: AnnualReport, solution: ReportSolution | None, values: dict) -> None:
    solution = solution or ReportSolution(report=report)
    for name in SOLUTION_FIELDS:
        if name in values:
            value = _typed(name, values[name])
            setattr(solution, name, value[:512] if isinstance(value, str) else value)
    solution.save()


def _write_need(report: AnnualReport, need: ReportNeed | None, values: dict) -> None:
    need = need or ReportNeed(report=report)
    for name in NEED_FIELDS:
        if name in values:
            setattr(need, name, values[name] or "")
    need.save()


def _fields_differ(key: str, label: str, old: dict, new: dict) -> list[Difference]:
    found = []
    for name in [*old, *(n for n in new if n not in old)]:
        if name == "origins":
            continue
        before, after = old.get(name), new.get(name)
        if name == "months":
            pairs = zip(before or [None] * 12, after or [None] * 12, strict=True)
            found += [
                Difference(key, label, f"month {number}", was, now)
                for number, (was, now) in enumerate(pairs, start=1)
                if not _same(was, now)
            ]
        elif not _same(before, after):
            found.append(Difference(key, label, name, before, after))
    return found


def _same(one, other) -> bool:
    if one in (None, "", [], {}) and other in (None, "", [], {}):
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except ArithmeticError:
        return one == other


def _label(row: dict) -> str:
    return row.get("name") or row.get("text") or row.get("item") or ""


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _typed(name: str, value):
    if name in ("signed_on", "started_on", "done_on") and isinstance(value, str):
        return datetime.date.fromisoformat(value) if value else None
    if value is None and name not in _NULLABLE:
        return ""
    return value


_NULLABLE = frozenset(
    ["employees", "revenue_vnd", "capital_vnd", "signed_on", "cp_since", "started_on", "done_on",
     "investment_vnd", "saving_vnd_per_year"]
)  # fmt: skip
