"""The mapping profiles: where each is used, renamed, offered to others, deleted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.intake import queries
from sachhon.apps.intake.models import MappingProfile
from sachhon.apps.intake.services import profiles as services
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.downloads import field, rows_download

PER_PAGE = 50


@require_GET
@allow("intake.inbox.view")
def profiles(request):
    """All profiles this person may use; those of their own reach can be changed."""
    own = set(MappingProfile.objects.visible_to(request.user).values_list("pk", flat=True))
    page = Paginator(_found(request), PER_PAGE).get_page(request.GET.get("page"))
    shared = request.GET.get("shared", "")
    context = {
        "page": page,
        "rows": [{"profile": each, "own": each.pk in own} for each in page.object_list],
        "q": request.GET.get("q", ""),
        "filters": [chip("shared", _("Offered to others"), shared, [("yes", _("Yes")), ("no", _("No"))])],
        "is_filtered": bool(request.GET.get("q") or shared),
    }
    return render(request, "intake/profiles.html", context)


@require_GET
@allow("intake.inbox.view")
def export(request, kind: str):
    """The profiles found, as .xlsx or .csv."""
    fields = [
        field(_("Name"), lambda p: p.name, width=3),
        field(_("Facility"), lambda p: p.facility.name, width=3),
        field(_("Made by"), lambda p: p.created_by.display_name() if p.created_by else "", width=2),
        field(_("Made on"), lambda p: localtime(p.created_at).date(), "date", width=1.2),
        field(_("Files read"), lambda p: p.used, "integer"),
        field(_("Offered to others"), lambda p: _("Yes") if p.shared else _("No")),
    ]
    return rows_download(kind, "ho-so-ghep-cot", _("Mapping profiles"), fields, _found(request))


def _found(request) -> list[MappingProfile]:
    get = request.GET
    return queries.profiles(
        request.user, q=get.get("q", ""), shared=get.get("shared", ""), sort=get.get("sort", "")
    )


@require_POST
@allow("intake.file.fix")
def rename(request, pk: int):
    """Gives a profile another name."""
    profile = get_visible(MappingProfile.objects, request.user, pk=pk)
    try:
        services.rename_profile(request.user, profile, request.POST.get("name", ""))
        messages.success(request, _("Renamed to “%(name)s”.") % {"name": profile.name})
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect("intake:profiles")


@require_POST
@allow("intake.profile.share")
def share(request, pk: int):
    """Offers a profile to every facility of the province, or stops offering it."""
    profile = get_visible(MappingProfile.objects, request.user, pk=pk)
    services.share_profile(request.user, profile, "on" in request.POST)
    return redirect("intake:profiles")


@require_POST
@allow("intake.file.fix")
def delete(request, pk: int):
    """Deletes a profile; what was read by it stays."""
    profile = get_visible(MappingProfile.objects, request.user, pk=pk)
    services.delete_profile(request.user, profile)
    messages.success(request, _("The profile “%(name)s” is deleted.") % {"name": profile.name})
    return redirect("intake:profiles")
