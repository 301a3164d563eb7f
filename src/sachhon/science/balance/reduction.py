"""Least squares under any linear balances: factors other than ±1, readings that go together, variances far apart.

The balances are solved for unmeasured streams and for the roughest readings b (`elimination`): T A = M. With
σ = √diag V, C the correlations, G the rows of M for readings and W = σ_b⁻¹ G σ,

    δ = G y        u = σ_b⁻¹ (W C Wᵀ)⁺ σ_b⁻¹ δ        aᵀλ of all streams = Gᵀ u        λ = T_gᵀ u
    x = y − V Gᵀ u, the roughest and the unmeasured then from their balances        χ² = δᵀ u

W holds a unit matrix and entries of about one at most, so W C Wᵀ is as well conditioned as C, whatever variances and
units: a reading with 10²⁰ times the variance of another adds nothing and takes nothing. (…)⁺ leaves out directions in
which correlated readings err not at all; there, as where fixed streams stand alone, they must balance by themselves.
An unobservable stream's estimate is one flow, the shortest with rows and columns scaled to a largest factor of one.
Sources: Crowe, Garcia Campos & Hrymak 1983; Vavasis 1994 (see `elimination`).
Dense algebra; which systems come here `projection` tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sachhon.science.balance.elimination import RANK, Solved, solve_for_roughest
from sachhon.science.balance.network import Bools, Floats, Ints, Readings


@dataclass(frozen=True)
class Reduction:
    """Balances solved for the roughest, and S⁺ there; what one least squares step needs."""

    matrix: Floats  # (nodes, streams), rows as given
    solved: Solved
    readings: Readings
    sigma: Floats  # 0 for streams without a reading and for fixed ones
    link: Any  # correlation of the readings (sparse), None where independent
    root: Floats  # (rank, told): S⁺ = rootᵀ root
    tied: Floats  # combinations of the told balances that no error of the readings changes: (k, told)
    loose: Floats  # of flows of the unobservable streams, what goes round among them unseen

    @property
    def told(self) -> Floats:
        """G."""
        return self.solved.streams[self.solved.told]

    @property
    def observable(self) -> Bools:
        """Of the unmeasured streams."""
        return self.solved.observable

    @cached_property
    def unobservable(self) -> Ints:
        """Their numbers."""
        return np.flatnonzero(self.readings.unmeasured)[~self.solved.observable]

    @cached_property
    def row(self) -> Floats:
        """Scale of each balance: one over its largest factor."""
        size = np.abs(self.matrix).max(axis=1, initial=0.0)
        return 1 / np.where(size > 0, size, 1.0)

    def spread(self, shift: Floats) -> Floats:
        """V · shift."""
        return spread(self.readings, shift)

    def solve(self, value: Floats, constant: Floats | None = None) -> tuple[Floats, Floats, Floats]:
        """x nearest to `value` (streams,) or (streams, k) with A x + constant = 0; λ of the balances; aᵀλ."""
        hidden = self.readings.unmeasured
        x = value.copy()
        x[hidden] = 0.0
        to = self.solved.nodes[self.solved.told]
        lack = self.told @ x if constant is None else self.told @ x + to @ constant
        u = self.root.T @ (self.root @ lack)
        shift = self.told.T @ u
        x -= self.spread(shift)
        rows = np.concatenate([self.solved.told, self.solved.hidden])
        by = self.solved.row_of[rows]
        x[by] = 0.0
        onto, closing = self.solved.nodes[rows], self.solved.streams[rows]
        x[by] = -(closing @ x) if constant is None else -(closing @ x) - onto @ constant
        x[self.unobservable] -= self.loose @ x[self.unobservable]
        return x, to.T @ u, shift

    def in_units(self, matrix: Floats, readings: Readings, unit: Floats) -> Reduction:
        """The same for streams as they are, where this one counts them in `unit`s of their own."""
        at = self.solved.row_of
        own = np.where(at >= 0, unit[at], 1.0)[:, None]
        solved = replace(
            self.solved,
            streams=own * self.solved.streams / unit,
            reach=own * self.solved.reach / unit,
            nodes=own * self.solved.nodes,
        )
        told = own[self.solved.told, 0]
        return replace(
            self,
            matrix=matrix,
            solved=solved,
            readings=readings,
            sigma=self.sigma * unit,
            root=self.root / told,
            tied=self.tied / told,
            loose=unit[self.unobservable, None] * self.loose / unit[self.unobservable],
        )

    @cached_property
    def free_covariance(self) -> tuple[Ints, Floats]:
        """The readings that no balance is solved for, and the correlation of their estimates, in units of σ."""
        basis = self.solved.row_of[self.solved.told]
        out = self.readings.measured.copy()
        out[basis] = False
        rest = np.flatnonzero(out)
        pull = self.root @ (self.told * self.sigma)
        if self.link is None:
            return rest, np.eye(len(rest)) - pull[:, rest].T @ pull[:, rest]
        pull = (self.link @ pull.T)[rest].T
        return rest, self.link[rest][:, rest].toarray() - pull.T @ pull

    @cached_property
    def rests_on(self) -> Floats:
        """(streams, those readings in units of σ): what each estimate is made of; 0 for what is not observable."""
        rest = self.free_covariance[0]
        out = np.zeros((self.matrix.shape[1], len(rest)))
        out[rest, np.arange(len(rest))] = self.sigma[rest]
        rows = np.concatenate([self.solved.told, self.solved.hidden])
        out[self.solved.row_of[rows]] = -self.solved.streams[np.ix_(rows, rest)] * self.sigma[rest]
        out[self.unobservable] = 0.0
        return out


def reduce(matrix: Floats, readings: Readings) -> Reduction:
    """Solve the balances for what is unmeasured and for the roughest readings, and invert what is left."""
    sigma = np.where(readings.measured, np.sqrt(readings.variance), 0.0)
    link = None if readings.covariance is None else correlation(readings.covariance, sigma)
    solved = solve_for_roughest(matrix, readings.unmeasured, sigma)
    own = sigma[solved.row_of[solved.told]][:, None]
    w = solved.streams[solved.told] * sigma / own
    s = w @ w.T if link is None else w @ (link @ w.T)
    size = np.sqrt(np.maximum(s.diagonal(), 0.0))
    scale = 1 / np.where(size > 0, size, 1.0)
    value, vector = np.linalg.eigh(scale[:, None] * s * scale)
    # independent readings leave no direction out: S there is one plus something positive
    good = (
        np.full(len(value), True) if link is None else value > RANK * max(float(value.max(initial=0.0)), RANK)
    )
    vector = vector * (scale[:, None] / own)
    root = vector[:, good].T / np.sqrt(value[good])[:, None]
    return Reduction(
        matrix, solved, readings, sigma, link, root, vector[:, ~good].T, _loose(matrix, readings, solved)
    )


def spread(readings: Readings, shift: Floats) -> Floats:
    """V · shift, for (streams,) or (streams, k)."""
    if readings.covariance is not None:
        return readings.covariance @ shift
    own = np.where(readings.measured, readings.variance, 0.0)
    return (own if shift.ndim == 1 else own[:, None]) * shift


def weighed(readings: Readings, moved: Floats) -> Floats:
    """V⁺ · moved, 0 where nothing was measured; each set of readings that go together in units of their σ."""
    sigma = np.sqrt(np.where(readings.measured, readings.variance, np.inf))
    out = moved / sigma
    if readings.covariance is not None:
        from scipy.sparse.csgraph import connected_components

        link = correlation(readings.covariance, np.where(readings.measured, sigma, 0.0))
        parts, part = connected_components(link, directed=False)
        for p in np.flatnonzero(np.bincount(part, minlength=parts) > 1):
            at = np.flatnonzero(part == p)
            out[at] = np.linalg.lstsq(link[at][:, at].toarray(), out[at], rcond=1e-12)[0]
    return out / sigma


def correlation(covariance: Any, sigma: Floats) -> Any:
    """Of readings with standard uncertainties `sigma`, 0 where there is none; sparse."""
    from scipy.sparse import csr_array, diags_array

    per = diags_array(1 / np.where(sigma > 0, sigma, np.inf))
    return csr_array(per @ covariance @ per)


def _loose(matrix: Floats, readings: Readings, solved: Solved) -> Floats:
    """Projection on what may go round among the unobservable streams: those that no balance is solved for, each with
    what it moves, rows and columns scaled to a largest factor of one."""
    hidden = np.flatnonzero(readings.unmeasured)[~solved.observable]
    by = solved.row_of[solved.hidden]
    spare = np.setdiff1d(hidden, by)
    round_ = np.zeros((matrix.shape[1], len(spare)))
    round_[spare, np.arange(len(spare))] = 1.0
    round_[by] = -solved.streams[np.ix_(solved.hidden, spare)]
    size = np.abs(matrix).max(axis=1, initial=0.0, keepdims=True)
    factor = (np.abs(matrix[:, hidden]) / np.where(size > 0, size, 1.0)).max(axis=0, initial=0.0)
    factor = np.where(factor > 0, factor, 1.0)[:, None]
    base = np.linalg.qr(factor * round_[hidden])[0]
    return base @ base.T * factor.T / factor
