"""Which meter is wrong, or where something leaks: gross errors found one after another, told in words.

With r = A y what the readings leave open and S its covariance, a meter i biased by b moves r by b a_i, a loss of b at
node p by b e_p. The generalised likelihood ratio of "f is the cause" and the size it would have are

    T = (fᵀS⁻¹r)² / fᵀS⁻¹f  ~ χ²(1)        b = fᵀS⁻¹r / fᵀS⁻¹f

and for a meter √T is the measurement test. The greatest T whose p value, by Holm's step, stays below the level is
taken; its size is then estimated together with those found before (which is the same as leaving the meter's reading
out, or giving the node an unmeasured outlet: serial elimination), causes that no longer matter are dropped again,
and the rest is tested anew. χ² falls by exactly T with each.
Causes whose f point the same way in S⁻¹ (a feed meter and a leak in the node it feeds, parallel streams) cannot be
told apart by any balance: they are reported as one, with the alternatives.
Sources: Mah & Tamhane 1982; Narasimhan & Mah 1987; Rosenberg, Mah & Iordache 1987; Holm 1979; Bagajewicz & Jiang 1998
(equivalent errors); Narasimhan & Jordache 2000, chapters 7 and 8.
Not for errors that come and go within the period, nor for meters that no balance checks: those are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.balance.bilinear import BilinearResult
from sachhon.science.balance.bounded import BoundedResult
from sachhon.science.balance.causes import Cause
from sachhon.science.balance.diagnosis import Diagnosis, GrossError
from sachhon.science.balance.linear import (
    LinearResult,
    Model,
    chance,
    reconcile_linear,
    two_sided,
)
from sachhon.science.balance.network import Floats, Names, read_matrix
from sachhon.science.balance.settings import DEFAULT, Settings
from sachhon.science.numeric import floats

NOTHING = 1e-9  # share of what it was, below which a hypothesis is nothing next to those found
SAME = 1e-6  # 1 − |correlation| below which two causes are one
CLOSE = 3.841458820694124  # χ²(1) at 95 %: a cause whose T is less than this below the best is not excluded
MOST_ALTERNATIVES = 4


@dataclass(frozen=True)
class Findings:
    """A linear problem before and after the gross errors found are taken out of it.

    `after` has one more stream for every leak found: its unmeasured outlet, in the order found.
    """

    diagnosis: Diagnosis
    before: LinearResult
    after: LinearResult


def find_gross_errors(
    A: ArrayLike | Any,
    measured: ArrayLike,
    variance: ArrayLike | Any,
    *,
    settings: Settings = DEFAULT,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
) -> Findings:
    """Diagnose, leave biased meters out, give leaks an outlet, and reconcile again."""
    before = reconcile_linear(A, measured, variance, settings=settings, nodes=nodes, streams=streams)
    diagnosis = diagnose(before, settings=settings)
    if not diagnosis.errors:
        return Findings(diagnosis, before, before)
    from scipy.sparse import block_diag, csc_array, hstack

    matrix = read_matrix(A)
    y = np.array(floats(measured, "measured", "số đọc (measured)", gaps=True))
    causes = [error.cause for error in diagnosis.errors]
    y[[cause.at for cause in causes if cause.kind == "meter"]] = np.nan
    at = [cause.at for cause in causes if cause.kind == "leak"]
    outlets = csc_array((-np.ones(len(at)), (at, np.arange(len(at)))), shape=(matrix.shape[0], len(at)))
    if np.ndim(variance) == 2:
        v = block_diag([variance, np.eye(len(at))], format="csr") if at else variance
    else:
        v = np.append(
            np.broadcast_to(floats(variance, "variance", "phương sai (variance)"), y.shape), np.ones(len(at))
        )
    names: list[str] | None = None
    if streams is not None:
        node = Names(nodes, None).node
        names = [*streams, *(f"leak at {node(p)}" for p in at)]
    wide = hstack([matrix, outlets], format="csc") if at else matrix
    y = np.append(y, np.full(len(at), np.nan))
    after = reconcile_linear(wide, y, v, settings=settings, nodes=nodes, streams=names)
    return Findings(diagnosis, before, after)


def diagnose(
    result: LinearResult | BilinearResult | BoundedResult,
    *,
    settings: Settings = DEFAULT,
    leaky: Sequence[int] | None = None,
) -> Diagnosis:
    """Look for gross errors in what has been reconciled; at most as many as there are degrees of freedom.

    leaky : numbers of the nodes that may leak, if not all; none may where the settings suspect meters alone. Within
    bounds each cause is tested by what χ² falls by with the bounds kept (`bounded_causes`).
    """
    if isinstance(result, BoundedResult):
        from sachhon.science.balance.bounded_causes import diagnose_bounded

        return diagnose_bounded(result, settings=settings, leaky=leaky)
    inner = result.variables if isinstance(result, BilinearResult) else result
    level = settings.significance
    search = _Search(inner, leaky if settings.leaks else ())
    found: list[int] = []
    corrected: dict[int, tuple[float, float]] = {}
    while len(found) < inner.dof:
        best, p, tests = search.best(found)
        if best < 0 or p * tests >= level:
            break
        corrected[best] = p, min(1.0, p * tests)
        found = search.keep([*found, best], level, tests)
        if best not in found:
            break
    errors = tuple(search.error(k, found, *corrected[k]) for k in found)
    left = inner.chi2 - search.explained(found)
    dof = inner.dof - len(found)
    unchecked = np.flatnonzero(inner.measured & ~inner.redundant)
    left = max(left, 0.0)
    return Diagnosis(
        errors, inner.chi2, inner.dof, inner.p_value, left, dof, chance(left, dof), unchecked, settings
    )


class _Search:
    """Hypotheses as numbers: streams first, then nodes."""

    def __init__(self, result: LinearResult, leaky: Sequence[int] | None) -> None:
        self.model: Model = result.model
        self.names = result.model.names
        self.streams = len(result.estimate)
        nodes = np.zeros(len(result.lift))
        may = slice(None) if leaky is None else np.array(leaky, dtype=np.int64)
        nodes[may] = self.model.node_strength[may]
        self.strength = np.concatenate([np.where(result.redundant, self.model.strength, 0.0), nodes])
        self.pull = np.concatenate([result.shift, result.lift])  # fᵀλ of every hypothesis
        self.solved: dict[int, Floats] = {}

    def _against(self, at: int) -> Floats:
        """fᵀS⁻¹f' of one hypothesis with every other."""
        if at not in self.solved:
            meter = at < self.streams
            lift, shift = self.model.bias(at) if meter else self.model.leak(at - self.streams)
            self.solved[at] = np.concatenate([shift, lift])
        return self.solved[at]

    def _given(self, found: list[int]) -> tuple[Floats, Floats, Floats, Floats]:
        """fᵀλ and fᵀS⁻¹f of every hypothesis once those found are estimated; their sizes, and covariance."""
        if not found:
            return self.pull, self.strength, np.zeros(0), np.zeros((0, 0))
        cross = np.stack([self._against(k) for k in found])
        inverse: Floats = np.linalg.pinv(cross[:, found], hermitian=True).astype(np.float64)
        size: Floats = inverse @ self.pull[found]
        pull: Floats = self.pull - size @ cross
        strength: Floats = self.strength - np.einsum("ki,kl,li->i", cross, inverse, cross)
        strength[strength < NOTHING * self.strength] = 0.0
        strength[found] = 0.0
        return pull, strength, size, inverse

    def best(self, found: list[int]) -> tuple[int, float, int]:
        """The hypothesis with the greatest T, its p value, and how many were tested; −1 where none is left."""
        pull, strength, _, _ = self._given(found)
        tested = np.flatnonzero(strength > 0)
        if not len(tested):
            return -1, 1.0, 0
        t = pull[tested] ** 2 / strength[tested]
        # among equals the meter, which is the cheaper one to look at, comes first
        first = int(tested[np.argmax(t >= t.max() * (1 - 1e-9))])
        statistic = np.sqrt(pull[first] ** 2 / strength[first])
        return first, float(two_sided(np.array([statistic]))[0]), len(tested)

    def keep(self, found: list[int], level: float, tests: int) -> list[int]:
        """Without those that, next to the others, no longer matter."""
        _, _, size, covariance = self._given(found)
        p = two_sided(np.abs(size) / np.sqrt(covariance.diagonal()))
        return [k for k, one in zip(found, p, strict=True) if one * tests < level]

    def explained(self, found: list[int]) -> float:
        """What χ² falls by."""
        _, _, size, _ = self._given(found)
        return float(size @ self.pull[found]) if found else 0.0

    def error(self, at: int, found: list[int], p: float, p_holm: float) -> GrossError:
        others = [k for k in found if k != at]
        pull, strength, _, _ = self._given(others)
        _, _, size, covariance = self._given(found)
        place = found.index(at)
        statistic = pull[at] ** 2 / strength[at]
        cross = self._against(at)
        if others:
            rows = np.stack([self._against(k) for k in others])
            cross = cross - np.linalg.pinv(rows[:, others], hermitian=True) @ rows[:, at] @ rows
        tested = np.flatnonzero(strength > 0)
        tested = tested[tested != at]
        correlation = cross[tested] / np.sqrt(strength[tested] * strength[at])
        same = tested[np.abs(correlation) > 1 - SAME]
        t = np.where(strength > 0, pull**2 / np.where(strength > 0, strength, 1.0), 0.0)
        close = np.setdiff1d(tested[t[tested] > statistic - CLOSE], same)
        close = close[np.argsort(-t[close], kind="stable")]
        named = [self._named(int(k), float(pull[k] / strength[k]), float(t[k])) for k in [*same, *close]]
        return GrossError(
            self._named(at, float(size[place]), float(statistic)),
            float(np.sqrt(covariance[place, place])),
            p,
            p_holm,
            tuple(named[: len(same)]),
            tuple(named[len(same) :][:MOST_ALTERNATIVES]),
        )

    def _named(self, at: int, size: float, statistic: float) -> Cause:
        if at < self.streams:
            names = self.names.stream(int(at)), self.names.stream(int(at), "vi")
            return Cause("meter", int(at), names[0], float(size), float(statistic), names[1])
        node = int(at) - self.streams
        names = self.names.node(node), self.names.node(node, "vi")
        return Cause("leak", node, names[0], float(size), float(statistic), names[1])
