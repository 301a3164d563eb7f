"""One facility: its page, and the forms that change it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.focus import current_year
from sachhon.apps.registry.forms import AssignForm, FacilityForm, ProductForm, YearForm
from sachhon.apps.registry.models import Assignment, Facility
from sachhon.apps.registry.pages import facility_page
from sachhon.apps.registry.queries.facilities import duplicates_of
from sachhon.apps.registry.services import facilities as services
from sachhon.apps.registry.services.enterprises import search_enterprises
from sachhon.apps.registry.services.errors import Conflict
from sachhon.apps.registry.services.organisations import label_of


@require_GET
@allow("registry.facility.view")
def detail(request, code: str):
    """Everything about one facility: identity, charts, timeline, products, people, papers."""
    facility = get_visible(Facility.objects, request.user, code=code)
    if facility.merged_into_id:
        messages.info(request, _("%(code)s was merged into this facility.") % {"code": facility.code})
        return redirect("registry:facility", facility.merged_into.code)
    context = facility_page(request.user, facility, current_year(request))
    return render(request, "registry/facility.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.facility.edit_own")
def edit(request, code: str):
    """Identity of the facility. Two people saving at once: the second is shown what the first changed."""
    facility = get_visible(Facility.objects, request.user, code=code)
    form = FacilityForm(request.POST or None, instance=facility, user=request.user)
    theirs: dict = {}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_facility(request.user, facility, form.cleaned_data["version"], **form.changes)
        except Conflict as conflict:
            theirs = conflict.theirs
            form.add_error(
                None, _("Somebody else saved this facility in the meantime. Compare, then save again.")
            )
            facility.refresh_from_db()
            form.data = form.data.copy()
            form.data["version"] = facility.version
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:facility", code)
    labels = {name: Facility._meta.get_field(name).verbose_name for name in theirs}
    context = {"form": form, "facility": facility, "theirs": [(labels[k], v) for k, v in theirs.items()]}
    return render(request, "registry/facility_form.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.facility.edit")
def create(request):
    """A new facility."""
    form = FacilityForm(
        request.POST or None, instance=Facility(province_code=request.user.province_code), user=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            facility = services.create_facility(
                request.user, province_code=request.user.province_code or "20", **form.changes
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Facility %(code)s was registered.") % {"code": facility.code})
            if same := duplicates_of(request.user, facility):
                messages.warning(
                    request,
                    _("It may be the same as: %(facilities)s. Compare, and merge them if it is.")
                    % {"facilities": ", ".join(f"{f.name} ({f.code})" for f in same)},
                )
            return redirect("registry:facility", facility.code)
    return render(request, "registry/facility_form.html", {"form": form, "facility": None})


@require_GET
@allow("registry.facility.edit")
def enterprises(request):
    """The enterprises offered below the field of the form, as one types."""
    found = search_enterprises(request.user, request.GET.get("enterprise", "")[:100])
    context = {"labels": [label_of(one) for one in found]}
    return render(request, "registry/parts/enterprises.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.facility.edit")
def year_figures(request, code: str):
    """Employees, revenue and capital of a year; the size class follows."""
    facility = get_visible(Facility.objects, request.user, code=code)
    year = current_year(request)
    row = facility.years.filter(year=year).first()
    initial = {"year": year}
    if row is not None:
        initial |= {name: getattr(row, name) for name in ("employees", "revenue_vnd", "capital_vnd")}
    form = YearForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_year_figures(request.user, facility, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("registry:facility", code)
    context = {"form": form, "facility": facility, "title": _("Size figures of a year")}
    return render(request, "registry/small_form.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.record.edit")
def product(request, code: str, pk: int | None = None):
    """Adds or changes a product."""
    facility = get_visible(Facility.objects, request.user, code=code)
    existing = get_visible(facility.products, request.user, pk=pk) if pk else None
    initial = {n: getattr(existing, n) for n in ("name", "unit", "norm_weight")} if existing else None
    form = ProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["norm_weight"] = values["norm_weight"] or 1
        try:
            services.save_product(request.user, facility, product=existing, **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:facility", code)
    return render(
        request, "registry/small_form.html", {"form": form, "facility": facility, "title": _("Product")}
    )


@require_http_methods(["GET", "POST"])
@allow("registry.facility.edit")
def assign(request, code: str):
    """Lets an expert work on this facility."""
    facility = get_visible(Facility.objects, request.user, code=code)
    form = AssignForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.assign(request.user, facility, form.cleaned_data["expert"])
        messages.success(request, _("The expert can now work on this facility."))
        return redirect("registry:facility", code)
    context = {"form": form, "facility": facility, "title": _("Assign an expert")}
    return render(request, "registry/small_form.html", context)


@require_POST
@allow("registry.facility.edit")
def unassign(request, code: str, pk: int):
    """Takes an expert off."""
    get_visible(Facility.objects, request.user, code=code)
    services.unassign(request.user, get_visible(Assignment.objects, request.user, pk=pk, facility__code=code))
    messages.success(request, _("The expert no longer sees this facility."))
    return redirect("registry:facility", code)
