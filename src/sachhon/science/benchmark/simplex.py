"""The envelopment programmes of many units against one reference set, solved together.

For each unit o, over reference units j (inputs x, outputs y, m + s rows, one more under variable returns):

    min θ    θ x_o − Σ λ_j x_j − s⁻ = 0,    Σ λ_j y_j − s⁺ = y_o,    [Σ λ_j = 1],    θ, λ, s ≥ 0

Dual simplex (Lemke 1954) with the explicit inverse of each unit's small basis (at most m + s + 1 square),
all units in step: the start, one input priced at 1/x_o and nothing else, is dual feasible for every unit,
and generic data have no dual ties. The leaving row is the steepest edge.

Only frontier units ever enter, so the columns are a few candidates: solve against them, price all reference
units with the multipliers found, add the most violating unit of each programme, solve again those that had
one (Dulá & López 2009 grow the frame so). A unit whose multipliers no reference unit violates is done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-9
_PIVOT = 1e-9
_CHUNK = 4_000_000  # prices held at once


@dataclass(frozen=True)
class Solved:
    """Results of n programmes with k = m + s (+ 1) rows.

    theta (n,), inf where no reference unit reaches the outputs; multipliers (n, k): prices of inputs (v),
    outputs (u) and convexity (u₀), v·x_o = 1; columns (n, k): basic columns, a reference unit j ≥ 0,
    or −1 − i for the slack of row i, or THETA; values (n, k): their values; stuck (n,): step limit reached.
    """

    theta: np.ndarray
    multipliers: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    stuck: np.ndarray


THETA = np.iinfo(np.int64).min


def solve(
    reference: tuple[np.ndarray, np.ndarray],
    units: tuple[np.ndarray, np.ndarray],
    variable: bool,
    own: np.ndarray | None = None,
    without: bool = False,
) -> Solved:
    """Solve for units (x (n, m), y (n, s)) against reference (x (N, m), y (N, s)), all scaled near 1.

    own (n,): the reference unit that is the unit itself; it is a column from the start, or with `without`
    may not be one (super-efficiency).
    """
    x, y = units
    matrix = _columns(*reference, variable)
    k, n = matrix.shape[0], x.shape[0]
    out = Solved(
        np.full(n, np.inf),
        np.zeros((n, k)),
        np.full((n, k), THETA),
        np.zeros((n, k)),
        np.zeros(n, dtype=bool),
    )
    own = np.full(n, -1) if own is None else own
    candidates = _first_candidates(*reference)
    open_ = np.arange(n)
    while open_.size:
        part = _simplex(matrix, candidates, x[open_], y[open_], variable, own[open_], without)
        entering = _violating(matrix, part, own[open_], without)
        for field in ("theta", "multipliers", "columns", "values", "stuck"):
            getattr(out, field)[open_] = getattr(part, field)
        violated = entering >= 0
        fresh = np.setdiff1d(entering[violated], candidates)
        if not fresh.size:
            out.stuck[open_[violated]] = True  # the violating unit is a candidate already: rounding
            break
        candidates = np.concatenate([candidates, fresh])
        open_ = open_[violated]
    return out


def _columns(x: np.ndarray, y: np.ndarray, variable: bool) -> np.ndarray:
    """(k, N): −x over y over 1."""
    parts = [-x.T, y.T]
    if variable:
        parts.append(np.ones((1, x.shape[0])))
    return np.ascontiguousarray(np.concatenate(parts))


def _first_candidates(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The best unit by each output over each input, and by their sums: surely near the frontier."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [np.nan_to_num(y[:, [r]] / x, nan=0.0, posinf=0.0).argmax(axis=0) for r in range(y.shape[1])]
        whole = np.nan_to_num(y.sum(1) / x.sum(1), nan=0.0, posinf=0.0)
    return np.unique(np.concatenate([*ratios, np.argsort(-whole)[:10], x.argmin(axis=0), y.argmax(axis=0)]))


def _violating(matrix: np.ndarray, part: Solved, own: np.ndarray, without: bool) -> np.ndarray:
    """The reference unit that violates each unit's multipliers most, −1 where none does."""
    n, size = part.theta.size, matrix.shape[1]
    worst = np.full(n, -1)
    step = max(1, _CHUNK // size)
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        price = part.multipliers[rows] @ matrix
        if without:
            price[np.arange(price.shape[0]), own[rows]] = -np.inf
        best = price.argmax(axis=1)
        scale = 1 + np.abs(part.multipliers[rows]).max(axis=1)
        over = price[np.arange(best.size), best] > TOLERANCE * scale
        worst[rows] = np.where(over, best, -1)
    return worst


def _simplex(
    matrix: np.ndarray,
    candidates: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    variable: bool,
    own: np.ndarray,
    without: bool,
) -> Solved:
    (n, m), k, size = x.shape, matrix.shape[0], candidates.size
    among = matrix[:, candidates]
    # the unit's own column stands after the candidates, unless it is one of them already
    place = np.full(matrix.shape[1] + 1, -1)
    place[candidates] = np.arange(size)
    own_place = np.where(own >= 0, place[own], -1)
    mine = np.where(own[:, None] >= 0, matrix[:, own].T, 0.0)
    with_mine = (own >= 0) & (own_place < 0) & (not without)
    barred = own_place if without else np.full(n, -1)
    sign = -np.ones(k)  # a slack's column is −e_i in inputs and in outputs
    right = np.zeros((n, k))
    right[:, m : m + y.shape[1]] = y
    if variable:
        right[:, -1] = 1.0
        sign[-1] = 0.0  # an equation has no slack
    inverse, basis, values = _start(among, x, mine, with_mine, barred, right, variable)
    if variable:
        basis[:, -1] = np.where(basis[:, -1] < 0, own, candidates[np.maximum(basis[:, -1], 0)])

    theta = np.full(n, np.inf)
    multipliers, columns, final = np.zeros((n, k)), np.full((n, k), THETA), np.zeros((n, k))
    stuck = np.zeros(n, dtype=bool)
    active = np.arange(n)
    for _ in range(60 * k):
        lengths = np.sqrt(np.einsum("nij,nij->ni", inverse, inverse))
        short = values / lengths
        leave = short.argmin(axis=1)
        line = np.arange(active.size)
        done = short[line, leave] >= -TOLERANCE
        head = np.argmax(basis == THETA, axis=1)
        if done.any():
            ids = active[done]
            theta[ids] = values[done, head[done]]
            multipliers[ids] = inverse[done, head[done]]
            columns[ids], final[ids] = basis[done], values[done]
            keep = ~done
            if not keep.any():
                break
            active, inverse, basis, values = active[keep], inverse[keep], basis[keep], values[keep]
            leave, head = leave[keep], head[keep]
            line = np.arange(active.size)
        row, price = inverse[line, leave], inverse[line, head]
        steps = np.concatenate(
            [row @ among, np.einsum("nk,nk->n", row, mine[active])[:, None], row * sign], axis=1
        )
        costs = -np.concatenate(
            [price @ among, np.einsum("nk,nk->n", price, mine[active])[:, None], price * sign], axis=1
        )
        allowed = steps < -_PIVOT
        allowed[:, size] &= with_mine[active]
        held = barred[active]
        allowed[line[held >= 0], held[held >= 0]] = False
        ratio = np.full(steps.shape, np.inf)
        np.divide(np.maximum(costs, 0.0), -steps, out=ratio, where=allowed)
        enter = ratio.argmin(axis=1)
        # among near ties the largest pivot: steadier, and it gets past degenerate corners
        least = ratio[line, enter]
        near = ratio <= (least + 1e-11)[:, None]
        enter = np.where(near & allowed, -steps, 0.0).argmax(axis=1)
        none = ~np.isfinite(least)
        if none.any():  # outputs out of reach: the ray prices every column that could help
            ids = active[none]
            multipliers[ids] = -row[none]
            columns[ids], final[ids] = basis[none], values[none]
            keep = ~none
            active, inverse, basis, values = active[keep], inverse[keep], basis[keep], values[keep]
            leave, enter, line = leave[keep], enter[keep], np.arange(keep.sum())
            if not active.size:
                break
        column = np.where((enter < size)[:, None], among[:, np.minimum(enter, size - 1)].T, mine[active])
        slack = enter - size - 1
        is_slack = slack >= 0
        column[is_slack] = 0.0
        column[line[is_slack], slack[is_slack]] = sign[slack[is_slack]]
        direction = np.einsum("nij,nj->ni", inverse, column)
        pivot = direction[line, leave]
        top = inverse[line, leave] / pivot[:, None]
        reach = values[line, leave] / pivot
        inverse -= direction[:, :, None] * top[:, None, :]
        values -= direction * reach[:, None]
        inverse[line, leave], values[line, leave] = top, reach
        named = np.where(is_slack, -1 - slack, own[active])
        below = enter < size
        named[below] = candidates[enter[below]]
        basis[line, leave] = named
    else:
        stuck[active] = True
    return Solved(theta, multipliers, columns, final, stuck)


def _start(among, x, mine, with_mine, barred, right, variable):
    """Basis, its inverse and its values where one input carries the whole price."""
    (n, m), k = x.shape, right.shape[1]
    lead = x.argmax(axis=1)
    line = np.arange(n)
    matrix = np.zeros((n, k, k))
    matrix[:, np.arange(k), np.arange(k)] = -1.0
    matrix[line, :, lead] = 0.0
    matrix[line, :m, lead] = x
    basis = np.tile(-1 - np.arange(k), (n, 1))
    basis[line, lead] = THETA
    if variable:  # the unit that uses least of that input sets u₀
        used = -among[lead] / x[line, lead][:, None]
        used[line[barred >= 0], barred[barred >= 0]] = np.inf
        best = used.argmin(axis=1)
        own_used = np.where(with_mine, -mine[line, lead] / x[line, lead], np.inf)
        better = own_used < used[line, best]
        matrix[:, :, -1] = np.where(better[:, None], mine, among[:, best].T)
        basis[:, -1] = np.where(better, -1, best)  # −1: the unit itself
    inverse = np.linalg.inv(matrix)
    return inverse, basis, np.einsum("nij,nj->ni", inverse, right)
