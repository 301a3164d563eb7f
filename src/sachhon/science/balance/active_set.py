"""Least squares within bounds, exactly: the primal active set method on a least squares solver with fixed streams.

    min (x − y)ᵀ V⁻¹ (x − y)   subject to   A x = 0,   lower ≤ x ≤ upper

From flows x within the bounds and a set W of bounds that are met: solve with the streams of W fixed there. What comes
out is walked to until a bound is met on the way, which joins W; once nothing is in the way, the bound whose multiplier

    μ_i = (x_i − y_i)/v_i + a_iᵀλ        (≥ 0 at a lower bound, ≤ 0 at an upper one)

has the wrong sign most leaves W. Where none has, the conditions of Karush, Kuhn and Tucker hold. χ² never rises, and
W stays independent of the balances: a bound joins only if the rest of W does not imply it, and the set it starts with
is thinned to such (`independent`), so that μ is unique even where the flow-sheet alone holds streams at zero. Where a
corner is met by more bounds than are needed, so that W changes and x does not, what joins and leaves is taken by its
number (Bland 1977), and no W comes round again.
What is left of the answer, flows that no reading and no bound determine, is told by `implied`.
Sources: Nocedal & Wright, Numerical Optimization, 2006, 16.5; Bland 1977, Mathematics of Operations Research 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sachhon.science.balance.linear import LinearResult
from sachhon.science.balance.network import Bools, Floats, Ints, Readings, read_network
from sachhon.science.balance.reduction import weighed
from sachhon.science.uncertainty import ScienceError

WITHIN = 1e-9  # of a stream's unit: a bound missed by less is kept
LEAST = 1e-7  # multiplier, in units of χ²/2 a unit of the stream, from which a bound holds x back
FELT = 1e-6  # of the usual flow: a bound that a rough reading would pass by less holds nothing back
EQUAL = 1e-9  # shares of a value this near each other are rounding
TIED = 1e-12  # steps this near each other are one
ROUNDS = 20  # for each stream: more than any problem has been seen to take


@dataclass(frozen=True)
class Scale:
    """What each stream is counted in: `flow`, its size, for how near it is to a bound; `doubt`, the standard
    uncertainty of its reading, for how hard a bound pushes it. A rough reading may err by far more than all that flows.
    usual : size of the flows together.
    """

    flow: Floats
    doubt: Floats
    usual: float


Solve = Callable[[Ints], tuple[LinearResult, Floats]]  # of a set of bounds: the result, and μ (0 elsewhere)


def descend(
    solve: Solve,
    matrix: Any,
    x: Floats,
    side: Ints,
    low: Floats,
    high: Floats,
    scale: Scale,
    readings: Readings,
) -> tuple[Floats, Ints, Floats]:
    """Flows, the bounds in W (1 lower, −1 upper, 0 none) and their μ, from flows x within the bounds and a first W."""
    fixed, unit = readings.fixed, scale.flow
    side = independent(matrix, side, fixed)
    x = np.clip(x, low, high)
    x = np.where(side > 0, low, np.where(side < 0, high, x))
    seen: set[bytes] = set()
    by_number = False
    for _ in range(ROUNDS * (len(x) + 5)):
        by_number = by_number or side.tobytes() in seen
        seen.add(side.tobytes())
        held, multiplier = solve(side)
        target = _toward(held, matrix, x)
        open_ = (side == 0) & ~fixed
        under, over = open_ & (low - target > WITHIN * unit), open_ & (target - high > WITHIN * unit)
        side = side.copy()
        if (under | over).any():
            met = np.flatnonzero(under | over)
            bound = np.where(under, low, high)
            length = np.maximum((bound - x)[met] / (target - x)[met], 0.0)
            first = met[length <= length.min() + TIED]
            at = first[0] if by_number else first[_greatest((np.abs(target - x) / unit)[first])]
            x = np.clip(x + length.min() * (target - x), low, high)
            x[at], side[at] = bound[at], 1 if under[at] else -1
            continue
        x = np.where(side != 0, x, target)
        wrong = -side * multiplier * scale.doubt
        if wrong.max(initial=0.0) <= LEAST + TIED * float(np.abs(multiplier * scale.doubt).max(initial=0.0)):
            rough = moves(held, readings, -side * multiplier, LEAST * unit)
            if not rough.any():
                return x, side, multiplier
            wrong = np.where(rough, wrong, 0.0)
            leaves = np.flatnonzero(rough)
        else:
            leaves = np.flatnonzero(wrong > LEAST)
        side[leaves[0] if by_number else _greatest(wrong)] = 0
    raise ScienceError(
        "the bounds come to no end; widen one, or solve without bounds and look at what lies outside.",
        "các giới hạn tính mãi không xong; hãy nới một giới hạn, hoặc tính không giới hạn rồi xem "
        "dòng nào nằm ngoài.",
    )


def moves(result: LinearResult, readings: Readings, push: Floats, least: Floats) -> Bools:
    """Which of the held streams would go farther than `least` if let go, the way that `push` (±μ) is above zero.

    A multiplier says little of that by itself: that of a rough reading is small however far it is held off. The way is
    push / (aᵀS⁻¹a + 1/v), by what the balances and its own reading hold it.
    """
    out = np.zeros(len(push), dtype=bool)
    rough = float(readings.variance.max(initial=0.0)) * len(push)
    most = np.where(readings.measured, readings.variance, rough)
    for k in np.flatnonzero(push * most > least):
        own = np.zeros(len(push))
        own[k] = float(readings.measured[k])
        held_by = result.model.bias(int(k))[1][k] + weighed(readings, own)[k]
        out[k] = push[k] > least[k] * held_by > 0
    return out


def felt(result: LinearResult, readings: Readings, side: Ints, multiplier: Floats, scale: Scale) -> Ints:
    """Those of W that hold something back: by their μ, or by how far a rough reading would go without."""
    push = np.abs(multiplier) * scale.doubt > LEAST
    way = np.where(push, 0.0, side * multiplier)
    push |= moves(result, readings, way, np.full(len(side), FELT * scale.usual))
    return np.where(push, side, 0)


def _greatest(value: Floats) -> int:
    """The first of those that are greatest but for rounding, so that no unit decides between equals."""
    return int(np.argmax(value >= value.max() * (1 - EQUAL)))


def _toward(held: LinearResult, matrix: Any, x: Floats) -> Floats:
    """The estimate; what nothing determines moves from where it is only as far as the balances make it."""
    unknown = np.flatnonzero(~held.observable)
    if not len(unknown):
        return held.estimate
    from scipy.sparse.linalg import lsqr

    target = held.estimate.copy()
    target[unknown] = x[unknown]
    columns = matrix[:, unknown]
    for _ in range(2):  # once more, for what rounding left
        left = matrix @ target
        if not left.any():
            break
        target[unknown] -= lsqr(columns, left, atol=1e-15, btol=1e-15, iter_lim=20 * len(unknown))[0]
    return target


def independent(matrix: Any, side: Ints, fixed: Bools) -> Ints:
    """W without the bounds that follow from the rest of it and the balances (all outlets of a node but one, say)."""
    held = np.flatnonzero((side != 0) & ~fixed)
    if not len(held):
        return side
    loose = np.flatnonzero((side == 0) & ~fixed)
    network = read_network(matrix)
    drop = _joining(network, loose, held) if network is not None else _ranked(matrix, loose, held)
    out = side.copy()
    out[drop] = 0
    return out


def _joining(network: Any, loose: Ints, held: Ints) -> Ints:
    """In a plain network: those that join parts which no other stream joins, one for each part."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

    n = network.nodes + 1
    tail, head = network.tail, network.head
    links = coo_array((np.ones(len(loose)), (tail[loose], head[loose])), shape=(n, n))
    parts, part = connected_components(links, directed=False)
    a, b = part[tail[held]], part[head[held]]
    between = np.flatnonzero(a != b)
    if not len(between):
        return held[:0]
    low, high = np.minimum(a, b)[between], np.maximum(a, b)[between]
    _, one = np.unique(low * parts + high, return_index=True)  # of parallel ones
    tree = minimum_spanning_tree(coo_array((one + 1.0, (low[one], high[one])), shape=(parts, parts)))
    return held[between[np.asarray(tree.tocoo().data, dtype=np.int64) - 1]]


def _ranked(matrix: Any, loose: Ints, held: Ints) -> Ints:
    """In any system: those whose columns are needed, next to those of the loose streams, for the rank of the matrix."""
    from scipy.linalg import qr

    full = matrix.toarray()
    size = np.abs(full).max(axis=0, initial=0.0)
    full = full / np.where(size > 0, size, 1.0)
    u, s, _ = np.linalg.svd(full[:, loose], full_matrices=True)
    rank = int(np.count_nonzero(s > 1e-10 * max(float(s.max(initial=0.0)), 1e-300)))
    rest = u[:, rank:].T @ full[:, held]
    if not rest.size:
        return held[:0]
    factors: Any = qr(rest, mode="economic", pivoting=True)
    _, r, order = factors
    return held[order[: int(np.count_nonzero(np.abs(np.diag(r)) > 1e-8))]]


def implied(matrix: Any, unknown: Bools, x: Floats, low: Floats, high: Floats, unit: Floats) -> Ints:
    """Of streams that no reading determines, those which the balances hold at a bound whatever the others do.

    1 lower, −1 upper, 0 none; x keeps balances and bounds. A direction that leads from x into the bounds and moves as
    many of those at a bound as there are that can move is a linear programme:  max Σ t,  A d = 0,  t ≤ ±d,  t ≤ 1.
    """
    side = np.where(
        unknown & (x - low <= WITHIN * unit), 1, np.where(unknown & (high - x <= WITHIN * unit), -1, 0)
    )
    streams = np.flatnonzero(unknown)
    at = np.flatnonzero(side[streams])
    if not len(at):
        return side
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, csc_array, eye_array, hstack

    n, k = len(streams), len(at)
    sign = side[streams[at]].astype(float)
    moves = coo_array((-sign, (np.arange(k), at)), shape=(k, n))
    columns = csc_array(hstack([matrix[:, streams], csc_array((matrix.shape[0], k))]))
    free = np.full(n, -np.inf)
    both = (high - low)[streams] <= 2 * WITHIN * unit[streams]
    below = np.where(both, 0.0, free)
    above = np.where(both, 0.0, -free)
    solved: Any = linprog(
        np.r_[np.zeros(n), -np.ones(k)],
        A_ub=csc_array(hstack([moves, eye_array(k)])),
        b_ub=np.zeros(k),
        A_eq=columns,
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.c_[np.r_[below, np.zeros(k)], np.r_[above, np.ones(k)]],
        method="highs",
    )
    if solved.x is not None:
        side[streams[at[solved.x[n:] > 0.5]]] = 0
    return side
