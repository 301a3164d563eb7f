"""The list of facilities, its export, and the map of the province."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sachhon.apps.people.access import allow
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, rows_download
from sachhon.apps.people.focus import current_province, current_year
from sachhon.apps.registry.map import Place, project
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.registry.queries.facilities import (
    FacilityFilter,
    facility_list,
    filter_choices,
    rows_of,
)
from sachhon.apps.registry.queries.places import by_commune
from sachhon.apps.registry.sizes import SIZES, size_label
from sachhon.reference.numbers import format_number

PER_PAGE = 50
COLUMNS = (
    ListColumn("code", gettext_lazy("Code"), sort="code"),
    ListColumn("name", gettext_lazy("Facility"), sort="name", fixed=True),
    ListColumn("enterprise", gettext_lazy("Enterprise"), usual=False),
    ListColumn("tax_code", gettext_lazy("Tax code"), usual=False),
    ListColumn("trade", gettext_lazy("Trade"), sort="trade"),
    ListColumn("vsic", gettext_lazy("VSIC"), usual=False),
    ListColumn("area", gettext_lazy("Commune"), sort="area"),
    ListColumn("address", gettext_lazy("Address"), usual=False),
    ListColumn("size", gettext_lazy("Size")),
    ListColumn("key_energy_user", gettext_lazy("Key energy user")),
    ListColumn("licence_group", gettext_lazy("Licence group"), usual=False),
    ListColumn("contact", gettext_lazy("Contact"), usual=False),
    ListColumn("phone", gettext_lazy("Phone"), usual=False),
    ListColumn("status", gettext_lazy("Status"), sort="status"),
)


@require_GET
@allow("registry.facility.view")
def facilities(request):
    """Cơ sở: all that the person may see, searched, filtered, sorted, paged."""
    wanted = FacilityFilter.from_params(request.GET)
    # Keys first: a late page is reached along the index, without the rows before it.
    keys = facility_list(request.user, wanted).values_list("pk", flat=True)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "filters": _filters(request.user, wanted),
        "q": wanted.q,
        "columns": columns_of(request, "facilities", COLUMNS),
    }
    return render(request, "registry/facilities.html", context)


@require_GET
@allow("registry.facility.export")
def export(request, kind: str):
    """The whole filtered list as .xlsx or .csv."""
    wanted = FacilityFilter.from_params(request.GET)
    year = current_year(request)
    rows = rows_of(facility_list(request.user, wanted).values_list("pk", flat=True))
    fields = [
        field(_("Code"), lambda f: f.code),
        field(_("Facility"), lambda f: f.name, width=3),
        field(_("Enterprise"), lambda f: f.enterprise.name, width=2.5),
        field(_("Tax code"), lambda f: f.tax_code, width=1.2),
        field(_("Trade"), lambda f: f.trade.name, width=1.8),
        field(_("VSIC"), lambda f: f.sector.code if f.sector else ""),
        field(_("Commune"), lambda f: f.area.name, width=1.6),
        field(_("Address"), lambda f: f.address, width=3),
        field(_("Size"), lambda f: str(size_label(f.size_class))),
        field(_("Status"), lambda f: f.get_status_display()),
        field(_("Licence group"), lambda f: f.get_licence_group_display()),
        field(_("Key energy user"), lambda f: f.get_key_energy_user_display()),
        field(_("Contact"), lambda f: f.contact_name, width=1.6),
        field(_("Phone"), lambda f: f.contact_phone, width=1.2),
        field(_("E-mail"), lambda f: f.contact_email, width=2),
    ]
    return rows_download(kind, f"co-so-{year}", _("Facilities"), fields, rows)


@require_GET
@allow("registry.map.view")
def province_map(request):
    """The province by commune: a symbol a commune, sized by the number of facilities, and the same as a table."""
    trade, status = request.GET.get("trade", ""), request.GET.get("status", "")
    province = current_province(request) or request.user.province_code or "20"
    places = by_commune(request.user, province, trade=trade, status=status)
    choices = filter_choices(request.user)
    context = {
        "map": project(
            [Place(p.area, p.facilities, format_number(p.facilities, get_language(), 0)) for p in places]
        ),
        "places": places,
        "total": sum(p.facilities for p in places),
        "operating": sum(p.operating for p in places),
        "key_energy_users": sum(p.key_energy_users for p in places),
        "filters": [
            chip("trade", _("Trade"), trade, [(t.code, t.name) for t in choices["trades"]]),
            chip("status", _("Status"), status, Facility.Status.choices),
        ],
    }
    return render(request, "registry/map.html", context)


def _filters(user, wanted: FacilityFilter) -> list[dict]:
    choices = filter_choices(user)
    return [
        chip("trade", _("Trade"), wanted.trade, [(t.code, t.name) for t in choices["trades"]]),
        chip("area", _("Commune"), wanted.area, [(a.key, a.name) for a in choices["areas"]]),
        chip("size", _("Size"), wanted.size, [(code, size_label(code)) for code in SIZES]),
        chip("status", _("Status"), wanted.status, Facility.Status.choices),
        chip("licence_group", _("Licence group"), wanted.licence_group, Facility.LicenceGroup.choices),
        chip("key_energy_user", _("Key energy user"), wanted.key_energy_user, TriState.choices),
    ]
