"""What crosses each subtree of tied nodes: the variance of the unmeasured stream that closes it.

For the subtree T at place k (places k to end[k] − 1 of the forest), c is the summed variance of measured
streams with one end in T, and q = A V a_T has −Σv at each other contracted node j that streams of T reach,
and +Σv at T's own node. Each j is met first at one place p of T in depth first order; T then lies between p
and the root, beyond the last place before p that also meets j. So climbing from each meeting only that far
lists every (T, j) once: the work is that of the answer, also in long trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sachhon.science.balance.forest import Forest
from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.selected_inverse import Factor
from sachhon.science.balance.sums import between, in_order, running, sums

WIDE = 32  # subtrees meeting more nodes than this are solved for, not asked of the selected inverse
AT_ONCE = 512  # wide subtrees solved for together


@dataclass(frozen=True)
class Crossing:
    """(T, j, weight) triples sorted by T, with the total variance across each T and at its own node."""

    forest: Forest
    total: Floats  # by place: c
    at_own: Floats  # by place: q at T's own contracted node
    own: Ints  # by place: the node
    place: Ints  # of each triple
    node: Ints
    weight: Floats
    wide: Ints  # places left to `solve`
    meets: tuple[Ints, Ints, Floats]  # every (place, node, weight): what wide ones are built from

    def renumber(self, new: Ints) -> Crossing:
        """The same with contracted nodes renumbered; −1 is outside, where Z is 0."""
        wide = np.append(new, -1)
        place, node, weight = self.meets
        return Crossing(
            self.forest, self.total, self.at_own, wide[self.own], self.place, wide[self.node], self.weight,
            self.wide, (place, wide[node], weight),
        )  # fmt: skip

    def pairs(self) -> tuple[Ints, Ints]:
        """Pairs of nodes at which Z is needed: T's own with each j, and j with j'."""
        a, b, _, _ = self._pairs
        return a, b

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints, Ints, Floats]:
        """(node, other, place, product of weights) over all pairs of different nodes of each q."""
        empty = np.zeros(0, dtype=np.int64)
        if not len(self.total):
            return empty, empty, empty, np.zeros(0)
        place, node, weight = self._columns
        if not len(place):
            return empty, empty, empty, np.zeros(0)
        starts = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))
        counts = np.diff(starts, append=len(place))
        rank = np.arange(len(place)) - np.repeat(starts, counts)
        # each entry is paired with those before it in its own column
        first = np.repeat(np.arange(len(place)), rank)
        second = np.arange(len(first)) - np.repeat(np.cumsum(rank) - rank, rank)
        second += np.repeat(np.repeat(starts, counts), rank)
        return node[first], node[second], place[first], weight[first] * weight[second]

    @cached_property
    def _columns(self) -> tuple[Ints, Ints, Floats]:
        """q of every subtree that is not wide, without outside, sorted by place."""
        narrow = self.forest.bridge.copy()
        narrow[self.wide] = False
        more = np.flatnonzero(narrow)
        place = np.concatenate([self.place, more])
        node = np.concatenate([self.node, self.own[more]])
        weight = np.concatenate([-self.weight, self.at_own[more]])
        inside = node >= 0
        place, node, weight = place[inside], node[inside], weight[inside]
        order = in_order(place, len(self.total))
        return place[order], node[order], weight[order]

    def variance(self, factor: Factor, before: int, own: Floats, number: Ints) -> Floats:
        """c − qᵀ Z q by place; the pairs' Z stand in `factor.entries` from `before` on."""
        from scipy.sparse import csr_array

        count = len(self.total)
        place, node, weight = self._columns
        _, _, pair_place, product = self._pairs
        taken = sums(place, weight**2 * own[node], count)
        taken += 2 * sums(pair_place, product * factor.entries[before:], count)
        at, node, weight = self.meets
        for start in range(0, len(self.wide), AT_ONCE):
            chunk = self.wide[start : start + AT_ONCE]
            low, high = np.searchsorted(at, chunk), np.searchsorted(at, self.forest.end[chunk])
            column = np.repeat(np.arange(len(chunk)), high - low)
            entry = np.arange(len(column)) + np.repeat(low - np.cumsum(high - low) + (high - low), high - low)
            row = np.concatenate([node[entry], self.own[chunk]])
            column = np.concatenate([column, np.arange(len(chunk))])
            value = np.concatenate([-weight[entry], self.at_own[chunk]])
            inside = row >= 0
            q = csr_array((value[inside], (row[inside], column[inside])), shape=(factor.size, len(chunk)))
            taken[chunk] = factor.energy(q)
        return np.maximum(self.total - taken, 0.0)


def cross(forest: Forest, tail: Ints, head: Ints, number: Ints, v: Floats, measured: Bools) -> Crossing:
    """Find what crosses the subtrees of a forest; `number` gives contracted nodes, −1 outside."""
    count = len(forest.node)
    zero, none = np.zeros(count), np.zeros(0, dtype=np.int64)
    if not count:
        return Crossing(forest, zero, zero, none, none, none, np.zeros(0), none, (none, none, np.zeros(0)))
    at_tail, at_head = forest.place[tail], forest.place[head]
    i, j = number[tail], number[head]
    leaves = measured & (i != j)
    ends = [np.flatnonzero(leaves & (at >= 0)) for at in (at_tail, at_head)]
    place = np.concatenate([at_tail[ends[0]], at_head[ends[1]]])
    node = np.concatenate([j[ends[0]], i[ends[1]]])
    weight = np.concatenate([v[ends[0]], v[ends[1]]])
    by_place = in_order(place, count)
    meets = place[by_place], node[by_place], weight[by_place]
    at_own = forest.subtree_sums(sums(place, weight, count))
    inner = np.flatnonzero(measured & (i == j) & (at_tail >= 0) & (at_head >= 0) & (tail != head))
    total = at_own + _inner(forest, at_tail[inner], at_head[inner], v[inner])
    triples = _climb(forest, place, node, weight)
    return Crossing(forest, total, at_own, number[forest.node], *triples, meets)


def _inner(forest: Forest, a: Ints, b: Ints, v: Floats) -> Floats:
    """Variance of streams between two nodes of one tree, added to the subtrees that hold just one end."""
    total = np.zeros(len(forest.node))
    while len(a):
        apart = a != b
        a, b, v = a[apart], b[apart], v[apart]
        low, high = np.minimum(a, b), np.maximum(a, b)
        total += sums(high, v, len(total))
        a, b = low, forest.parent[high]
    return total


def _climb(forest: Forest, place: Ints, node: Ints, weight: Floats) -> tuple[Ints, Ints, Floats, Ints]:
    """(place, node, weight) of every subtree and node it meets, and the places that meet too many."""
    count = len(forest.node)
    inside = node >= 0
    place, node, weight = place[inside], node[inside], weight[inside]
    # trees are apart in place, so a node met from two trees is two meetings only within each
    key = node * (count + 1) + place
    order = in_order(key, (len(forest.place) + 1) * (count + 1))
    key, place, node = key[order], place[order], node[order]
    before = np.full(len(place), -1, dtype=np.int64)
    same = node[1:] == node[:-1]
    before[1:][same] = place[:-1][same]
    at, first = place.copy(), np.arange(len(place))
    met = np.zeros(count, dtype=np.int64)
    found: list[tuple[Ints, Ints]] = []
    while len(at):
        on = (at > before[first]) & (forest.parent[at] >= 0)
        at, first = at[on], first[on]
        asked = forest.bridge[at]
        met += np.bincount(at[asked], minlength=count)
        asked &= met[at] <= WIDE
        found.append((at[asked], first[asked]))
        at = forest.parent[at]
    where = np.concatenate([f[0] for f in found]) if found else np.zeros(0, dtype=np.int64)
    start = np.concatenate([f[1] for f in found]) if found else where
    narrow = met[where] <= WIDE
    where, start = where[narrow], start[narrow]
    stop = np.searchsorted(key, node[start] * (count + 1) + forest.end[where])
    return where, node[start], between(running(weight[order]), start, stop), np.flatnonzero(met > WIDE)
