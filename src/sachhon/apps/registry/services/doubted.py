"""What a room above the registry doubts about stored figures: told to whoever has just written them."""

from collections.abc import Collection
from dataclasses import dataclass

from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.signals import figures_doubted
from sachhon.workbooks.problems import Problem


@dataclass(frozen=True)
class FigureDoubt:
    """One open doubt in words. `thing`: flow, key of the product or resource, and meter it is about, None where it is
    about the year as a whole; month 0: the whole year. `is_grave`: it keeps the year out of totals until settled."""

    year: int
    thing: tuple[str, int, str] | None
    month: int
    problem: Problem
    is_grave: bool = False


def doubts_about(facility: Facility, years: Collection[int], *, reported: bool = False) -> list[FigureDoubt]:
    """What is open about the records of these years that no report covers; `reported`: of those with a report too."""
    answers = figures_doubted.send(sender=Facility, facility=facility, years=set(years), reported=reported)
    return [doubt for _receiver, found in answers for doubt in found]
