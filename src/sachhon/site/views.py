"""Pages that belong to no single room: home, search, language, health."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.people.access import allow, public


@require_GET
@allow("home.view")
def home(request):
    """Hôm nay: what is due, what waits for me, how the year stands."""
    return render(request, "home.html")


@require_GET
@allow("search.use")
def search(request):
    """One search over everything the person may see."""
    return render(request, "search.html", {"q": request.GET.get("q", "")})


@public
@require_POST
def set_language(request):
    """Keeps the chosen language in a cookie and goes back to where the person was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", settings.LANGUAGE_CODE)
    if chosen in {code for code, _name in settings.LANGUAGES}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return response


@public
@require_GET
def health(request):
    """For a monitor: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
