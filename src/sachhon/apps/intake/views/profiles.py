"""The mapping profiles: where each is used, renamed, offered to others, deleted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.intake import queries
from sachhon.apps.intake.models import MappingProfile
from sachhon.apps.intake.services import profiles as services
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("intake.inbox.view")
def profiles(request):
    """All profiles this person may use; those of their own reach can be changed."""
    own = set(MappingProfile.objects.visible_to(request.user).values_list("pk", flat=True))
    rows = list(queries.profiles(request.user))
    context = {"rows": [{"profile": each, "own": each.pk in own} for each in rows]}
    return render(request, "intake/profiles.html", context)


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
