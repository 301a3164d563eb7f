"""How far one weight must move before the first place changes, exactly.

When the weight of criterion k goes from w_k to t and the others keep their proportions, the score of i is a line,

    S_i(t) = t v_ik + (1 − t) r_i,      r_i = Σ_{j≠k} w_j v_ij / (1 − w_k)

so that the leader a gives way to i where the two lines cross,

    t = (r_a − r_i) / ((r_a − r_i) − (v_ak − v_ik))

The nearest crossing on either side of w_k bounds the weights that keep a first. (Triantaphyllou and Sánchez 1997 move a
weight without the others and normalise afterwards: the same ray, told in other units.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TINY = 1e-12


@dataclass(frozen=True)
class Room:
    """The weights (shares of 1) of one criterion between which the first place stays, and who takes it beyond.

    below, above : number of the alternative that leads beyond `low`, `high`; None where the leader stays first down to
    0 or up to 1.
    """

    weight: float
    low: float
    high: float
    below: int | None
    above: int | None

    @property
    def move(self) -> float | None:
        """The least move that changes the first place; None where none does."""
        moves = [self.weight - self.low] * (self.below is not None)
        moves += [self.high - self.weight] * (self.above is not None)
        return min(moves) if moves else None


def rooms(values: np.ndarray, weights: np.ndarray, leader: int) -> tuple[Room, ...]:
    """One `Room` a criterion; values (m, n) on scales of 0 to 1, weights (n,) with the sum 1."""
    return tuple(_room(values, weights, leader, k) for k in range(len(weights)))


def _room(values: np.ndarray, weights: np.ndarray, leader: int, k: int) -> Room:
    rest = np.delete(weights, k)
    share = rest / rest.sum() if rest.sum() > TINY else np.full(len(rest), 1 / max(len(rest), 1))
    others = np.delete(values, k, axis=1) @ share if len(rest) else np.zeros(len(values))
    ahead = others[leader] - others  # by the other criteria
    here = values[leader, k] - values[:, k]  # by this one
    slope = here - ahead
    at, low, high = float(weights[k]), 0.0, 1.0
    below = above = None
    for i in range(len(values)):
        if i == leader or abs(slope[i]) < TINY:
            continue
        cross = float(-ahead[i] / slope[i])
        if slope[i] > 0 and low < cross <= at + TINY:
            low, below = min(cross, at), i
        elif slope[i] < 0 and at - TINY <= cross < high:
            high, above = max(cross, at), i
    return Room(at, low, high, below, above)
