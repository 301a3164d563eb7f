"""Merging two facilities that are one: find, compare, merge, undo."""

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.registry.forms import MergeForm
from sachhon.apps.registry.models import Facility, FacilityMerge
from sachhon.apps.registry.services import merge as services
from sachhon.apps.registry.services.likeness import are_other_enterprises, side_by_side


@require_http_methods(["GET", "POST"])
@allow("registry.facility.merge")
def merge(request, code: str):
    """Step 1 names the duplicate, step 2 shows what would happen, the button does it."""
    kept = get_visible(Facility.objects, request.user, code=code)
    form = MergeForm(request.POST or request.GET or None)
    plan = absorbed = None
    alike = []
    if form.is_bound and form.is_valid():
        absorbed = (
            Facility.objects.visible_to(request.user).filter(code=form.cleaned_data["other"].strip()).first()
        )
        if absorbed is None:
            form.add_error("other", _("No facility with this code is visible to you."))
        else:
            try:
                plan = services.preview(kept, absorbed)
                alike = side_by_side(kept, absorbed)
                if request.method == "POST":
                    services.merge(request.user, kept, absorbed, is_sure=form.cleaned_data["is_sure"])
                    messages.success(request, _("Merged. It can be undone on this page."))
                    return redirect("registry:facility", code)
            except ValidationError as error:
                form.add_error("other", error)
    context = {
        "facility": kept,
        "absorbed": absorbed,
        "form": form,
        "plan": plan,
        "alike": alike,
        "others": bool(plan) and are_other_enterprises(kept, absorbed),
        "filled": _filled(plan),
        "rows": _rows(plan),
    }
    return render(request, "registry/merge.html", context)


@require_POST
@allow("registry.facility.merge")
def undo(request, code: str, pk: int):
    """Takes a merge apart again."""
    get_visible(Facility.objects, request.user, code=code)
    row = get_visible(FacilityMerge.objects, request.user, pk=pk, kept__code=code)
    try:
        services.undo_merge(request.user, row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The merge was undone."))
    return redirect("registry:facility", code)


def _filled(plan) -> list[tuple[str, object]]:
    """What the kept facility lacks and gets, with the names of the fields."""
    fields = plan.fields.items() if plan else ()
    return [(Facility._meta.get_field(name).verbose_name, new) for name, (_old, new) in fields]


def _rows(plan) -> list[dict]:
    """Counts of what moves and what stays, by table, in words."""
    if plan is None:
        return []
    labels = sorted({*plan.moved, *plan.left})
    return [
        {
            "name": apps.get_model(label)._meta.verbose_name_plural,
            "moved": len(plan.moved.get(label, [])),
            "left": len(plan.left.get(label, [])),
        }
        for label in labels
    ]
