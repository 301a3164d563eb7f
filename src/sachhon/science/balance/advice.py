"""Which flows to measure so that every flow of a network is known, and what each measurement makes known.

Streams without a reading form a graph over the processes, outside being one more node. What lies on a loop of it
cannot be computed; what does not, can. A spanning tree of the hidden streams leaves exactly as many streams over as
must be measured, and a stream of the tree is known once all loops through it are cut:

    number to measure = hidden streams − nodes they touch + connected parts
Source: Mah, Chemical Process Structures and Information Flows, 1990, chapter 8 (observability in flow networks).
Not for contents or stocks: see `FlowsheetResult.to_measure`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A stream to measure, and the other streams that are known once it and those before it are."""

    stream: int
    tells: tuple[int, ...]


def measurements_to_add(
    ends: Sequence[tuple[int, int]], hidden: Sequence[int], hard: Sequence[int] = ()
) -> tuple[Measure, ...]:
    """The fewest streams to measure.

    ends : (from, to) of every stream, nodes numbered, −1 outside; hidden : streams that cannot be computed; hard :
    streams one would rather not measure (inside the plant), taken only where nothing else closes a loop.
    """
    unwanted = set(hard)
    tree: dict[int, list[tuple[int, int]]] = {}
    root: dict[int, int] = {}

    def top(node: int) -> int:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    spare: list[int] = []
    for stream in sorted(hidden, key=lambda k: (k not in unwanted, k)):
        a, b = ends[stream]
        if top(a) == top(b):
            spare.append(stream)
            continue
        root[top(a)] = top(b)
        tree.setdefault(a, []).append((b, stream))
        tree.setdefault(b, []).append((a, stream))
    loops = {stream: _path(tree, *ends[stream]) for stream in spare}
    waiting: dict[int, set[int]] = {}
    for stream, path in loops.items():
        for inside in path:
            waiting.setdefault(inside, set()).add(stream)
    out: list[Measure] = []
    while loops:
        best = max(loops, key=lambda s: (sum(waiting[k] == {s} for k in loops[s]), s not in unwanted, -s))
        told = tuple(sorted(k for k in loops[best] if waiting[k] == {best}))
        for inside in loops.pop(best):
            waiting[inside].discard(best)
        out.append(Measure(best, told))
    return tuple(out)


def _path(tree: dict[int, list[tuple[int, int]]], start: int, end: int) -> list[int]:
    """Streams of the tree between two nodes."""
    came: dict[int, tuple[int, int] | None] = {start: None}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node == end:
            break
        for other, stream in tree.get(node, ()):
            if other not in came:
                came[other] = (node, stream)
                queue.append(other)
    out: list[int] = []
    step = came.get(end)
    while step is not None:
        out.append(step[1])
        step = came[step[0]]
    return out
