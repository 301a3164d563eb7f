"""What an option brings along, and whether the years in which the two may begin go together.

An option requires others, begun no later, which require others in turn. With first(j) the first year in which j can
begin, no earlier than first(k) of any k that it requires, option i, whose last possible year is last(i), can never
have j where last(i) < first(j).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.portfolio.model import Model


@dataclass(frozen=True)
class Order:
    """An option that must begin before what it requires can: `last` and `first` are years, 0 the first of all."""

    code: str
    last: int
    required: str
    first: int

    def sentence(self, lang: str = "vi") -> str:
        """Which options, which years, and what to change."""
        code, required, last, first = self.code, self.required, self.last + 1, self.first + 1
        if lang == "vi":
            return (
                f"{code} chỉ bắt đầu được muộn nhất năm thứ {last}, nhưng cần {required} bắt đầu không muộn hơn nó, mà "
                f"{required} sớm nhất năm thứ {first} mới bắt đầu được; hãy cho {code} bắt đầu từ năm thứ {first} trở "
                f"đi, hoặc {required} ngay từ năm thứ {last}"
            )
        return (
            f"{code} can begin in year {last} at the latest, yet needs {required} begun no later, which can begin in "
            f"year {first} at the earliest; let {code} begin in year {first} or after, or {required} in year {last} or "
            "before"
        )


def brought(model: Model, numbers: Sequence[int]) -> tuple[list[tuple[int, int]], set[int]]:
    """(option, what it requires) of these options and of all that they bring along, and all that are then in."""
    involved, edges, waiting = set(numbers), [], list(numbers)
    while waiting:
        a = waiting.pop(0)
        for b in model.needs[model.needs[:, 0] == a, 1].tolist():
            edges.append((a, b))
            if b not in involved:
                involved.add(b)
                waiting.append(b)
    return edges, involved


def orders(model: Model, edges: Sequence[tuple[int, int]]) -> tuple[Order, ...]:
    """Where the years of an option and of one that it requires do not go together."""
    years = {
        i: np.sort(model.start[(model.option == i) & ~model.late]).tolist() for edge in edges for i in edge
    }
    first = {i: own[0] for i, own in years.items() if own}
    for _ in years:  # a chain is no longer than that; a ring of options that require each other comes to rest
        for a, b in edges:
            if a in first and b in first:
                first[a] = next((year for year in years[a] if year >= first[b]), first[a])
    codes = [option.code for option in model.options]
    return tuple(
        Order(codes[a], years[a][-1], codes[b], first[b])
        for a, b in edges
        if years[a] and years[b] and years[a][-1] < first[b]
    )
