"""What the frame of every page needs: the menu of the role, the province and the year."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

import sachhon
from sachhon.apps.people import demo, focus
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.models import Area
from sachhon.site.menu import menu_for

THEME_COOKIE = "sachhon_theme"
THEMES = ("auto", "light", "dark")


def frame(request) -> dict:
    """Context of the base template. `layout` is what a page extends to also serve the side panel."""
    chosen = request.COOKIES.get(THEME_COOKIE)
    context = {
        "demo": settings.DEMO,
        "version": sachhon.__version__,
        "theme": chosen if chosen in THEMES else "auto",
        "layout": "panel.html" if getattr(request, "htmx", False) else "base.html",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | {"demo_accounts": SimpleLazyObject(demo.accounts), "demo_password": demo.PASSWORD}
    year = focus.current_year(request)
    province = focus.current_province(request)
    sees_country = user.reach == Reach.COUNTRY
    provinces = SimpleLazyObject(_provinces) if sees_country else []
    return context | {
        "menu": menu_for(user, request.path),
        "current_year": year,
        "years": focus.years_on_offer(localdate()),
        "current_province": province,
        "province_name": SimpleLazyObject(lambda: _province_name(province, provinces)),
        "provinces": provinces,
    }


def _provinces() -> list[Area]:
    return list(Area.objects.filter(level=Area.Level.PROVINCE, valid_to=None).order_by("code"))


def _province_name(code: str, provinces: list[Area]) -> str:
    """Looked up among the provinces on offer where there are some, else by itself."""
    if not code:
        return ""
    offered = provinces or Area.objects.filter(level=Area.Level.PROVINCE, code=code, valid_to=None)
    return next((area.name for area in offered if area.code == code), "")
