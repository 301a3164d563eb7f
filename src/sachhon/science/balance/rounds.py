"""One round of elimination: an independent set of nodes leaves a sparse symmetric graph at once, and comes back.

The equations stand in `selected_inverse`, which drives the rounds. A graph is (i, j, value) with each edge once, and a
diagonal. Nodes of one degree are taken together, as arrays of (nodes, degree).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sachhon.science.balance.sums import in_order, sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Class:
    """The nodes of one degree eliminated in one round: arrays of (nodes, degree)."""

    slab: slice  # their place among the nodes eliminated in the round
    neighbour: Ints  # in the numbering after the round
    edge: Ints  # edge of the round's own graph
    pair: slice  # their pairs of neighbours among the entries handed to the next round
    factor: Floats


@dataclass(frozen=True)
class Round:
    """One independent set: who left, who stayed, and where the entries of the next graph come from."""

    gone: Ints
    kept: Ints
    inverse_pivot: Floats
    classes: tuple[Class, ...]
    edges: int
    kept_edges: Ints
    place: Ints  # entry handed on → edge of the next graph
    owner: Ints
    neighbour: Ints
    factor: Floats
    weakest: float  # least pivot over the least one allowed

    @cached_property
    def slopes(self) -> Any:
        """l of every eliminated node as a sparse matrix (gone, kept), for many right sides at once."""
        from scipy.sparse import csr_array

        shape = len(self.gone), len(self.kept)
        return csr_array((self.factor, (self.owner, self.neighbour)), shape=shape)

    def scatter(self, gone: Floats) -> Floats:
        """Σ over eliminated v of l_vN · gone_v, summed on the nodes that stay."""
        if gone.ndim == 1:
            return sums(self.neighbour, self.factor * gone[self.owner], len(self.kept))
        return self.slopes.T @ gone

    def gather(self, x: Floats) -> Floats:
        """lᵀ x_N for every eliminated node."""
        if x.ndim == 1:
            return sums(self.owner, self.factor * x[self.neighbour], len(self.gone))
        return self.slopes @ x


def eliminate(
    n: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, least: Floats, toss: Ints
) -> tuple[Round, Ints, Ints, Floats, Floats]:
    """Eliminate one independent set: the round, and the graph of what stays. `least` pivots allowed; `toss` tells
    which of two like nodes goes first."""
    degree = np.bincount(i, minlength=n) + np.bincount(j, minlength=n)
    chosen = _choose(n, i, j, degree, toss)
    gone = np.flatnonzero(chosen)
    gone = gone[in_order(degree[gone], n)]
    kept = np.flatnonzero(~chosen)
    number = np.empty(n, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    number[gone] = np.arange(len(gone))

    pivot = diagonal[gone]
    good = pivot > least[gone]
    inverse = np.zeros(len(gone))
    np.divide(1.0, pivot, out=inverse, where=good)
    strength = pivot / least[gone] if good.all() else pivot[good] / least[gone[good]]
    weakest = float(strength.min(initial=np.inf))

    at_i = chosen[i]
    leaves = at_i | chosen[j]
    leaving = np.flatnonzero(leaves)
    mine, from_i, from_j = at_i[leaving], number[i[leaving]], number[j[leaving]]
    owner = np.where(mine, from_i, from_j)
    other = np.where(mine, from_j, from_i)
    order = in_order(owner, n)
    owner, other, leaving = owner[order], other[order], leaving[order]
    weight = value[leaving]
    factor = weight * inverse[owner]

    many = np.bincount(degree[gone])  # degrees are small: see `_choose`
    classes: list[Class] = []
    stays = np.flatnonzero(~leaves)
    rows, columns, values = [number[i[stays]]], [number[j[stays]]], [value[stays]]
    start, at, handed = 0, 0, len(stays)
    for k, count in enumerate(many.tolist()):
        end = start + count
        if not k or not count:
            start = end
            continue
        here = slice(at, at + count * k)
        neighbour, slope = other[here].reshape(count, k), factor[here].reshape(count, k)
        pair = slice(handed, handed + count * k * (k - 1) // 2)
        if k > 1:
            a, b = _pairs(k)
            rows.append(neighbour[:, a].ravel())
            columns.append(neighbour[:, b].ravel())
            values.append(-(slope[:, a] * weight[here].reshape(count, k)[:, b]).ravel())
        classes.append(Class(slice(start, end), neighbour, leaving[here].reshape(count, k), pair, slope))
        start, at, handed = end, here.stop, pair.stop
    rest = diagonal[kept] - sums(other, factor * weight, len(kept))
    edges = len(i)
    i, j, value, place = merge(
        len(kept), np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    )
    made = Round(gone, kept, inverse, tuple(classes), edges, stays, place, owner, other, factor, weakest)
    return made, i, j, value, rest


def restore(made: Round, zd: Floats, ze: Floats) -> tuple[Floats, Floats]:
    """Z of the graph before a round from Z of the graph after it."""
    handed = ze[made.place]
    edges = np.empty(made.edges)
    edges[made.kept_edges] = handed[: len(made.kept_edges)]
    diagonal = np.empty(len(made.gone) + len(made.kept))
    diagonal[made.kept] = zd
    own = made.inverse_pivot.copy()
    for group in made.classes:
        count, k = group.factor.shape
        pairs = handed[group.pair].reshape(count, -1)
        across = group.factor * zd[group.neighbour]
        if k == 2:
            across += pairs * group.factor[:, ::-1]
        elif k > 2:
            own_z = np.concatenate([pairs, zd[group.neighbour]], axis=1)
            across = np.einsum("nij,nj->ni", own_z[:, _square(k)], group.factor)
        edges[group.edge] = -across
        own[group.slab] += (across * group.factor).sum(axis=1)
    diagonal[made.gone] = own
    return diagonal, edges


def merge(size: int, i: Ints, j: Ints, value: Floats) -> tuple[Ints, Ints, Floats, Ints]:
    """One edge for each pair; and for every entry given the edge it went to."""
    bits = size.bit_length()
    key = (np.minimum(i, j) << bits) | np.maximum(i, j)
    order = in_order(key, 1 << 2 * bits)
    key = key[order]
    new = np.empty(len(key), dtype=bool)
    new[:1] = True
    np.not_equal(key[1:], key[:-1], out=new[1:])
    run = np.cumsum(new)
    run -= 1
    place = np.empty(len(key), dtype=np.int64)
    place[order] = run
    if len(run) and run[-1] == len(run) - 1:
        return key >> bits, key & ((1 << bits) - 1), value[order], place
    key = key[new]
    return key >> bits, key & ((1 << bits) - 1), sums(place, value, len(key)), place


@lru_cache(maxsize=256)
def _pairs(k: int) -> tuple[Ints, Ints]:
    """Pairs of k neighbours."""
    return np.triu_indices(k, 1)


@lru_cache(maxsize=256)
def _square(k: int) -> Ints:
    """Where each entry of a symmetric (k, k) matrix stands among its pairs, followed by its diagonal."""
    a, b = _pairs(k)
    out = np.diag(len(a) + np.arange(k))
    out[a, b] = out[b, a] = np.arange(len(a))
    return out


def _choose(n: int, i: Ints, j: Ints, degree: Ints, toss: Ints) -> NDArray[np.bool_]:
    """An independent set of nodes of small degree: the least in its neighbourhood, three times over."""
    limit = max(3, int(1.3 * 2 * len(i) / n))
    key = (degree << 40) + toss
    chosen = np.zeros(n, dtype=bool)
    free = degree <= limit
    for _ in range(3):
        a, b = i, j
        if not free.all():
            both = np.flatnonzero(free[i] & free[j])
            a, b = i[both], j[both]
        beaten = np.zeros(n, dtype=bool)
        beaten[np.where(key[a] < key[b], b, a)] = True
        new = free & ~beaten
        chosen |= new
        free &= beaten
        free[a[new[b]]] = False
        free[b[new[a]]] = False
    return chosen
