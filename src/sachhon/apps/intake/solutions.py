"""The plug for solutions found in mapped workbooks: intake reads them, the room that keeps reports stores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sachhon.workbooks.problems import Problem
from sachhon.workbooks.solutions import FoundSolution


@dataclass(frozen=True)
class Stored:
    """What became of a file's solutions: how many figures were written, what is told, and why others were left out.

    A file of which nothing else was taken is refused by what was left out.
    """

    figures: int = 0
    told: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()


class SolutionStore(Protocol):
    """Where solutions are kept."""

    def plan(self, actor, facility, found: Sequence[FoundSolution]) -> Sequence[Problem]:
        """Why some of them would not be stored, without writing anything."""
        ...

    def write(self, actor, facility, found: Sequence[FoundSolution], *, batch: str, file_name: str) -> Stored:
        """Stores them inside the caller's transaction; what stands there already stays."""
        ...

    def address(self, facility, year: int) -> str:
        """The page where the facility's solutions of a year are seen, or written while they can be."""
        ...

    def undo(self, actor, batch: str) -> None:
        """Takes back what `write` did under `batch`. May raise UndoRefused with the reason."""
        ...


_stores: list[SolutionStore] = []


def register_store(store: SolutionStore) -> None:
    """Called from an AppConfig.ready(); the last one counts."""
    _stores[:] = [store]


def store() -> SolutionStore:
    """The room that keeps solutions."""
    return _stores[0]


def asked_for(found: Sequence[FoundSolution]) -> list[Problem]:
    """A warning for each solution of which the file does not tell all: the report asks for the rest."""
    return [
        Problem(
            "warning",
            "solution_asked",
            *next(iter(each.origins.values()), (None, None)),
            params={"name": each.solution.name or "…", "year": each.year, "missing": list(each.missing)},
        )
        for each in found
        if each.missing
    ]


def summary_of(each: FoundSolution) -> dict[str, Any]:
    """A solution as the file's page and the preview show it."""
    solution = each.solution
    return {
        "name": solution.name,
        "group": solution.group,
        "year": each.year,
        "done": solution.done.isoformat() if solution.done else "",
        "investment_vnd": solution.investment_vnd,
        "saving_vnd_per_year": solution.saving_vnd_per_year,
        "savings": [
            {"resource": saving.resource_code, "quantity": str(saving.quantity), "unit": saving.unit}
            for saving in solution.savings
        ],
    }
