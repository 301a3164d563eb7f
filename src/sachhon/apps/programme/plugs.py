"""What the programme puts on a facility's page: how it stands in the year looked at, and why."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.programme.models import FacilityStanding
from sachhon.apps.programme.queries import answers
from sachhon.apps.registry.pages import Box


def boxes(user, facility, year: int) -> list[Box]:
    """One box with the three answers; none where the facility was not judged in that year."""
    standing = FacilityStanding.objects.visible_to(user).filter(facility=facility, year=year).first()
    if standing is None:
        return []
    title = _("Standing in %(year)s") % {"year": year}
    context = {"answers": answers(standing, "en" if get_language() == "en" else "vi")}
    return [Box(title, "programme/standing_box.html", context)]
