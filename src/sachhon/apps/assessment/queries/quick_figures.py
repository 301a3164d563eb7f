"""The figures of a quick assessment's period: the factory's monthly records, or what was typed on site instead.

Each kind of resource (electricity, fuel, water …) is one line of the assessment: its quantity in one unit, its
cost, and its use per unit of product over the months for which both are known.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from sachhon.apps.assessment.models import QuickSheet, TypedFigure
from sachhon.apps.assessment.queries.quick_bricks import counted as counted_bricks
from sachhon.apps.registry.models import Flow, Product, Record, Resource
from sachhon.reference import FactNotFound, UnitError
from sachhon.reference.facts import Fact
from sachhon.reference.resources import reference_price, toe_factor
from sachhon.reference.units import convert, dimension, pint_registry
from sachhon.science.screening import Part

# The kinds that checklists and options speak of, with the unit each is added up in; None: as the resources have it.
KINDS = {
    "electricity": "kWh",
    "fuel": "GJ",
    "water": "m3",
    "raw_material": "t",
    "material": "t",
    "waste": "t",
}
KIND_OF = {"heat": "fuel"}
ENERGY = ("electricity", "fuel")

Month = tuple[int, int]


@dataclass
class Line:
    """One resource or product over the period."""

    thing: Resource | Product
    months: dict[Month, Decimal] = field(default_factory=dict)
    cost: int | None = None
    record_ids: list[int] = field(default_factory=list)
    typed: TypedFigure | None = None
    quantity: Decimal | None = None
    price_fact: Fact | None = None  # where no cost is known, a price of the reference stands in
    factor: Fact | None = None  # TOE a unit, of a fuel

    @property
    def recorded(self) -> Decimal | None:
        return sum(self.months.values(), Decimal(0)) if self.months else None


@dataclass
class KindUse:
    """All resources of one kind. `quantity` is None where they cannot be added up or none is known."""

    kind: str
    unit: str
    lines: list[Line]
    quantity: Decimal | None = None
    cost: int | None = None
    cost_is_reference: bool = False


@dataclass
class Figures:
    """Everything the result is computed from, and what is missing, by name."""

    months: list[Month]
    outputs: list[Line]
    uses: dict[str, KindUse]
    output: Decimal | None
    product_unit: str
    missing: dict[str, list[Month]]  # name of a resource or product: months of the period without a record


def figures(sheet: QuickSheet) -> Figures:
    """The figures of the assessment's period. The sheet was already found through the gate."""
    assessment = sheet.assessment
    months = months_between(assessment.data_from, assessment.data_to)
    lines = _lines(sheet, months)
    outputs = [line for line in lines if isinstance(line.thing, Product)]
    outputs.sort(key=lambda line: (-(line.quantity is not None), line.thing.pk))
    uses: dict[str, KindUse] = {}
    for line in lines:
        if isinstance(line.thing, Resource):
            kind = KIND_OF.get(line.thing.kind, line.thing.kind)
            if kind in KINDS:
                uses.setdefault(kind, KindUse(kind, KINDS[kind], [])).lines.append(line)
    for use in uses.values():
        _add_up(use, assessment.data_to)
    unit = outputs[0].thing.unit if outputs else ""
    missing = {
        str(line.thing): gone
        for line in lines
        if line.typed is None and line.months and (gone := [m for m in months if m not in line.months])
    }
    return Figures(months, outputs, uses, output_of(outputs), unit, missing)


def months_between(first: datetime.date, last: datetime.date) -> list[Month]:
    """The months from that of `first` to that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        ((first.year * 12 + first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1) for n in range(count)
    ]


def specific(use: KindUse, found: Figures) -> tuple[Decimal, Decimal, Decimal] | None:
    """(specific consumption, use, output) in the kind's unit per product unit; None where it cannot be said.

    Over the months for which both are known; typed totals count whole. Against a benchmark: `quick_compared`.
    """
    if not found.output or not found.product_unit:
        return None
    typed = any(line.typed for line in (*use.lines, *found.outputs))
    months = None if typed else months_of_both(use.lines, found.outputs)
    if not typed and not months:
        return None
    quantity, output = sum_in(use.lines, use.unit, months), output_of(found.outputs, months)
    if not quantity or not output:
        return None
    return quantity / output, quantity, output


def months_of_both(lines: list[Line], made: list[Line]) -> set[Month]:
    """The months in which something of `made` and all of `lines` that have months at all are recorded."""
    known = [set(line.months) for line in lines if line.months]
    return set.intersection({m for line in made for m in line.months}, *known) if known else set()


def parts_of(use: KindUse) -> tuple[Part, ...]:
    """Each resource of a kind with its share of the kind's cost and quantity, as the screening weighs savings.

    Where one of the two is not known, the other stands for it; a resource without either has no part.
    """
    costs = [float(line.cost or 0) if line.quantity != 0 else 0.0 for line in use.lines]
    amounts = [float(sum_in([line], use.unit, None) or 0) for line in use.lines]
    by_cost, by_amount = (
        [x / sum(values) for x in values] if sum(values) else None for values in (costs, amounts)
    )
    by_cost = by_cost or by_amount
    by_amount = by_amount or by_cost
    if by_cost is None or by_amount is None:
        return ()
    return tuple(
        Part(line.thing.code, cost, amount)
        for line, cost, amount in zip(use.lines, by_cost, by_amount, strict=True)
    )


def _lines(sheet: QuickSheet, months: list[Month]) -> list[Line]:
    facility = sheet.assessment.facility
    lines: dict[tuple, Line] = {}
    rows = Record.objects.filter(
        facility=facility,
        flow__in=(Flow.OUTPUT, Flow.CONSUMPTION, Flow.WASTE),
        year__in={y for y, _m in months},
    ).select_related("resource", "product")
    for record in rows.order_by("flow", "pk"):
        month = (record.year, record.month)
        if month not in months:
            continue
        line = lines.setdefault((type(record.item), record.item.pk), Line(record.item))
        line.months[month] = line.months.get(month, Decimal(0)) + record.quantity
        line.record_ids.append(record.pk)
        if record.cost_vnd is not None:
            line.cost = (line.cost or 0) + record.cost_vnd
    for product in facility.products.filter(is_active=True):
        lines.setdefault((Product, product.pk), Line(product))
    for typed in sheet.typed.select_related("resource", "product"):
        thing = typed.resource or typed.product
        line = lines.setdefault((type(thing), thing.pk), Line(thing))
        line.typed = typed
        if typed.cost_vnd is not None:
            line.cost = typed.cost_vnd
    for line in lines.values():
        stands = line.typed.quantity if line.typed else None
        line.quantity = line.recorded if stands is None else stands
    return list(lines.values())


def _add_up(use: KindUse, day: datetime.date) -> None:
    for line in use.lines:
        code = line.thing.code
        if use.kind == "fuel":
            line.factor = _fact(toe_factor, code, day)
        if line.cost is None and line.quantity:
            line.price_fact = _fact(reference_price, code, day)
            if line.price_fact is not None:
                line.cost = round(line.quantity * line.price_fact.value)
                use.cost_is_reference = True
    use.quantity = sum_in(use.lines, use.unit, None)
    if use.quantity is None and len({line.thing.unit for line in use.lines}) == 1:
        use.unit = use.lines[0].thing.unit
        use.quantity = sum_in(use.lines, use.unit, None)
    # Money without a quantity is a contradiction (a wrong zero): nothing is reckoned from it.
    costs = [line.cost for line in use.lines if line.cost is not None and line.quantity != 0]
    use.cost = sum(costs) if costs else None


def sum_in(lines: list[Line], unit: str, months: set[Month] | None) -> Decimal | None:
    """The lines' quantities (of some months only, where such are given) in one unit; None if one has no way there."""
    total, any_known = Decimal(0), False
    for line in lines:
        quantity = (
            line.quantity
            if months is None
            else sum((line.months.get(m, Decimal(0)) for m in months), Decimal(0))
        )
        if quantity is None:
            continue
        rate = factor(line.thing.unit, unit)
        if rate is None and line.factor is not None and factor("toe", unit) is not None:
            rate = Decimal(line.factor.value) * factor("toe", unit)
        if rate is None:
            try:
                rate = convert(Decimal(1), line.thing.unit, unit, resource=line.thing.code)
            except UnitError:
                return None
        total, any_known = total + quantity * rate, True
    return total if any_known else None


def output_of(
    outputs: list[Line], months: set[Month] | None = None, *, standard: bool = False
) -> Decimal | None:
    """Output of the products that share the main one's kind of unit, in its unit, weighted by their norms.

    As `standard` bricks each counts by its size.
    """
    if not outputs:
        return None
    unit = outputs[0].thing.unit
    products = [line.thing for line in outputs]
    weights = (
        {c.product.pk: c.value for c in counted_bricks(products)}
        if standard
        else {p.pk: p.norm_weight for p in products}
    )
    total, any_known = Decimal(0), False
    for line in outputs:
        quantity = (
            line.quantity
            if months is None
            else sum((line.months.get(m, Decimal(0)) for m in months), Decimal(0))
        )
        if quantity is None or dimension(line.thing.unit) != dimension(unit):
            continue
        total += convert(quantity, line.thing.unit, unit) * weights[line.thing.pk]
        any_known = True
    return total if any_known else None


def factor(unit: str, wanted: str) -> Decimal | None:
    """How many `wanted` one `unit` is, by the registry of units; None for another kind of quantity."""
    import pint

    registry = pint_registry()
    try:
        return Decimal(repr(float(registry.Quantity(1.0, unit).to(wanted).magnitude)))
    except (pint.DimensionalityError, pint.UndefinedUnitError, pint.DefinitionSyntaxError):
        return None


def _fact(finder, code: str, day: datetime.date) -> Fact | None:
    try:
        found = finder(code, day)
    except FactNotFound:
        return None
    return found if found.value is not None else None
