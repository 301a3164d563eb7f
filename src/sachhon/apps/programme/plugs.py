"""What the programme adds to the registry's pages: a facility's standing, and what a target's figure counts."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.programme.models import FacilityStanding
from sachhon.apps.programme.queries import answers, standings_url
from sachhon.apps.registry.pages import Box


def boxes(user, facility, year: int) -> list[Box]:
    """One box with the three answers; none where the facility was not judged in that year."""
    standing = FacilityStanding.objects.visible_to(user).filter(facility=facility, year=year).first()
    if standing is None:
        return []
    title = _("Standing in %(year)s") % {"year": year}
    context = {"answers": answers(standing, "en" if get_language() == "en" else "vi")}
    return [Box(title, "programme/standing_box.html", context)]


def opener(user, figure) -> tuple[str, str] | None:
    """The facilities that a target's figure counts: their standings of the year, with the reason for each."""
    if not figure.code.startswith("target:") or not user.may("programme.target.view"):
        return None
    _kind, target_code, _province, year, *_rest = figure.code.split(":")
    return _("Standing of the facilities"), standings_url(target_code, int(year), "yes")
