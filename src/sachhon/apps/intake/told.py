"""What is to be told of many months of one thing, gathered: one problem a thing, year and sheet, not one a month."""

from dataclasses import dataclass, field
from typing import Any

from sachhon.workbooks.problems import Level, Problem

# What a problem of these rules says was done. It is not told where nothing is done: of a refused file, in a preview.
DEEDS = frozenset({"product_made", "value_replaced", "cost_replaced", "cost_added", "period_spread"})
# What a preview says of a deed that would replace a figure that is there, with both values.
FORESEEN = {"value_replaced": "value_to_replace", "cost_replaced": "cost_to_replace"}
# Figures of the file that were left aside for better ones: nothing is wrong with the file.
OUTDONE = frozenset({"less_known", "outranked"})
# Figures that were left aside though they may be the better ones: where nothing else was in the file, it is refused.
REFUSING = frozenset({"judged_year_kept"})


@dataclass
class _Gathered:
    level: Level
    rule: str
    sheet: str
    params: dict[str, Any]
    figures: list[list[str | None]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def problem(self) -> Problem:
        found = {**self.params, "count": len(self.figures), "figures": sorted(self.figures, key=_period)}
        if self.sources:
            found["source"] = ", ".join(dict.fromkeys(self.sources))
        cells = list(dict.fromkeys(self.cells))
        if cells:
            found["cells"] = cells
        return Problem(self.level, self.rule, self.sheet or None, cells[0] if cells else None, found)


class Telling:
    """Problems in the order they first came up; those of one rule, thing, year and sheet are one."""

    def __init__(self) -> None:
        self._found: dict[tuple, Problem | _Gathered] = {}

    def one(self, level: Level, rule: str, sheet: str = "", cell: str = "", **params: Any) -> None:
        """A problem of its own."""
        problem = Problem(level, rule, sheet or None, _first(cell) or None, params)
        self._found[len(self._found), problem] = problem

    def of_month(
        self,
        level: Level,
        rule: str,
        place: tuple[str, str],
        figure: tuple[str, str | None, str | None],
        *,
        source: str = "",
        **params: Any,
    ) -> None:
        """`place` is the sheet and the cells; `figure` is the month, what stands there and what the file says.

        Months with equal `params` ("item" and "year" among them) are told together.
        """
        sheet, cells = place
        key = (rule, sheet, *sorted(params.items()))
        gathered = self._found.setdefault(key, _Gathered(level, rule, sheet, params))
        assert isinstance(gathered, _Gathered)
        gathered.figures.append([*figure, _first(cells)])
        gathered.cells += [_first(cells)] if cells else []
        gathered.sources += [source] if source else []

    def problems(self) -> list[Problem]:
        return [each.problem() if isinstance(each, _Gathered) else each for each in self._found.values()]


def _first(cells: str) -> str:
    return cells.split(":")[0].split(",")[0]


def _period(figure: list[str | None]) -> str:
    return figure[0] or ""
