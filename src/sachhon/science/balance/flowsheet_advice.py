"""Which unknowns of a flow-sheet to measure so that all of them are known: flows, contents, levels, shares.

At the solution the unknowns that nothing determines move along the null space of their columns of the Jacobian. A
measurement takes out one direction; it tells those unknowns that cannot move any more.
Not for plain networks, where counting loops is enough: see `advice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.balance.flowsheet import GOODS
from sachhon.science.balance.flowsheet_parts import Assembly, Key
from sachhon.science.balance.holding import Held
from sachhon.science.balance.network import Floats
from sachhon.science.balance.projection import ProjectionModel

SEEN = 1e-8  # part of a direction in which an unknown may move, below which it stands still


@dataclass(frozen=True)
class Advice:
    """A measurement to add, and the unknowns it makes known."""

    name: str
    key: Key
    tells: tuple[str, ...]


def advise(keys: Sequence[Key], assembly: Assembly, held: Held) -> list[Advice]:
    """What to measure in one part of a flow-sheet, whose unknowns are `keys`.

    First what only an ever larger value would fit; then, greedily, the one unknown whose measurement fixes most of
    those that can still move, flows before the rest.
    """
    result = held.solution.result
    model = result.model
    if not isinstance(model, ProjectionModel):
        return []
    out = [
        Advice(
            assembly.label(keys[one.variable]),
            keys[one.variable],
            tuple(assembly.label(keys[k]) for k in one.grows if k != one.variable),
        )
        for one in held.endless
    ]
    hidden = np.flatnonzero(model.readings.unmeasured)
    unit = np.maximum(np.abs(result.estimate[hidden]), 1e-300)
    columns = model.matrix[:, hidden] * unit
    size = np.abs(columns).max(axis=1, initial=0.0)
    _, s, w = np.linalg.svd(columns / np.where(size > 0, size, 1.0)[:, None], full_matrices=True)
    rank = int(np.count_nonzero(s > 1e-10 * max(float(s.max(initial=0.0)), 1e-300)))
    free = w[rank:].T  # the directions in which unknowns may move
    order = {"flow": 0, "content": 1, "level": 2, "change": 3, "transfer": 4}
    while free.shape[1]:
        moves = np.abs(free).max(axis=1) > SEEN
        best: tuple[tuple[int, int], int, Floats] | None = None
        for k in np.flatnonzero(moves):
            key = keys[hidden[k]]
            if key[0] not in order:
                continue
            direction = free[k] / np.linalg.norm(free[k])
            q = np.linalg.qr(np.column_stack([direction, np.eye(len(direction))]))[0][:, 1 : len(direction)]
            rest = free @ q
            told = int((moves & ~((np.abs(rest).max(axis=1, initial=0.0)) > SEEN)).sum())
            layered = 0 if key[0] != "flow" or key[1] == GOODS else 1
            score = (told, -2 * order[key[0]] - layered)
            if best is None or score > best[0]:
                best = score, int(k), rest
        if best is None:
            break
        _, k, rest = best
        gone = moves & ~(np.abs(rest).max(axis=1, initial=0.0) > SEEN)
        names = tuple(assembly.label(keys[hidden[j]]) for j in np.flatnonzero(gone) if j != k)
        out.append(Advice(assembly.label(keys[hidden[k]]), keys[hidden[k]], names))
        free = rest
    return out
