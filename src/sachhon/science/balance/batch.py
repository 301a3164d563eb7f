"""Many factories reconciled in one call: their networks side by side are one large network.

The balances of factory 1, 2, … stand on the diagonal of one matrix, which is solved once; what belongs to a factory is
then summed over its own streams. The factories may share one network or have each its own, and any reading may be
missing anywhere. One that cannot be (fixed streams that contradict each other) is marked and spoils no other.
Plain networks only (+1 and −1, independent readings); else call `reconcile_linear` for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sachhon.science.balance import contraction
from sachhon.science.balance.linear import two_sided
from sachhon.science.balance.network import (
    Bools,
    Floats,
    Ints,
    Names,
    Network,
    read_matrix,
    read_network,
    read_readings,
)
from sachhon.science.balance.sums import sums
from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError

AGREES = 1e-9  # a factory whose balances close to this share of what they carry is consistent

ROUNDING = 1e-12


@dataclass(frozen=True)
class BatchResult:
    """Streams of all factories in one row: those of factory k are `start[k]` to `start[k + 1]`; `of(k, values)` cuts.

    As in `LinearResult`, an unobservable stream has infinite variance and its estimate is one of many.
    """

    start: Ints  # (factories + 1,)
    estimate: Floats
    variance: Floats
    observable: Bools
    statistic: Floats  # measurement test of each stream; 0 where nothing checks it
    chi2: Floats  # (factories,)
    dof: Ints
    consistent: Bools  # False: its fixed streams contradict each other; its figures are none

    @property
    def factories(self) -> int:
        return len(self.chi2)

    def of(self, factory: int, values: NDArray[Any]) -> NDArray[Any]:
        """The part of a factory."""
        return values[self.start[factory] : self.start[factory + 1]]

    @cached_property
    def p_value(self) -> Floats:
        """(factories,) of the global test; 1 where no balance checks a reading."""
        from scipy.special import chdtrc

        return np.where(self.dof > 0, chdtrc(np.maximum(self.dof, 1), self.chi2), 1.0)

    @cached_property
    def first_suspect(self) -> tuple[Ints, Floats]:
        """Of each factory the meter to look at first (number within the factory, −1 where none is tested) and its p
        value, corrected (Holm) for as many tests as it has."""
        factory = np.repeat(np.arange(self.factories), np.diff(self.start))
        tested = self.statistic > 0
        count = np.bincount(factory[tested], minlength=self.factories)
        # the last of each factory in increasing order is its greatest
        order = np.lexsort((-np.arange(len(factory)), self.statistic, factory))
        filled = np.diff(self.start) > 0
        last = np.full(self.factories, -1)
        last[filled] = order[self.start[1:][filled] - 1]
        best = np.where(last >= 0, self.statistic[np.maximum(last, 0)], 0.0)
        p = np.where(count > 0, np.minimum(count * two_sided(best), 1.0), 1.0)
        return np.where(count > 0, last - self.start[:-1], -1), p


def reconcile_batch(
    A: ArrayLike | Any | Sequence[Any],
    measured: ArrayLike | Sequence[ArrayLike],
    variance: ArrayLike | Sequence[ArrayLike],
) -> BatchResult:
    """Reconcile every factory; see the module.

    A : one matrix (nodes, streams) for all, with measured (factories, streams) and variance (factories, streams),
    (streams,) or a number; or a list of matrices, with lists of readings and variances.
    """
    network, start, nodes, y, v = (
        _many(A, measured, variance)
        if isinstance(A, (list, tuple)) and np.ndim(A[0]) == 2
        else _one(A, measured, variance)
    )
    factories = len(start) - 1
    factory = np.repeat(np.arange(factories), np.diff(start))
    # each in units of its own, so that large factories leave their rounding in no small one
    largest = np.zeros(factories)
    np.maximum.at(largest, factory, np.nan_to_num(np.abs(y), nan=0.0))
    unit = np.where(largest > 0, largest, 1.0)[factory]
    readings = read_readings(len(y), y / unit, v / unit**2, Names())
    model = contraction.build(network, readings, Names())
    flow, _, shift = model.estimate(readings.value, check=False)
    moved = np.where(readings.measured, readings.value - flow, 0.0)
    chi2 = np.maximum(sums(factory, moved * shift, factories), 0.0)
    tested = readings.measured & (model.strength > 0)
    statistic = np.zeros(len(y))
    np.divide(np.abs(shift), np.sqrt(model.strength), out=statistic, where=tested)
    return BatchResult(
        start,
        flow * unit,
        model.variance * unit**2,
        model.observable,
        statistic,
        chi2,
        np.bincount(np.repeat(np.arange(factories), np.diff(nodes))[model.checks], minlength=factories),
        _consistent(network, flow, factory, factories),
    )


def _one(A: ArrayLike | Any, measured: Any, variance: Any) -> tuple[Network, Ints, Ints, Floats, Floats]:
    """The arrows of one network, repeated."""
    single = read_network(read_matrix(A))
    if single is None:
        raise ScienceError(*NOT_PLAIN)
    y = floats(measured, "measured", "số đọc (measured)", gaps=True)
    streams = len(single.tail)
    if y.ndim != 2 or y.shape[1] != streams:
        raise ScienceError(
            f"measured has shape {y.shape}; give (factories, {streams}), NaN where not measured.",
            f"measured có dạng {y.shape}; hãy cho (số cơ sở, {streams}), NaN ở chỗ không đo.",
        )
    v = np.broadcast_to(floats(variance, "variance", "phương sai (variance)"), y.shape)
    count = len(y)
    total = count * single.nodes
    base = single.nodes * np.arange(count)[:, None]
    tail, head = (
        np.where(end == single.nodes, total, end + base).ravel() for end in (single.tail, single.head)
    )
    start = streams * np.arange(count + 1)
    return Network(total, tail, head), start, single.nodes * np.arange(count + 1), y.ravel(), v.ravel()


def _many(A: Sequence[Any], measured: Any, variance: Any) -> tuple[Network, Ints, Ints, Floats, Floats]:
    """Networks side by side."""
    if not len(A) == len(measured) == len(variance):
        raise ScienceError(
            f"{len(A)} matrices, {len(measured)} rows of readings and {len(variance)} of variances; give one each.",
            f"{len(A)} ma trận, {len(measured)} hàng số đọc và {len(variance)} hàng phương sai; hãy cho "
            "mỗi cơ sở một bộ.",
        )
    singles: list[Network] = []
    for k, matrix in enumerate(A):
        single = read_network(read_matrix(matrix))
        if single is None:
            raise ScienceError(f"factory {k}: {NOT_PLAIN[0]}", f"cơ sở {k}: {NOT_PLAIN[1]}")
        if len(single.tail) != np.size(measured[k]) or np.size(variance[k]) not in (1, len(single.tail)):
            raise ScienceError(
                f"factory {k} has {len(single.tail)} streams; give a reading and a variance for each.",
                f"cơ sở {k} có {len(single.tail)} dòng; mỗi dòng cần một số đọc và một phương sai.",
            )
        singles.append(single)
    sizes, inside = np.array([len(s.tail) for s in singles]), np.array([s.nodes for s in singles])
    start, nodes = (np.concatenate([[0], np.cumsum(count)]) for count in (sizes, inside))
    total = int(nodes[-1])

    def ends(which: str) -> Ints:
        return np.concatenate(
            [
                np.where(getattr(s, which) == s.nodes, total, getattr(s, which) + first)
                for s, first in zip(singles, nodes[:-1].tolist(), strict=True)
            ]
        )

    read = (
        floats(row, *_of("measured", "số đọc (measured)", k), gaps=True) for k, row in enumerate(measured)
    )
    y = np.concatenate([row.ravel() for row in read])
    v = np.concatenate(
        [
            np.broadcast_to(floats(row, *_of("variance", "phương sai (variance)", k)).ravel(), (count,))
            for k, (row, count) in enumerate(zip(variance, sizes.tolist(), strict=True))
        ]
    )
    return Network(total, ends("tail"), ends("head")), start, nodes, y, v


def _of(en: str, vi: str, factory: int) -> tuple[str, str]:
    return f"{en} of factory {factory}", f"{vi} của cơ sở {factory}"


def _consistent(network: Network, flow: Floats, factory: Ints, factories: int) -> Bools:
    """Whether all balances of a factory close, with flows counted in units of the factory's largest reading."""
    n = network.nodes + 1
    left = np.abs(sums(network.head, flow, n) - sums(network.tail, flow, n))
    left[-1] = 0.0
    most = np.ones(factories)
    np.maximum.at(most, factory, np.abs(flow))
    wrong = np.maximum(left[network.head], left[network.tail]) > AGREES * most[factory]
    return sums(factory, wrong.astype(float), factories) == 0


NOT_PLAIN = (
    "a batch takes plain networks (+1 in, −1 out, at most two ends); reconcile systems with factors one by one.",
    "tính cả loạt chỉ nhận mạng thuần (+1 vào, −1 ra, nhiều nhất hai đầu); hệ có hệ số hãy cân bằng từng cái một.",
)
