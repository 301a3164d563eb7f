"""Pages that belong to no single room: home, search, and the switches of the top bar."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.people import finder, focus, today
from sachhon.apps.people.access import allow, public
from sachhon.apps.people.scope import Reach
from sachhon.site.context import THEME_COOKIE, THEMES

YEAR_OF_SECONDS = 365 * 24 * 3600
BELL_SECONDS = 60
LIVE_HITS, PAGE_HITS = 5, 50


@require_GET
@allow("home.view")
def home(request):
    """Hôm nay: what is due, what waits for me, what changed, how the year's targets stand."""
    day = localdate()
    items = today.items_for(request.user, focus.current_year(request), day)
    groups = {
        kind: [item for item in items if item.kind == kind]
        for kind in ("waiting", "watch", "changed", "target")
    }
    groups["due"] = [item for item in items if item.kind in ("late", "due")]
    return render(request, "home.html", {"today": day, **groups})


@require_GET
@allow("home.view")
def bell(request):
    """The list under the bell; the browser keeps it for a minute."""
    day = localdate()
    items = today.items_for(request.user, focus.current_year(request), day)
    items = [item for item in items if item.kind in ("late", "due", "waiting")]
    response = render(request, "frame/bell.html", {"items": items, "today": day})
    patch_cache_control(response, private=True, max_age=BELL_SECONDS)
    return response


@require_GET
@allow("search.use")
def search(request):
    """One search over everything the person may see: a page, or the list under the search field."""
    query = request.GET.get("q", "").strip()[:100]
    live = bool(request.htmx)
    hits = finder.find(request.user, query, LIVE_HITS if live else PAGE_HITS)
    return render(request, "frame/hits.html" if live else "search.html", {"q": query, "hits": hits})


@require_POST
@allow("home.view")
def set_year(request):
    """Keeps the year to look at for this session."""
    year = focus.as_year(request.POST.get("year"), localdate())
    if year is not None:
        request.session[focus.YEAR_KEY] = year
    return _back(request, without="year")


@require_POST
@allow("home.view")
def set_province(request):
    """Keeps the province to look at, for those who see the whole country."""
    code = request.POST.get("province", "")
    if request.user.reach == Reach.COUNTRY and (code == "" or focus.is_province_code(code)):
        request.session[focus.PROVINCE_KEY] = code
    return _back(request, without="province")


@public
@require_POST
def set_language(request):
    """Keeps the chosen language in a cookie."""
    chosen = request.POST.get("language")
    known = {code for code, _name in settings.LANGUAGES}
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, chosen, known)


@public
@require_POST
def set_theme(request):
    """Keeps light, dark or "as the device" in a cookie."""
    return _remember(_back(request), THEME_COOKIE, request.POST.get("theme"), THEMES)


@public
@require_GET
def favicon(request):
    """The mark of the site where a browser looks for it unasked: beside a PDF or a picture."""
    return HttpResponsePermanentRedirect(static("site/favicon.svg"))


@public
@require_GET
def health(request):
    """For a monitor: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _back(request, without: str = "") -> HttpResponseRedirect:
    """To where the person was, on this host only; the query key `without` is dropped."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    path, mark, query = target.partition("?")
    if without and mark:
        kept = [part for part in query.split("&") if part.partition("=")[0] != without]
        target = f"{path}?{'&'.join(kept)}" if kept else path
    return HttpResponseRedirect(target)


def _remember(response, cookie: str, value, known):
    """Sets a year-long cookie when `value` is one of the known ones."""
    if value in known:
        response.set_cookie(
            cookie, value, max_age=YEAR_OF_SECONDS, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response
