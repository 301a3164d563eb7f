"""Facilities and solutions as the province counts them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """A facility that is counted, with the groups it stands in (None: unknown) and what is counted of it."""

    facility_id: int
    trade: str | None
    area_key: str | None
    size_class: str | None
    key_energy_user: bool
    applying: bool
    on_time: bool


def kept(members: Iterable[Member], of_which: Callable[[Member], bool] | None = None) -> dict[str, list[int]]:
    """What a figure keeps of those it counts (`Figure.records`): all, and those it counts them for."""
    every = list(members)
    found = {"facilities": [m.facility_id for m in every]}
    return found if of_which is None else {**found, "of_which": [m.facility_id for m in every if of_which(m)]}


@dataclass(frozen=True)
class SolutionCount:
    """Solutions carried out until the end of the year, of one group; group None: all eight together.

    closed : its money is left out, since it would tell what a factory keeps to itself (closing.py).
    """

    group: str | None
    solutions: int
    facilities: int
    investment_vnd: int | None
    saving_vnd: int | None
    closed: bool = False
