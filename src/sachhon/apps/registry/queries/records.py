"""Reading the monthly records of one facility, and what can be recorded there."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import get_language

from sachhon.apps.registry.closed_costs import ClosedCosts, closed_costs
from sachhon.apps.registry.models import Facility, Flow, Quality, Record, Resource
from sachhon.documents.numbers import format_number
from sachhon.reference import normalise_unit, unit_label
from sachhon.reference.text import fold

SORTS = {
    "month": ("year", "month"),
    "item": ("flow", "product__search_key", "resource__search_key"),
    "quantity": ("quantity",),
    "cost": ("cost_vnd",),
}


@dataclass(frozen=True)
class RecordFilter:
    """What a list of records is narrowed to and sorted by, as the address says it."""

    year: str = ""
    item: str = ""
    quality: str = ""
    evidence: str = ""
    sort: str = "-month"

    @classmethod
    def from_params(cls, params) -> "RecordFilter":
        return cls(**{name: params.get(name, "") or default for name, default in vars(cls()).items()})


@dataclass(frozen=True)
class RecordSums:
    """What stands at the foot of the list: a quantity only where all of it is of one thing."""

    count: int
    cost_vnd: int | None
    quantity: Decimal | None
    unit: str
    cost_closed: bool = False  # a cost in it is not for this person, and would follow from the sum


def filtered_records(user, facility: Facility, wanted: RecordFilter) -> QuerySet[Record]:
    """The records of `facility` that are wanted, sorted; newest first unless said otherwise."""
    year = int(wanted.year) if wanted.year.isdigit() else None
    rows = record_list(user, facility, year=year, item=wanted.item, quality=wanted.quality)
    if wanted.evidence == "yes":
        rows = rows.exclude(evidence="")
    elif wanted.evidence == "no":
        rows = rows.filter(evidence="")
    secret = wanted.sort.endswith("cost") and closed_costs(user, [facility.pk]).of(facility.pk)
    if (by := SORTS.get(wanted.sort.lstrip("-"))) and wanted.sort != "-month" and not secret:
        minus = "-" if wanted.sort.startswith("-") else ""
        rows = rows.order_by(*(f"{minus}{field}" for field in by), "-year", "-month", "flow", "pk")
    return rows


def record_sums(rows: QuerySet[Record], closed: Collection[int]) -> RecordSums:
    """The sums of a filtered list, of all its pages; closed : keys of the resources whose cost is not told."""
    found = rows.order_by().aggregate(n=Count("pk"), cost=Sum("cost_vnd"), quantity=Sum("quantity"))
    kinds = list(rows.order_by().values("flow", "resource", "product").distinct()[:2])
    first = rows.first() if len(kinds) == 1 else None
    quantity = found["quantity"] if first else None
    secret = rows.order_by().filter(resource__in=closed).exclude(cost_vnd=None).exists()
    cost = None if secret else found["cost"]
    return RecordSums(found["n"], cost, quantity, first.unit if first else "", secret)


def record_list(
    user, facility: Facility, *, year: int | None = None, item: str = "", quality: str = ""
) -> QuerySet[Record]:
    """Records of `facility`, newest first; `item` is a resource's code or "product-<pk>"."""
    rows = Record.objects.visible_to(user).filter(facility=facility).select_related("resource", "product")
    if year is not None:
        rows = rows.filter(year=year)
    if quality in Quality:
        rows = rows.filter(quality=quality)
    if item.startswith("product-") and item[8:].isdigit():
        rows = rows.filter(product=int(item[8:]))
    elif item:
        rows = rows.filter(resource__code=item.rpartition(":")[2])
    return rows.order_by("-year", "-month", "flow", "pk")


def item_choices(facility: Facility, *, everything: bool = False) -> list[tuple[str, str]]:
    """(code, name) of what has records here; with `everything`, all that could have."""
    products = [(f"product-{p.pk}", p.name) for p in facility.products.all()]
    if everything:
        lang = get_language() or "vi"
        found = sorted(Resource.objects.all(), key=lambda r: (r.kind, fold(r.name)))
        return products + [(f"{_flow(r)}:{r.code}", f"{r.name} ({unit_label(r.unit, lang)})") for r in found]
    used = Resource.objects.filter(pk__in=facility.records.values("resource"))
    return products + sorted(((r.code, r.name) for r in used), key=lambda c: fold(c[1]))


def item_code(record: Record) -> str:
    """What a record is of, as `item_choices` names it with `everything`."""
    return f"product-{record.product_id}" if record.product_id else f"{record.flow}:{record.resource.code}"


def as_typed(record: Record, closed: ClosedCosts) -> dict[str, str]:
    """What stands in a record as a person would type it: the form that corrects it begins with this.

    The quantity is the one that is kept, in the unit it is kept in.
    """
    label, secret = unit_label(record.unit), closed.holds(record.facility_id, record.resource_id)
    return {
        "item": item_code(record),
        "month": f"{record.year}-{record.month:02d}",
        "quantity": f"{record.quantity.normalize():f}".replace(".", ","),
        "unit": label if normalise_unit(label) == record.unit else record.unit,
        "cost_vnd": "" if record.cost_vnd is None or secret else format_number(record.cost_vnd),
        "meter": record.meter,
        "source": record.source,
    }


def record_like(facility: Facility, item: str, month: str, meter: str) -> Record | None:
    """The record that typing this in would change."""
    year, _dash, number = month.partition("-")
    rows = facility.records.filter(year=int(year), month=int(number), meter=meter)
    return next((row for row in rows.select_related("resource") if item_code(row) == item), None)


def _flow(resource: Resource) -> str:
    kind = resource.kind
    return kind if kind in (Flow.WASTE, Flow.EMISSION) else Flow.CONSUMPTION
