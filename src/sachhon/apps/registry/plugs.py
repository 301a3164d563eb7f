"""What the registry puts on the page "Today" and into the search field."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.people.finder import Hit
from sachhon.apps.people.models import Organisation, Role
from sachhon.apps.people.today import TodayItem
from sachhon.apps.registry.models import Facility, Quality, Record
from sachhon.apps.registry.queries.organisations import OrganisationFilter, organisation_list
from sachhon.apps.registry.search import matching


def find(user, folded: str, limit: int) -> list[Hit]:
    """Facilities by name, code, tax code or address; closed ones where there is room left."""
    rows = Facility.objects.visible_to(user).filter(merged_into=None).select_related("trade", "area")
    rows = matching(rows, folded).order_by("sort_key")
    found = list(rows.exclude(status=Facility.Status.CLOSED)[:limit])
    if len(found) < limit:
        found += rows.filter(status=Facility.Status.CLOSED)[: limit - len(found)]
    return [
        Hit(
            title=f.name,
            detail=f"{f.code} · {f.trade.name} · {f.area.name}",
            url=reverse("registry:facility", args=[f.code]),
            icon="building-factory-2",
        )
        for f in found
    ]


def find_organisations(user, folded: str, limit: int) -> list[Hit]:
    """Companies and other organisations by name or tax code."""
    if not user.may("registry.organisation.view"):
        return []
    return [
        Hit(
            title=one.name,
            detail=" · ".join(filter(None, (one.get_kind_display(), one.tax_code))),
            url=reverse("registry:organisation", args=[one.pk]),
            icon="building-community",
        )
        for one in organisation_list(user, OrganisationFilter(q=folded))[:limit]
    ]


MOST_FACILITIES = 5  # lines of suspect records; the next come up when these are done


def today_items(user, year: int, day) -> list[TodayItem]:
    """Suspect records of the year, a line a facility, for those who can put them right."""
    if not user.may("registry.record.edit") or user.role == Role.ADMIN:
        return []
    rows = Record.objects.visible_to(user).filter(year=year, quality=Quality.SUSPECT)
    by_facility = list(
        rows.order_by("facility__code")
        .values_list("facility__code", "facility__name")
        .annotate(n=Count("pk"))
    )
    found = []
    for code, name, count in by_facility[:MOST_FACILITIES]:
        query = urlencode({"year": year, "quality": str(Quality.SUSPECT)})
        found.append(
            TodayItem(
                kind="waiting",
                title=ngettext("%(n)d suspect record", "%(n)d suspect records", count) % {"n": count},
                detail=f"{name}. " + _("Look at them and put them right or confirm them."),
                url=f"{reverse('registry:records', args=[code])}?{query}",
                count=count,
                level="warning",
            )
        )
    return found


def _nowhere(_user, _thing) -> str:
    return ""


def _facility(_user, facility: Facility) -> str:
    return reverse("registry:facility", args=[facility.code])


def _organisation(_user, organisation: Organisation) -> str:
    return reverse("registry:organisation", args=[organisation.pk])


# What the history of changes calls by name, and where each leads.
LINKS = {
    "registry.facility": _facility,
    "people.organisation": _organisation,
    "registry.area": _nowhere,
    "registry.sector": _nowhere,
    "registry.trade": _nowhere,
    "registry.resource": _nowhere,
    "registry.product": _nowhere,
}
