"""Exact elimination of a sparse symmetric positive (semi)definite matrix, and the part of its inverse we need.

Variances of reconciled flows need Z = S⁻¹ only at the places where S itself (or a required pair) has an
entry, so the inverse is never formed (Takahashi, Fagan & Chin 1973; Erisman & Tinney 1975). In rounds, an
independent set of nodes of small degree is eliminated at once. For a node v with neighbours N

    l = S_vN / s_vv        S_NN ← S_NN − l s_vvᵀ l        b_N ← b_N − l b_v
    x_v = b_v / s_vv − lᵀ x_N      Z_vN = −Z_NN l      Z_vv = 1/s_vv − lᵀ Z_vN

The second line runs backwards through the rounds; Z_NN is at hand since the elimination made N a clique.
Every round is a handful of array operations over all its nodes, so a chain of a million nodes takes some
thirty rounds, not a million steps. What is left, when it is small or nearly full, is one dense front.

A pivot below `tolerance` of the node's own diagonal marks a row that follows from the others: it is left out,
which gives a generalised inverse (valid where the right side is consistent; the caller checks).
Not for indefinite matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sachhon.science.balance.dense_front import Front, invert
from sachhon.science.balance.rounds import Round, eliminate, merge, restore
from sachhon.science.balance.sums import in_order, sums

DENSE = 128
LARGEST_FRONT = 6000
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Factor:
    """S after elimination: `solve`, and `diagonal` and `entries` of its (generalised) inverse."""

    size: int
    rounds: tuple[Round, ...]
    fronts: tuple[tuple[Ints, Front], ...]
    rank: int
    weakest: float  # least pivot over its scale, of the rows counted in `rank`
    diagonal: Floats
    entries: Floats  # Z at the pairs (i, j) given to `factorise`, in their order

    def solve(self, right: Floats) -> Floats:
        """x with S x = right, for one (n,) or many (n, k) right sides."""
        stack: list[Floats] = []
        for step in self.rounds:
            gone = right[step.gone]
            stack.append(gone)
            right = right[step.kept] - step.scatter(gone)
        x = np.zeros_like(right, dtype=float)
        for nodes, front in self.fronts:
            x[nodes] = front.solve(right[nodes])
        for step, gone in zip(reversed(self.rounds), reversed(stack), strict=True):
            full = np.empty((len(step.gone) + len(step.kept), *right.shape[1:]))
            pivot = step.inverse_pivot if right.ndim == 1 else step.inverse_pivot[:, None]
            full[step.kept] = x
            full[step.gone] = gone * pivot - step.gather(x)
            x = full
        return x

    def energy(self, right: Any) -> Floats:
        """Σ r (S⁻¹ r) of each column of a sparse (n, k): the way there alone tells it."""
        total = np.zeros(right.shape[1])
        for step in self.rounds:
            gone = right[step.gone]
            total += gone.power(2).T @ step.inverse_pivot
            right = right[step.kept] - step.slopes.T @ gone
        for nodes, front in self.fronts:
            part = right[nodes].toarray()
            total += np.einsum("ij,ij->j", part, front.solve(part))
        return total


def factorise(
    size: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, tolerance: float = 1e-12
) -> Factor:
    """Eliminate S of `size` nodes with entries `value` at (i, j), i ≠ j, each pair given on one side only.

    Repeated pairs add up; a value of 0 asks for Z at a pair where S has nothing.
    """
    rounds: list[Round] = []
    if size <= DENSE:
        front = _dense(size, i, j, value, diagonal, tolerance * diagonal)
        z = front.inverse
        whole = (np.arange(size), front)
        return Factor(size, (), (whole,), front.rank, front.weakest * tolerance, z.diagonal(), z[i, j])
    i, j, value, place = merge(size, i, j, value)
    n, least, weakest = size, tolerance * diagonal, np.inf
    # a bijection of the node's number breaks ties, so that a chain is not eaten from one end
    toss = (np.arange(n) * 0x9E3779B1) & 0xFFFFFFFF
    while n > DENSE:
        # a front costs n³, a round some of the edges; and rounds of a graph nearly full take few nodes each
        if (n**3 < 6e3 * len(i) or 20 * len(i) > n * n) and n <= LARGEST_FRONT:
            break
        made, i, j, value, diagonal = eliminate(n, i, j, value, diagonal, least, toss)
        weakest = min(weakest, made.weakest)
        least, toss = least.take(made.kept), toss.take(made.kept)
        rounds.append(made)
        n = len(made.kept)
    fronts, zd, ze = _fronts(n, i, j, value, diagonal, least)
    rank = sum(front.rank for _, front in fronts)
    weakest = min([weakest, *(front.weakest for _, front in fronts)])
    for made in reversed(rounds):
        zd, ze = restore(made, zd, ze)
        rank += int(np.count_nonzero(made.inverse_pivot))
    return Factor(size, tuple(rounds), fronts, rank, float(weakest * tolerance), zd, ze[place])


def _fronts(
    n: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, least: Floats
) -> tuple[tuple[tuple[Ints, Front], ...], Floats, Floats]:
    """Dense fronts of what is left, one for each connected part."""
    if not n:
        return (), np.zeros(0), np.zeros(0)
    if n <= 2 * DENSE:  # one block costs less than to look for its parts
        front = _dense(n, i, j, value, diagonal, least)
        return ((np.arange(n), front),), front.inverse.diagonal(), front.inverse[i, j]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    parts, part = connected_components(coo_array((np.ones(len(i)), (i, j)), shape=(n, n)), directed=False)
    zd, ze, fronts = np.empty(n), np.empty(len(i)), []
    order = in_order(part, parts)
    bounds = np.searchsorted(part[order], np.arange(parts + 1))
    inside = np.empty(n, dtype=np.int64)
    edge_order = in_order(part[i], parts)
    edge_bounds = np.searchsorted(part[i][edge_order], np.arange(parts + 1))
    for p in range(parts):
        nodes = order[bounds[p] : bounds[p + 1]]
        inside[nodes] = np.arange(len(nodes))
        edges = edge_order[edge_bounds[p] : edge_bounds[p + 1]]
        a, b = inside[i[edges]], inside[j[edges]]
        front = _dense(len(nodes), a, b, value[edges], diagonal[nodes], least[nodes])
        zd[nodes], ze[edges] = front.inverse.diagonal(), front.inverse[a, b]
        fronts.append((nodes, front))
    return tuple(fronts), zd, ze


def _dense(n: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, least: Floats) -> Front:
    """One dense block from its entries."""
    full = sums(i * n + j, value, n * n).reshape(n, n)
    full += full.T
    full.flat[:: n + 1] = diagonal
    return invert(full, least)
