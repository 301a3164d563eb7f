"""What the frame of every page needs: the menu of the role, the province and the year."""

from django.conf import settings

from sachhon.site.menu import menu_for


def frame(request) -> dict:
    """Context of the base template."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO}
    return {"demo": settings.DEMO, "menu": menu_for(user, request.path)}
