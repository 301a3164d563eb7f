"""Guards on every request: the language of the person, a login, and no page without a declared permission."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sachhon.apps.people.focus import FIRST_YEAR, YEAR_KEY, as_year, current_year

# Rooms of other makers that guard themselves: the login pages and the API (its own auth).
SELF_GUARDED = (
    "allauth.",
    "ninja.",
    "django.views.static",
    "django.contrib.staticfiles",
)


class LanguageMiddleware(LocaleMiddleware):
    """The language the person chose (cookie), else Vietnamese, whatever the browser asks for."""

    def process_request(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        supported = {code for code, _name in settings.LANGUAGES}
        translation.activate(chosen if chosen in supported else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks for a login; a part of a page whose session has ended sends the whole page there.

    A part that followed the redirect itself would show the login form in its own small place, and the second
    login form it fetched would take the first one's security token away.
    """

    def handle_no_permission(self, request, view_func):
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        page = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(redirect_to_login(page, self.get_login_url(view_func)).url)


class YearAsked:
    """Says which year is shown where an address asks for one that there is not: a link that was mistyped, say."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked, today = request.GET.get(YEAR_KEY, "").strip(), localdate()
        is_page = request.method == "GET" and not request.htmx and request.user.is_authenticated
        if asked and is_page and as_year(asked, today) is None:
            words = _("There is no year “%(asked)s” here, only %(first)d to %(last)d: %(year)d is shown.")
            words %= {
                "asked": asked[:12],
                "first": FIRST_YEAR,
                "last": today.year,
                "year": current_year(request),
            }
            messages.warning(request, words)
        return self.get_response(request)


class DenyUndeclaredViews:
    """Refuses a view that carries neither @allow(...) nor @public: forgetting one closes a page, never opens it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        module = getattr(view, "__module__", "") or ""
        if hasattr(view, "action") or module.startswith(SELF_GUARDED):
            return None
        raise PermissionDenied(f"{module}.{getattr(view, '__name__', view)} declares no action")
