"""One round of elimination: an independent set of nodes leaves a sparse symmetric graph at once, and comes back.

The equations stand in `selected_inverse`, which drives the rounds. A graph is (i, j, value) with each edge once, and a
diagonal. An *arm* is an edge from a node that leaves to one that stays; the arms of a node stand together, and each
pair of them is an edge handed to the next graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sachhon.science.balance.sums import in_order, sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Round:
    """One independent set: who left, who stayed, and where the entries of the next graph come from."""

    gone: Ints
    kept: Ints
    inverse_pivot: Floats
    edges: int
    kept_edges: Ints
    place: Ints  # entry handed on → edge of the next graph
    owner: Ints  # of each arm, among those gone
    neighbour: Ints  # of each arm, among those kept
    factor: Floats  # l of each arm
    arm_edge: Ints  # edge of the round's own graph
    first: Ints  # arms of each pair
    second: Ints
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
    # `take` and packed keys throughout: of a thousand edges, a call costs more than its work
    degree = np.bincount(i, minlength=n) + np.bincount(j, minlength=n)
    chosen = _choose(n, i, j, degree, toss)
    gone, degrees = _by_degree(n, chosen, degree)
    kept = (~chosen).nonzero()[0]
    number = np.empty(n, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    number[gone] = np.arange(len(gone))

    pivot, allowed = diagonal.take(gone), least.take(gone)
    good = pivot > allowed
    if good.all():
        inverse = 1 / pivot
    else:
        inverse = np.zeros(len(gone))
        np.divide(1.0, pivot, out=inverse, where=good)
        pivot, allowed = pivot[good], allowed[good]
    weakest = float((pivot / allowed).min(initial=np.inf))

    at_i, row, column = chosen.take(i), number.take(i), number.take(j)
    leaves = at_i | chosen.take(j)
    leaving = leaves.nonzero()[0]
    mine, from_i, from_j = at_i.take(leaving), row.take(leaving), column.take(leaving)
    owner = np.where(mine, from_i, from_j)
    order = in_order(owner, n)
    owner, other, leaving = owner.take(order), (from_i + from_j - owner).take(order), leaving.take(order)
    weight = value.take(leaving)
    factor = weight * inverse.take(owner)

    first, second = _pairs(owner, degrees)
    stays = (~leaves).nonzero()[0]
    rest = diagonal.take(kept) - sums(other, factor * weight, len(kept))
    rows = np.concatenate([row.take(stays), other.take(first)])
    columns = np.concatenate([column.take(stays), other.take(second)])
    values = np.concatenate([value.take(stays), -factor.take(first) * weight.take(second)])
    edges = len(i)
    i, j, value, place = merge(len(kept), rows, columns, values)
    made = Round(
        gone, kept, inverse, edges, stays, place, owner, other, factor, leaving, first, second, weakest
    )
    return made, i, j, value, rest


def _by_degree(n: int, chosen: NDArray[np.bool_], degree: Ints) -> tuple[Ints, Ints]:
    """The chosen nodes by rising degree, and their degrees."""
    gone, bits = chosen.nonzero()[0], n.bit_length()
    packed = (degree.take(gone) << bits) | gone
    packed.sort()
    return packed & ((1 << bits) - 1), packed >> bits


def restore(made: Round, zd: Floats, ze: Floats) -> tuple[Floats, Floats]:
    """Z of the graph before a round from Z of the graph after it."""
    handed = ze.take(made.place)
    stays, arms = len(made.kept_edges), len(made.factor)
    across = made.factor * zd.take(made.neighbour)
    if len(made.first):
        pairs = handed[stays:]
        across += sums(made.first, pairs * made.factor.take(made.second), arms)
        across += sums(made.second, pairs * made.factor.take(made.first), arms)
    edges = np.empty(made.edges)
    edges[made.kept_edges] = handed[:stays]
    edges[made.arm_edge] = -across
    diagonal = np.empty(len(made.gone) + len(made.kept))
    diagonal[made.kept] = zd
    diagonal[made.gone] = made.inverse_pivot + sums(made.owner, across * made.factor, len(made.gone))
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


def _pairs(owner: Ints, degrees: Ints) -> tuple[Ints, Ints]:
    """Every pair of arms of one node, the nodes' arms following each other by rising degree: those one apart, two
    apart, …"""
    first, second, start = [NONE], [NONE], 0
    for apart, nodes in enumerate(np.bincount(degrees)[:-1].tolist()):
        start += apart * nodes  # nodes of no more arms than this have none so far apart
        if apart:
            found = (owner[start:-apart] == owner[start + apart :]).nonzero()[0] + start
            first.append(found)
            second.append(found + apart)
    return np.concatenate(first), np.concatenate(second)


def _choose(n: int, i: Ints, j: Ints, degree: Ints, toss: Ints) -> NDArray[np.bool_]:
    """An independent set of nodes of small degree: the least in its neighbourhood, three times over."""
    limit = max(3, int(1.3 * 2 * len(i) / n))
    key = (degree << 40) + toss
    chosen = np.zeros(n, dtype=bool)
    free, a, b = degree <= limit, i, j
    for left in (2, 1, 0):
        if left < 2 or not free.all():
            both = (free.take(a) & free.take(b)).nonzero()[0]
            a, b = a.take(both), b.take(both)
        beaten = np.zeros(n, dtype=bool)
        beaten[np.where(key.take(a) < key.take(b), b, a)] = True
        new = free & ~beaten
        chosen |= new
        if not left or not len(a):
            break
        free &= beaten
        free[a[new.take(b)]] = False
        free[b[new.take(a)]] = False
    return chosen
