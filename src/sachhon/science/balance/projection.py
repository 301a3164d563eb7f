"""Least squares under any linear balances: factors other than ±1, and readings whose errors go together.

    P = null(A_uᵀ)     A_r = Pᵀ A_m     S = A_r V A_rᵀ     λ = P S⁺ A_r y
    x_m = y − V A_mᵀ λ     x_u = −A_u⁺ A_m x_m     cov x_m = V − V A_rᵀ S⁺ A_r V

The columns of unmeasured streams are projected out (Crowe, Garcia Campos & Hrymak 1983); S⁺ takes part of the
directions in which fixed streams leave something to be adjusted, and in the others the fixed streams must
balance by themselves. Rows and unmeasured columns are scaled to one before a rank is told, so that units do
not matter. An unobservable stream's estimate is one flow, the shortest in those scaled units.
Dense algebra for one factory's flow-sheet, up to `MOST_STREAMS`; plain networks of any size go through
`contraction`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sachhon.science.balance.network import Bools, ContradictionError, Floats, Ints, Names, Readings
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError

MOST_STREAMS = 4000
RANK = 1e-10  # a singular value below this share of the largest counts as none
NOISE = 1e-12  # of numbers about 1
AGREES = 1e-9  # fixed streams balance to this share of what they carry


@dataclass(frozen=True)
class ProjectionModel:
    """A general system ready to reconcile any readings of the same variances. Arrays over streams or nodes."""

    readings: Readings
    names: Names
    matrix: Floats  # (nodes, streams), rows as given
    spread: Floats  # V A_mᵀ, 0 for unmeasured streams: (streams, nodes)
    gain: Floats  # P S⁺ Pᵀ in the rows as given: (nodes, nodes)
    idle: Floats  # combinations of balances that hold fixed streams alone: (nodes, k)
    fill: Floats  # unmeasured streams from the others: (unmeasured, streams)
    blend: Floats  # estimates from readings: (streams, streams)
    observable: Bools
    variance: Floats  # infinite where unobservable
    strength: Floats
    node_strength: Floats
    degrees_of_freedom: int

    def estimate(self, value: Floats, exact: bool = True) -> tuple[Floats, Floats]:
        """Flows for readings (streams,) or (streams, k), and λ of each node (nodes, …).

        `exact` checks that fixed streams do not contradict each other.
        """
        if exact:
            self._check(value)
        lift = self.gain @ (self.matrix @ value)
        flow = value - self.spread @ lift
        flow[self.readings.unmeasured] = self.fill @ flow
        return flow, lift

    def shift(self, lift: Floats) -> Floats:
        """aᵀ λ of each stream."""
        return self.matrix.T @ lift

    def column(self, stream: int) -> Floats:
        """a: what one unit of the stream adds to each balance."""
        return self.matrix[:, stream]

    def lifts(self, net: Floats) -> Floats:
        """λ of each node for what the balances are open by (nodes,) or (nodes, k)."""
        return self.gain @ net

    def covariance(self, streams: Ints) -> Floats:
        """Covariance matrix of the flows of chosen streams, all of them observable."""
        hidden = streams[~self.observable[streams]]
        if len(hidden):
            raise ScienceError(
                f"{self.names.list_streams(hidden)} is unobservable: no covariance. Measure it, or leave it out.",
                f"{self.names.list_streams(hidden, lang='vi')} không quan sát được: không có hiệp phương sai. "
                "Hãy đo nó, hoặc bỏ ra.",
            )
        rows = self.blend[streams]
        return rows @ full_covariance(self.readings) @ rows.T

    def _check(self, value: Floats) -> None:
        if not self.idle.shape[1]:
            return
        left = self.idle.T @ (self.matrix @ value)
        carried = np.abs(self.idle).T @ (np.abs(self.matrix) @ np.abs(value))
        bad = np.flatnonzero((np.abs(left) > AGREES * carried).reshape(len(left), -1).any(axis=1))
        if not len(bad):
            return
        combination = self.idle[:, bad[0]]
        nodes = np.flatnonzero(np.abs(combination) > 1e-6)
        holds = np.abs(combination @ self.matrix) > 1e-6
        fixed = np.flatnonzero(holds & self.readings.fixed)
        # counted so that the balance that matters most counts once: what is left over then has the unit of its flows
        amount = float(np.ravel(left[bad[0]])[0]) / float(np.abs(combination).max())
        # A covariance without full rank ties readings together as firmly as a fixed value.
        tied = "the readings, tied to each other by their covariance,"
        who = f"the fixed streams {self.names.list_streams(fixed)}" if len(fixed) else tied
        said = vi(f"the fixed streams {self.names.list_streams(fixed, lang='vi')}" if len(fixed) else tied)
        raise ContradictionError(
            f"{who} do not balance around "
            f"{self.names.list_nodes(nodes)}: {abs(amount):.6g} is left over. Give one of them an uncertainty, "
            "or correct its value.",
            f"{said} không cân bằng quanh {self.names.list_nodes(nodes, lang='vi')}: còn lệch "
            f"{comma(abs(amount)):.6g}. Hãy cho một trong số đó độ không đảm bảo, hoặc sửa giá trị.",
        )


@dataclass(frozen=True)
class Reduction:
    """The balances without unmeasured streams, and S⁺; what one least squares step needs."""

    row: Floats  # scale of each row
    even: Floats  # rows scaled to one
    known: Floats  # 1 where a stream is measured or fixed
    covariance: Floats  # V of all streams, 0 for fixed and unmeasured ones
    project: Floats  # P
    back: Floats  # A_u⁺ of the scaled rows
    observable: Bools  # of the unmeasured streams
    gain: Floats  # P S⁺ Pᵀ in the rows as given
    idle: Floats
    rank: int


def reduce(full: Floats, readings: Readings) -> Reduction:
    """Project the unmeasured streams out of the balances and invert what is left."""
    size = np.abs(full).max(axis=1, initial=0.0)
    row = 1 / np.where(size > 0, size, 1.0)
    even = full * row[:, None]
    unmeasured = readings.unmeasured
    known = np.where(unmeasured, 0.0, 1.0)
    project, back, observable = _take_out(even[:, unmeasured])
    v = full_covariance(readings)
    reduced = project.T @ (even * known)
    reduced[np.abs(reduced) < NOISE] = 0.0  # what rounding leaves of a projected entry; entries are at most 1
    pseudo, rank, idle = _inverse(reduced @ v @ reduced.T)
    gain = row[:, None] * (project @ pseudo @ project.T) * row
    return Reduction(row, even, known, v, project, back, observable, gain, idle, rank)


def build(matrix: Any, readings: Readings, names: Names) -> ProjectionModel:
    """Everything that does not depend on the readings' values; `ScienceError` above `MOST_STREAMS`."""
    streams = matrix.shape[1]
    if streams > MOST_STREAMS:
        raise ScienceError(
            f"{streams} streams with factors or correlated readings; at most {MOST_STREAMS} can be solved together. "
            "Split the flow-sheet, or write it as a plain network of +1 and −1.",
            f"có {streams} dòng với hệ số hoặc số đọc tương quan; cùng lúc chỉ giải được tối đa "
            f"{MOST_STREAMS}. Hãy chia nhỏ sơ đồ, hoặc viết thành mạng thuần +1 và −1.",
        )
    full = matrix.toarray()
    part = reduce(full, readings)
    v, even, known, gain = part.covariance, part.even, part.known, part.gain
    unmeasured = readings.unmeasured
    alone = part.project @ part.idle
    alone[np.abs(alone) < NOISE] = 0.0
    # a loss that an unmeasured stream would hide shows nowhere; one that only fixed streams tell of is a contradiction
    lossy = (np.linalg.norm(part.project, axis=1) > 1e-8) & ~(np.abs(alone) > 1e-9).any(axis=1)
    spread = v @ full.T
    fill = -part.back @ (even * known)
    keeps = np.diag(known) - (spread @ gain @ full) * known
    blend = keeps.copy()
    blend[unmeasured] = fill @ keeps
    variance = np.einsum("ij,jk,ik->i", blend, v, blend, optimize=True)
    seen = np.ones(streams, dtype=bool)
    seen[unmeasured] = part.observable
    return ProjectionModel(
        readings,
        names,
        full,
        spread,
        gain,
        part.row[:, None] * alone,
        fill,
        blend,
        seen,
        np.where(seen, np.maximum(variance, 0.0), np.inf),
        np.maximum(np.einsum("ji,jk,ki->i", full, gain, full, optimize=True), 0.0),
        np.where(lossy, np.maximum(gain.diagonal(), 0.0), 0.0),
        part.rank,
    )


def in_units(model: ProjectionModel, readings: Readings, unit: Floats) -> ProjectionModel:
    """A model built on streams counted in `unit`s of their own, for the streams as they are."""
    return replace(
        model,
        readings=readings,
        matrix=model.matrix / unit,
        spread=unit[:, None] * model.spread,
        fill=unit[readings.unmeasured, None] * model.fill / unit,
        blend=unit[:, None] * model.blend / unit,
        variance=model.variance * unit**2,
        strength=model.strength / unit**2,
    )


def full_covariance(readings: Readings) -> Floats:
    """V of all streams, 0 for fixed and unmeasured ones."""
    if readings.covariance is not None:
        return readings.covariance.toarray()
    return np.diag(np.where(readings.measured, readings.variance, 0.0))


def unobserved(rows: Floats, readings: Readings) -> Bools:
    """Unmeasured streams (streams,) that these balances alone do not determine."""
    out = readings.unmeasured.copy()
    out[out] = ~_take_out(rows[:, readings.unmeasured])[2]
    return out


def _take_out(columns: Floats) -> tuple[Floats, Floats, Bools]:
    """null(columnsᵀ), columns⁺, and which columns are known once the others are."""
    nodes, count = columns.shape
    if not count:
        return np.eye(nodes), np.zeros((0, nodes)), np.ones(0, dtype=bool)
    length = np.linalg.norm(columns, axis=0)
    scale = 1 / np.where(length > 0, length, 1.0)
    u, s, w = np.linalg.svd(columns * scale, full_matrices=True)
    rank = int(np.count_nonzero(s > RANK * max(float(s.max(initial=0.0)), 1e-300)))
    back = scale[:, None] * (w[:rank].T @ (u[:, :rank].T / s[:rank, None]))
    free = w[rank:]
    observable: Bools = np.logical_not((np.abs(free) >= 1e-8).any(axis=0))
    return u[:, rank:], back, observable


def _inverse(s: Floats) -> tuple[Floats, int, Floats]:
    """S⁺, its rank, and an orthonormal base of the directions that S leaves out."""
    if not len(s):
        return s, 0, s
    size = np.sqrt(np.maximum(s.diagonal(), 0.0))
    scale = 1 / np.where(size > 0, size, 1.0)
    value, vector = np.linalg.eigh(scale[:, None] * s * scale)
    good = value > RANK * max(float(value.max(initial=0.0)), 1e-300)
    base = scale[:, None] * vector[:, good]
    return (base / value[good]) @ base.T, int(good.sum()), scale[:, None] * vector[:, ~good]
