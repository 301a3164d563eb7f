"""Costs that give away a price which the factory keeps to itself: cost over quantity is the price.

Which resources those are a higher room says (`register`), with the action that lets a person read them all the same.
Every page, download and answer that shows a cost asks here; what is stored stays as it is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from sachhon.apps.people.permissions import allowed_roles

Secrets = Callable[
    [Collection[int]], Mapping[int, frozenset[int]]
]  # keys of facilities → of resources, of each
Figures = Callable[[], Q]  # figures whose value or terms are such costs
_rooms: list[tuple[str, Secrets, Figures]] = []
Row = TypeVar("Row")


@dataclass(frozen=True)
class ClosedCosts:
    """The resources, by facility, whose costs one person may not read."""

    resources: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def holds(self, facility: int, resource: int | None) -> bool:
        """Whether the cost of this resource at this facility is closed; keys."""
        return resource in self.resources.get(facility, frozenset())

    def of(self, facility: int) -> frozenset[int]:
        """Keys of all such resources of a facility."""
        return self.resources.get(facility, frozenset())

    def blanked(self, facility: int, rows: Iterable[Row]) -> list[Row]:
        """Records or lines of one facility, in memory without the costs that are closed: not to be saved."""
        found = list(rows)
        for row in found:
            row.cost_closed = row.cost_vnd is not None and self.holds(facility, row.resource_id)  # type: ignore
            if row.cost_closed:  # type: ignore
                row.cost_vnd = None  # type: ignore
        return found


def register(action: str, secrets: Secrets, figures: Figures) -> None:
    """A room says which costs are closed to those who may not do `action`, and which figures tell them.

    Called from AppConfig.ready().
    """
    allowed_roles(action)
    _rooms.append((action, secrets, figures))


def closed_costs(user, facilities: Collection[int]) -> ClosedCosts:
    """What `user` may not read of the costs of these facilities (keys)."""
    closed: dict[int, frozenset[int]] = {}
    for action, secrets, _figures in _rooms:
        if not user.may(action):
            for facility, resources in secrets(facilities).items():
                closed[facility] = closed.get(facility, frozenset()) | resources
    return ClosedCosts(closed)


def closed_to_some(facilities: Collection[int]) -> ClosedCosts:
    """The same for what is read by many, of whom some may not read it: sums of the province, kept messages."""
    closed: dict[int, frozenset[int]] = {}
    for _action, secrets, _figures in _rooms:
        for facility, resources in secrets(facilities).items():
            closed[facility] = closed.get(facility, frozenset()) | resources
    return ClosedCosts(closed)


def open_figures(user) -> Q:
    """The condition under which a figure tells no cost that is closed to `user`."""
    found = Q()
    for action, _secrets, figures in _rooms:
        if not user.may(action):
            found &= ~figures()
    return found


def closed_word() -> str:
    """What stands where a closed cost would."""
    return _("confidential")
