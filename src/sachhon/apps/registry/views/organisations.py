"""Organisations: the list, its export, the page of one, and the form that enters and changes one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, rows_download
from sachhon.apps.people.models import Organisation
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.forms_organisation import OrganisationForm, province_name
from sachhon.apps.registry.queries.organisations import (
    OrganisationFilter,
    facilities_of,
    organisation_list,
    people_of,
    sees_people,
)
from sachhon.apps.registry.services import organisations as services
from sachhon.apps.registry.services.errors import Conflict

PER_PAGE = 50
COLUMNS = (
    ListColumn("name", gettext_lazy("Organisation"), sort="name", fixed=True),
    ListColumn("kind", gettext_lazy("Kind"), sort="kind"),
    ListColumn("tax_code", gettext_lazy("Tax code"), sort="tax_code"),
    ListColumn("province", gettext_lazy("Province"), sort="province"),
    ListColumn("facilities", gettext_lazy("Facilities"), sort="facilities", num=True),
    ListColumn("people", gettext_lazy("Accounts"), sort="people", num=True),
)


@require_GET
@allow("registry.organisation.view")
def organisations(request):
    """Companies, and the bodies of the programme, that the person may see."""
    wanted = OrganisationFilter.from_params(request.GET)
    page = Paginator(organisation_list(request.user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.province_name = province_name(row.province_code)
    context = {
        "page": page,
        "q": wanted.q,
        "filters": [chip("kind", _("Kind"), wanted.kind, Organisation.Kind.choices)],
        "columns": columns_of(request, "organisations", _columns(request.user)),
        "may_create": bool(services.kinds_kept_by(request.user)),
    }
    return render(request, "registry/organisations.html", context)


@require_GET
@allow("registry.facility.export")
def export(request, kind: str):
    """The organisations found, as .xlsx or .csv."""
    shown = {column.key for column in _columns(request.user)}
    fields = {
        "name": field(_("Organisation"), lambda o: o.name, width=3),
        "kind": field(_("Kind"), lambda o: o.get_kind_display(), width=2),
        "tax_code": field(_("Tax code"), lambda o: o.tax_code, width=1.2),
        "province": field(_("Province"), lambda o: province_name(o.province_code), width=1.5),
        "facilities": field(_("Facilities"), lambda o: o.facility_count, "integer"),
        "people": field(_("Accounts"), lambda o: o.people_count, "integer"),
    }
    rows = organisation_list(request.user, OrganisationFilter.from_params(request.GET))
    kept = [each for key, each in fields.items() if key in shown]
    return rows_download(kind, "to-chuc", _("Organisations"), kept, rows)


@require_GET
@allow("registry.organisation.view")
def detail(request, pk: int):
    """One organisation: who it is, its facilities, its people."""
    organisation = get_visible(Organisation.objects, request.user, pk=pk)
    facilities = Paginator(facilities_of(request.user, organisation), PER_PAGE)
    context = {
        "organisation": organisation,
        "province": province_name(organisation.province_code),
        "has_facilities": organisation.kind == Organisation.Kind.ENTERPRISE,
        "page": facilities.get_page(request.GET.get("page")),
        "sees_people": sees_people(request.user),
        "people": people_of(request.user, organisation),
        "may_edit": organisation.kind in services.kinds_kept_by(request.user),
        "manages_accounts": request.user.may("people.user.manage"),
    }
    return render(request, "registry/organisation.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.organisation.edit")
def create(request):
    """Enters an organisation."""
    form = OrganisationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organisation(request.user, **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:organisation", made.pk)
    context = {"form": form, "organisation": None, "back": reverse("registry:organisations")}
    return render(request, "registry/organisation_form.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.organisation.edit")
def edit(request, pk: int):
    """Changes an organisation. Two people saving at once: the second is shown what is stored now."""
    organisation = get_visible(Organisation.objects, request.user, pk=pk)
    if organisation.kind not in services.kinds_kept_by(request.user):
        raise PermissionDenied("registry.organisation.edit")
    form = OrganisationForm(request.POST or None, user=request.user, existing=organisation)
    theirs = []
    if request.method == "POST" and form.is_valid():
        try:
            services.change_organisation(request.user, organisation, form.cleaned_data["seen"], **form.values)
        except Conflict:
            organisation.refresh_from_db()
            theirs = form.stored_now(organisation)
            form.add_error(
                None, _("Somebody else saved this organisation in the meantime. Compare, then save again.")
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:organisation", pk)
    context = {
        "form": form,
        "organisation": organisation,
        "theirs": theirs,
        "back": reverse("registry:organisation", args=[pk]),
    }
    return render(request, "registry/organisation_form.html", context)


def _columns(user) -> list[ListColumn]:
    """The columns with something in them for this person."""
    left_out = set()
    if user.reach != Reach.COUNTRY:
        left_out.add("province")
    if not sees_people(user):
        left_out.add("people")
    return [column for column in COLUMNS if column.key not in left_out]
