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
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sachhon.science.balance.sums import sums

DENSE = 96
LARGEST_FRONT = 6000
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
            right = right[step.kept] - _scatter(step, gone, len(step.kept))
        x = np.zeros_like(right, dtype=float)
        for nodes, front in self.fronts:
            x[nodes] = front.solve(right[nodes])
        for step, gone in zip(reversed(self.rounds), reversed(stack), strict=True):
            full = np.empty((len(step.gone) + len(step.kept), *right.shape[1:]))
            pivot = step.inverse_pivot if right.ndim == 1 else step.inverse_pivot[:, None]
            full[step.kept] = x
            full[step.gone] = gone * pivot - _gather(step, x)
            x = full
        return x


@dataclass(frozen=True)
class Front:
    """A dense block: its inverse, and how to solve with it."""

    inverse: Floats
    rank: int
    weakest: float
    triangle: Floats | None

    def solve(self, right: Floats) -> Floats:
        if self.triangle is None:
            return self.inverse @ right
        from scipy.linalg.lapack import dpotrs  # pyright: ignore[reportAttributeAccessIssue]

        if not right.size:
            return right
        return dpotrs(self.triangle, right, lower=0)[0]


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
    i, j, value, place = _merge(size, i, j, value)
    n, least, weakest = size, tolerance * diagonal, np.inf
    while n > DENSE:
        step = _round(n, i, j, value, diagonal, least)
        if step is None:
            break
        made, i, j, value, diagonal = step
        weakest = min(weakest, made.weakest)
        least = least[made.kept]
        rounds.append(made)
        n = len(made.kept)
    fronts, zd, ze = _fronts(n, i, j, value, diagonal, least)
    rank = sum(front.rank for _, front in fronts)
    weakest = min([weakest, *(front.weakest for _, front in fronts)])
    for made in reversed(rounds):
        zd, ze = _back(made, zd, ze)
        rank += int(np.count_nonzero(made.inverse_pivot))
    return Factor(size, tuple(rounds), fronts, rank, float(weakest * tolerance), zd, ze[place])


@lru_cache(maxsize=256)
def _pairs(k: int) -> tuple[Ints, Ints]:
    """Pairs of k neighbours."""
    return np.triu_indices(k, 1)


@lru_cache(maxsize=DENSE)
def _upper(n: int) -> NDArray[np.bool_]:
    return np.triu(np.ones((n, n), dtype=bool))


def _scatter(step: Round, gone: Floats, size: int) -> Floats:
    """Σ over eliminated v of l_vN · gone_v, summed on the nodes that stay."""
    if gone.ndim == 1:
        return sums(step.neighbour, step.factor * gone[step.owner], size)
    return step.slopes.T @ gone


def _gather(step: Round, x: Floats) -> Floats:
    """lᵀ x_N for every eliminated node."""
    if x.ndim == 1:
        return sums(step.owner, step.factor * x[step.neighbour], len(step.gone))
    return step.slopes @ x


def _merge(size: int, i: Ints, j: Ints, value: Floats) -> tuple[Ints, Ints, Floats, Ints]:
    """One edge for each pair; and for every entry given the edge it went to."""
    key = np.minimum(i, j) * size + np.maximum(i, j)
    order = np.argsort(key)
    key = key[order]
    new = np.empty(len(key), dtype=bool)
    new[:1] = True
    np.not_equal(key[1:], key[:-1], out=new[1:])
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    key = key[new]
    low = key // size
    return low, key - low * size, sums(place, value, len(key)), place


def _choose(n: int, i: Ints, j: Ints, degree: Ints) -> NDArray[np.bool_]:
    """An independent set of nodes of small degree: the least in its neighbourhood, twice over."""
    limit = max(3, int(1.3 * 2 * len(i) / n))
    # a bijection of the node's number breaks ties, so that a chain is not eaten from one end
    key = (degree << 40) + ((np.arange(n) * 0x9E3779B1) & 0xFFFFFFFF)
    free = degree <= limit
    chosen = np.zeros(n, dtype=bool)
    for _ in range(2):
        both = free[i] & free[j]
        a, b = i[both], j[both]
        beaten = np.zeros(n, dtype=bool)
        beaten[np.where(key[a] < key[b], b, a)] = True
        new = free & ~beaten
        chosen |= new
        beside = np.zeros(n, dtype=bool)
        beside[a[new[b]]] = True
        beside[b[new[a]]] = True
        free &= ~new & ~beside
    return chosen


def _round(
    n: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, least: Floats
) -> tuple[Round, Ints, Ints, Floats, Floats] | None:
    """Eliminate one independent set; None when the rest is better taken as dense fronts."""
    # a front costs n³, a round some of the edges; and rounds of a graph nearly full take few nodes each
    if (n**3 < 6e3 * len(i) or 20 * len(i) > n * n) and n <= LARGEST_FRONT:
        return None
    degree = np.bincount(i, minlength=n) + np.bincount(j, minlength=n)
    chosen = _choose(n, i, j, degree)
    gone = np.flatnonzero(chosen)
    gone = gone[np.argsort(degree[gone], kind="stable")]
    kept = np.flatnonzero(~chosen)
    number = np.empty(n, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    number[gone] = np.arange(len(gone))

    pivot = diagonal[gone]
    allowed = least[gone]
    good = pivot > allowed
    inverse = np.zeros(len(gone))
    np.divide(1.0, pivot, out=inverse, where=good)
    weakest = np.min(pivot[good] / allowed[good], initial=np.inf)

    at_i, at_j = chosen[i], chosen[j]
    leaving = np.flatnonzero(at_i | at_j)
    mine = at_i[leaving]
    owner = number[np.where(mine, i[leaving], j[leaving])]
    other = number[np.where(mine, j[leaving], i[leaving])]
    order = np.argsort(owner)  # only to bring each owner together
    owner, other, leaving = owner[order], other[order], leaving[order]
    weight = value[leaving]
    factor = weight * inverse[owner]

    degrees, starts = np.unique(degree[gone], return_index=True)
    ends = [*starts[1:].tolist(), len(gone)]
    classes: list[Class] = []
    stays = np.flatnonzero(~(at_i | at_j))
    rows, columns, values = [number[i[stays]]], [number[j[stays]]], [value[stays]]
    at, handed = 0, len(stays)
    for k, start, end in zip(degrees.tolist(), starts.tolist(), ends, strict=True):
        if k == 0:
            continue
        count = end - start
        here = slice(at, at + count * k)
        neighbour, slope = other[here].reshape(count, k), factor[here].reshape(count, k)
        pair = slice(handed, handed + count * k * (k - 1) // 2)
        if k > 1:
            a, b = _pairs(k)
            rows.append(neighbour[:, a].ravel())
            columns.append(neighbour[:, b].ravel())
            values.append(-(slope[:, a] * weight[here].reshape(count, k)[:, b]).ravel())
        classes.append(Class(slice(start, end), neighbour, leaving[here].reshape(count, k), pair, slope))
        at, handed = here.stop, pair.stop
    rest = diagonal[kept] - sums(other, factor * weight, len(kept))
    edges = len(i)
    i, j, value, place = _merge(
        len(kept), np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    )
    made = Round(gone, kept, inverse, tuple(classes), edges, stays, place, owner, other, factor, weakest)
    return made, i, j, value, rest


def _back(made: Round, zd: Floats, ze: Floats) -> tuple[Floats, Floats]:
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
        for at, (a, b) in enumerate(zip(*_pairs(k), strict=True)):
            across[:, a] += pairs[:, at] * group.factor[:, b]
            across[:, b] += pairs[:, at] * group.factor[:, a]
        edges[group.edge] = -across
        own[group.slab] += (across * group.factor).sum(axis=1)
    diagonal[made.gone] = own
    return diagonal, edges


def _fronts(
    n: int, i: Ints, j: Ints, value: Floats, diagonal: Floats, least: Floats
) -> tuple[tuple[tuple[Ints, Front], ...], Floats, Floats]:
    """Dense fronts of what is left, one for each connected part."""
    if not n:
        return (), np.zeros(0), np.zeros(0)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if n <= DENSE:
        parts, part = 1, np.zeros(n, dtype=np.int64)
    else:
        parts, part = connected_components(coo_array((np.ones(len(i)), (i, j)), shape=(n, n)), directed=False)
    zd, ze, fronts = np.empty(n), np.empty(len(i)), []
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.arange(parts + 1))
    inside = np.empty(n, dtype=np.int64)
    edge_order = np.argsort(part[i], kind="stable")
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
    """Inverse of one dense block, leaving out the rows that follow from others."""
    if not n:
        return Front(np.zeros((0, 0)), 0, np.inf, None)
    from scipy.linalg.lapack import dpotrf, dpotri  # pyright: ignore[reportAttributeAccessIssue]

    full = sums(np.maximum(i, j) * n + np.minimum(i, j), value, n * n).reshape(n, n)
    full.flat[:: n + 1] = diagonal
    # rows in Fortran order: the C-ordered lower triangle is LAPACK's upper one
    triangle, failed = dpotrf(full.T, lower=0, clean=0)
    weakest = np.inf if failed else float((triangle.diagonal() ** 2 / least).min())
    if not failed and weakest > 1:
        inverse = dpotri(triangle, lower=0)[0]
        return Front(np.where(_upper(n), inverse, inverse.T), n, weakest, triangle)
    return _semidefinite(np.tril(full) + np.tril(full, -1).T, least)


def _semidefinite(full: Floats, least: Floats) -> Front:
    """A generalised inverse on a largest set of independent rows (Cholesky with diagonal pivoting)."""
    from scipy.linalg import cho_factor, cho_solve
    from scipy.linalg.lapack import dpstrf  # pyright: ignore[reportAttributeAccessIssue]

    n = len(full)
    size = np.sqrt(np.where(least > 0, least, np.inf))  # so that the least pivot allowed is 1
    _, order, rank, _ = dpstrf(full / np.outer(size, size), lower=1, tol=1.0)
    rows = np.sort(order[:rank] - 1)
    inverse = np.zeros((n, n))
    if rank:
        block = np.ix_(rows, rows)
        inverse[block] = cho_solve(cho_factor(full[block]), np.eye(rank))
        inverse = (inverse + inverse.T) / 2
    return Front(inverse, int(rank), 1.0, None)
