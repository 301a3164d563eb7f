"""Solutions as the province counts them."""

from dataclasses import dataclass


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
