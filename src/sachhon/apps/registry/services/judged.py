"""Years whose figures stand in a report already judged: nobody changes them past the report."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.signals import years_judged


class YearJudged(ValidationError):
    """A figure of an accepted or locked year was to be changed without a revision of its report."""


def judged_years(facility: Facility, years: Collection[int]) -> set[int]:
    """Those of `years` that a room above the registry says are judged."""
    answers = years_judged.send(sender=Facility, facility=facility, years=set(years))
    return {year for _receiver, found in answers for year in found}


def refuse_judged(facility: Facility, years: Collection[int]) -> None:
    """Raises `YearJudged`, with the cure, when one of `years` is judged."""
    judged = judged_years(facility, years)
    if judged:
        raise YearJudged(
            _(
                "The report of %(year)s was accepted, so its monthly figures stay as they are. "
                "To correct one, revise that report and enter the figure there."
            )
            % {"year": min(judged)}
        )
