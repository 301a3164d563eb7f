"""Finding facilities: the list with its filters, and what is needed for one facility's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from sachhon.apps.registry.models import Area, Facility, Trade
from sachhon.apps.registry.search import matching
from sachhon.reference.text import fold

SORTS = {
    "code": "code",
    "name": "sort_key",
    "trade": "trade__code",
    "area": "area__code",
    "status": "status",
}


@dataclass(frozen=True)
class FacilityFilter:
    """What stands in the list's address bar."""

    q: str = ""
    trade: str = ""
    area: str = ""
    size: str = ""
    status: str = ""
    licence_group: str = ""
    key_energy_user: str = ""
    sort: str = "code"

    @classmethod
    def from_params(cls, params) -> "FacilityFilter":
        """Takes what it knows from a query string; the rest is ignored."""
        return cls(
            **{
                name: params.get(name, "").strip() or cls.__dataclass_fields__[name].default
                for name in cls.__dataclass_fields__
            }
        )

    @property
    def active(self) -> dict[str, str]:
        """The filters in use, without search and order."""
        return {k: v for k, v in self.__dict__.items() if v and k not in {"q", "sort"}}


def facility_list(user, wanted: FacilityFilter) -> QuerySet[Facility]:
    """The facilities that `user` may see and that match, in order.

    Search is by word, in any order, without tone marks, in code, name, tax code and address.
    """
    rows = Facility.objects.visible_to(user).filter(merged_into=None)
    rows = matching(rows, fold(wanted.q))
    if wanted.trade:
        rows = rows.filter(trade__code=wanted.trade)
    if wanted.area:
        rows = rows.filter(Q(area__key=wanted.area) | Q(area__parent__key=wanted.area))
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.licence_group:
        rows = rows.filter(licence_group=wanted.licence_group)
    if wanted.key_energy_user:
        rows = rows.filter(key_energy_user=wanted.key_energy_user)
    if wanted.size:
        rows = rows.filter(size_class=wanted.size)
    descending = wanted.sort.startswith("-")
    column = SORTS.get(wanted.sort.lstrip("-"), "code")
    order = [column] if column == "code" else [column, "code"]
    return rows.order_by(*(f"-{name}" if descending else name for name in order))


def rows_of(page: Sequence[int]) -> list[Facility]:
    """The facilities with these keys, in this order, with what a list shows of them."""
    found = Facility.objects.select_related("trade", "area", "enterprise", "sector").in_bulk(list(page))
    return [found[pk] for pk in page if pk in found]


def filter_choices(user) -> dict[str, list]:
    """What the filters offer: only trades and communes that occur among the visible facilities."""
    mine = Facility.objects.visible_to(user).filter(merged_into=None)
    # EXISTS stops at the first facility of each, where IN would walk through all of them.
    trades = Trade.objects.filter(Exists(mine.filter(trade=OuterRef("pk"))))
    areas = Area.objects.filter(Exists(mine.filter(area=OuterRef("pk"))))
    return {
        "trades": sorted(trades, key=lambda t: fold(t.name)),
        "areas": sorted(areas, key=lambda a: fold(a.name)),
    }


def duplicates_of(user, facility: Facility, limit: int = 5) -> list[Facility]:
    """Visible facilities that may be the same one: same tax code, or the same words in the name and commune."""
    rows = Facility.objects.visible_to(user).filter(merged_into=None).exclude(pk=facility.pk)
    same_tax = Q(tax_code=facility.tax_code) if facility.tax_code else Q(pk__in=[])
    words = [w for w in fold(facility.name).split() if len(w) > 2]
    same_name = Q(area=facility.area, trade=facility.trade)
    for word in words:
        same_name &= Q(search_key__contains=word)
    return list(rows.filter(same_tax | same_name)[:limit])
