"""Reconciliation under any linear balances: factors other than ±1, readings that go together, variances far apart.

The algebra stands in `reduction`. What it tells of streams and nodes is here: which balances hold fixed streams alone
and must agree by themselves, as must readings whose covariance ties them, and which readings and nodes are checked.
Dense algebra for one factory's flow-sheet, up to `MOST_STREAMS`; plain networks of any size go through
`contraction`, and come here where their variances are too far apart for it.
Source: Crowe, Garcia Campos & Hrymak 1983.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sachhon.science.balance.elimination import solve_for_roughest
from sachhon.science.balance.network import Bools, ContradictionError, Floats, Ints, Names, Readings
from sachhon.science.balance.reduction import Reduction, reduce
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError

MOST_STREAMS = 4000
AGREES = 1e-9  # fixed streams balance to this share of what they carry
PART = 1e-6  # share of the largest from which a balance or a stream has a part in a combination
NOTHING = 1e-9  # share of what a reading weighs in the balances below which it checks none


@dataclass(frozen=True)
class ProjectionModel:
    """A general system ready to reconcile any readings of the same variances. Arrays over streams or nodes."""

    readings: Readings
    names: Names
    matrix: Floats  # (nodes, streams), rows as given
    part: Reduction
    idle: Floats  # combinations of balances that hold fixed streams alone, or tied readings: (k, nodes)
    idle_reach: Floats  # what a rounding of each is measured by: (k, streams)
    idle_streams: Floats  # what those combinations hold: (k, streams)
    observable: Bools
    variance: Floats  # infinite where unobservable
    strength: Floats  # 0 where no balance checks a reading
    node_strength: Floats
    degrees_of_freedom: int

    def estimate(
        self, value: Floats, exact: bool = True, check: bool = True
    ) -> tuple[Floats, Floats, Floats]:
        """Flows for readings (streams,) or (streams, k), λ of each node, and aᵀλ of each stream.

        `exact` and `check` ask whether fixed streams contradict each other.
        """
        if exact and check:
            self._check(value)
        return self.part.solve(value)

    def bias(self, stream: int) -> tuple[Floats, Floats]:
        """λ of each node and aᵀλ of each stream where one reading is a unit too high and all else agrees."""
        return self._answer(self.part.told[:, stream])

    def leak(self, node: int) -> tuple[Floats, Floats]:
        """The same where a unit comes into one node past all meters."""
        return self._answer(self.part.solved.nodes[self.part.solved.told, node])

    def covariance(self, streams: Ints) -> Floats:
        """Covariance matrix of the flows of chosen streams, all of them observable."""
        hidden = streams[~self.observable[streams]]
        if len(hidden):
            raise ScienceError(
                f"{self.names.list_streams(hidden)} is unobservable: no covariance. Measure it, or leave it out.",
                f"{self.names.list_streams(hidden, lang='vi')} không quan sát được: không có hiệp phương sai. "
                "Hãy đo nó, hoặc bỏ ra.",
            )
        rows = self.part.rests_on[streams]
        return rows @ self.part.free_covariance[1] @ rows.T

    @property
    def checks(self) -> Ints:
        """A node for each independent balance of readings."""
        return self.part.solved.told

    def _answer(self, lack: Floats) -> tuple[Floats, Floats]:
        u = self.part.root.T @ (self.part.root @ lack)
        return self.part.solved.nodes[self.part.solved.told].T @ u, self.part.told.T @ u

    def _check(self, value: Floats) -> None:
        if not len(self.idle):
            return
        left = self.idle_streams @ value
        carried = self.idle_reach @ np.abs(value)
        bad = np.flatnonzero((np.abs(left) > AGREES * carried).reshape(len(left), -1).any(axis=1))
        if not len(bad):
            return
        combination, holds = np.abs(self.idle[bad[0]]), np.abs(self.idle_streams[bad[0]] * value.T).T
        holds = holds.reshape(len(holds), -1).max(axis=1)
        nodes = np.flatnonzero(combination > PART * combination.max())
        fixed = np.flatnonzero((holds > PART * holds.max()) & self.readings.fixed)
        # counted so that the balance that matters most counts once: what is left over then has the unit of its flows
        amount = float(np.ravel(left[bad[0]])[0]) / float(combination.max())
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
    return made_of(reduce(matrix.toarray(), readings), names)


def made_of(part: Reduction, names: Names) -> ProjectionModel:
    """The model of balances that are reduced."""
    solved, readings = part.solved, part.readings
    to_told = solved.nodes[solved.told]
    idle = np.concatenate([solved.nodes[solved.left], part.tied @ to_told])
    strength = np.square(part.root @ part.told).sum(axis=0)
    if len(part.tied):  # what tied readings alone would show is rounding
        told_by = part.told * part.sigma / part.sigma[solved.row_of[solved.told], None]
        strength[strength * readings.variance < NOTHING * np.square(told_by).sum(axis=0)] = 0.0
    # a loss that an unmeasured stream would hide shows nowhere; one that only fixed streams tell of is a contradiction
    alone = (np.abs(idle) > PART * np.abs(idle).max(axis=1, initial=0.0, keepdims=True)).any(axis=0)
    node_strength = np.where(alone, 0.0, np.square(part.root @ to_told).sum(axis=0))
    rows = part.rests_on
    variance = np.maximum(np.einsum("ij,ij->i", rows @ part.free_covariance[1], rows), 0.0)
    seen = np.ones(len(readings.value), dtype=bool)
    seen[part.unobservable] = False
    return ProjectionModel(
        readings,
        names,
        part.matrix,
        part,
        idle,
        np.concatenate([solved.reach[solved.left], np.abs(part.tied) @ solved.reach[solved.told]]),
        np.concatenate([solved.streams[solved.left], part.tied @ part.told]),
        seen,
        np.where(seen, variance, np.inf),
        strength,
        node_strength,
        len(part.root),
    )


def in_units(model: ProjectionModel, readings: Readings, unit: Floats) -> ProjectionModel:
    """A model built on streams counted in `unit`s of their own, for the streams as they are."""
    return made_of(model.part.in_units(model.matrix / unit, readings, unit), model.names)


def unobserved(rows: Floats, readings: Readings) -> Bools:
    """Unmeasured streams (streams,) that these balances alone do not determine."""
    out = readings.unmeasured.copy()
    out[out] = ~solve_for_roughest(rows, readings.unmeasured, np.zeros(len(out))).observable
    return out
