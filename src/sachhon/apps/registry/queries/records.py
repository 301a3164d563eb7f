"""Reading the monthly records of one facility, and what can be recorded there."""

from django.db.models import QuerySet

from sachhon.apps.registry.models import Facility, Flow, Quality, Record, Resource
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


def _flow(resource: Resource) -> str:
    kind = resource.kind
    return kind if kind in (Flow.WASTE, Flow.EMISSION) else Flow.CONSUMPTION
