"""Reading the monthly records of one facility, and what can be recorded there."""

from django.db.models import QuerySet

from sachhon.apps.registry.models import Facility, Flow, Quality, Record, Resource
from sachhon.documents.numbers import format_number
from sachhon.reference import normalise_unit, unit_label
from sachhon.reference.text import fold


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
        found = sorted(Resource.objects.all(), key=lambda r: (r.kind, fold(r.name)))
        return products + [(f"{_flow(r)}:{r.code}", f"{r.name} ({r.unit})") for r in found]
    used = Resource.objects.filter(pk__in=facility.records.values("resource"))
    return products + sorted(((r.code, r.name) for r in used), key=lambda c: fold(c[1]))


def item_code(record: Record) -> str:
    """What a record is of, as `item_choices` names it with `everything`."""
    return f"product-{record.product_id}" if record.product_id else f"{record.flow}:{record.resource.code}"


def as_typed(record: Record) -> dict[str, str]:
    """What stands in a record as a person would type it: the form that corrects it begins with this.

    The quantity is the one that is kept, in the unit it is kept in.
    """
    label = unit_label(record.unit)
    return {
        "item": item_code(record),
        "month": f"{record.year}-{record.month:02d}",
        "quantity": f"{record.quantity.normalize():f}".replace(".", ","),
        "unit": label if normalise_unit(label) == record.unit else record.unit,
        "cost_vnd": "" if record.cost_vnd is None else format_number(record.cost_vnd),
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
