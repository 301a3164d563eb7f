"""Where boxes stand so that arrows run from left to right: ranks, then an order in each rank with few crossings.

Arrows that lead back (a recycle) do not move a box: they are left out of the ranks.
Source: Sugiyama, Tagawa & Toda 1981 (ranks by longest path, order by barycentres).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SWEEPS = 6


@dataclass(frozen=True)
class Placed:
    """rank : column from the left; order : row from the top of its column. `back`: arrows that lead back."""

    rank: dict[str, int]
    order: dict[str, int]
    back: frozenset[int]

    @property
    def columns(self) -> list[list[str]]:
        """Boxes by column, each from the top."""
        out: list[list[str]] = [[] for _ in range(max(self.rank.values(), default=-1) + 1)]
        for name in sorted(self.rank, key=lambda n: self.order[n]):
            out[self.rank[name]].append(name)
        return out


def layered(names: Sequence[str], arrows: Sequence[tuple[str, str]], recycled: Sequence[int] = ()) -> Placed:
    """Ranks and orders of boxes; `recycled` are numbers of arrows known to lead back."""
    back = set(recycled)
    back |= _cycles(names, arrows, back)
    forward = [(a, b) for k, (a, b) in enumerate(arrows) if k not in back and a != b]
    rank = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, b in forward:
            if rank[b] < rank[a] + 1:
                rank[b], moved = rank[a] + 1, True
        if not moved:
            break
    columns: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name in names:
        columns[rank[name]].append(name)
    into: dict[str, list[str]] = {name: [] for name in names}
    out: dict[str, list[str]] = {name: [] for name in names}
    for a, b in forward:
        into[b].append(a)
        out[a].append(b)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        at = {name: k for column in columns for k, name in enumerate(column)}
        for column in columns if down else reversed(columns):
            near = into if down else out
            column.sort(
                key=lambda n: sum(at[m] for m in near[n]) / len(near[n]) if near[n] else at[n],
            )
            at |= {name: k for k, name in enumerate(column)}
    order = {name: k for column in columns for k, name in enumerate(column)}
    return Placed(rank, order, frozenset(back))


def _cycles(names: Sequence[str], arrows: Sequence[tuple[str, str]], known: set[int]) -> set[int]:
    """Arrows that close a loop, found by walking from the boxes nothing leads to."""
    out: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    entered: set[str] = set()
    for k, (a, b) in enumerate(arrows):
        if k not in known and a != b:
            out[a].append((k, b))
            entered.add(b)
    found: set[int] = set()
    done: set[str] = set()
    for start in sorted(names, key=lambda n: n in entered):
        if start in done:
            continue
        path, stack = {start}, [(start, iter(out[start]))]
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                path.discard(name)
                done.add(name)
            elif step[1] in path:
                found.add(step[0])
            elif step[1] not in done:
                path.add(step[1])
                stack.append((step[1], iter(out[step[1]])))
    return found
