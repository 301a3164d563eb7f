"""Linear and mixed-integer programmes through HiGHS.

HiGHS (Huangfu and Hall 2018, Mathematical Programming Computation 10; MIT licence) always minimises here, so that a
reduced cost is ≥ 0 at a lower bound and ≤ 0 at an upper one. Its tolerances are absolute: figures below one vanish in
them, and beside figures in dong they ask for more digits than there are, so that the optimum itself is thrown out. Rows
and aims are counted in units in which the largest figure is of a middling size: the unit of money decides nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Programme:
    """max c·x with low ≤ A x ≤ high, lower ≤ x ≤ upper, x whole where `integer`."""

    c: np.ndarray
    a: csr_array
    low: np.ndarray
    high: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray


@dataclass(frozen=True)
class Answer:
    """x is None where nothing feasible was found; bound is proven (−inf where infeasible).

    reduced : c − Aᵀ price per column, ≤ 0 at the lower bound; price : gain of the aim per unit of a row's limit.
    """

    x: np.ndarray | None
    objective: float
    bound: float
    infeasible: bool
    reduced: np.ndarray | None = None
    price: np.ndarray | None = None


@dataclass(frozen=True)
class Units:
    """What a programme is multiplied by for the solver: its rows, (rows,), and its aim; 1 where figures suit it."""

    row: np.ndarray
    aim: float


def units_of(p: Programme) -> Units:
    """The units of a programme."""
    largest = row_sizes(p)
    most = float(np.abs(p.c).max(initial=0.0))
    return Units(_middling(largest), float(_middling(np.array([most]))[0]))


def row_sizes(p: Programme) -> np.ndarray:
    """The largest figure of each row, 0 for an empty one."""
    entries = np.append(np.abs(p.a.data), 0.0)
    filled = np.diff(p.a.indptr) > 0
    return np.where(filled, np.maximum.reduceat(entries, p.a.indptr[:-1]), 0.0)


LARGE, MIDDLING = 2.0**16, 2.0**10
"""Largest figures beyond `LARGE` are brought down to between half of `MIDDLING` and itself."""


def _middling(largest: np.ndarray) -> np.ndarray:
    """What to multiply by. Downwards it is a power of two, which rounds nothing."""
    up = 1 / np.where((largest > 0) & (largest < 1), largest, 1.0)
    _, exponent = np.frexp(largest)
    return np.where(largest > LARGE, MIDDLING * 2.0 ** -exponent.astype(float), up)


def solve_lp(p: Programme) -> Answer:
    """The relaxation, with prices."""
    units = units_of(p)
    h, _ = _load(p, units, whole=False)
    h.run()
    return _answer(h, units, mip=False)


def solve_mip(p: Programme, *, gap: float, time_limit: float, start: np.ndarray | None = None) -> Answer:
    """The mixed-integer programme up to a relative gap."""
    units = units_of(p)
    h, highspy = _load(p, units, whole=True)
    h.setOptionValue("mip_rel_gap", float(gap))
    h.setOptionValue("mip_abs_gap", 0.0 if gap == 0 else 1e-6)
    h.setOptionValue("time_limit", float(max(time_limit, 0.1)))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        h.setSolution(solution)
    h.run()
    answer = _answer(h, units, mip=True)
    if start is not None and answer.x is not None:
        off = abs(float(p.c @ answer.x) - answer.objective)
        if off > 1e-6 * max(1 / units.aim, abs(answer.objective)):
            # seen: the objective of the optimum beside a vector that is not it, where a start was given
            return solve_mip(p, gap=gap, time_limit=time_limit)
    return answer


def _highs(highspy: Any) -> Any:
    """A silent solver. The first of a process greets on standard output before any option can be set: a notebook or a
    program that prints its own result must not find those lines in it."""
    with _MAKING:
        if _MADE.is_set():
            h = highspy.Highs()
        else:
            with _standard_output_closed():
                h = highspy.Highs()
            _MADE.set()
    h.setOptionValue("output_flag", False)
    return h


_MAKING, _MADE = threading.Lock(), threading.Event()


@contextmanager
def _standard_output_closed() -> Iterator[None]:
    """What C code writes to file descriptor 1 goes nowhere; Python's own pending output stays pending."""
    try:
        kept = os.dup(1)
    except OSError:  # there is none, as in a service
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _load(p: Programme, units: Units, *, whole: bool) -> tuple[Any, Any]:
    import highspy

    h = _highs(highspy)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = len(p.low), len(p.c)
    lp.col_cost_ = -p.c * units.aim
    lp.col_lower_, lp.col_upper_ = p.lower, p.upper
    lp.row_lower_, lp.row_upper_ = p.low * units.row, p.high * units.row
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.asarray(p.a.indptr, dtype=np.int32)
    lp.a_matrix_.index_ = np.asarray(p.a.indices, dtype=np.int32)
    lp.a_matrix_.value_ = np.asarray(p.a.data, dtype=np.float64) * np.repeat(units.row, np.diff(p.a.indptr))
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(i)] for i in p.integer]
    h.passModel(lp)
    return h, highspy


def _answer(h: Any, units: Units, *, mip: bool) -> Answer:
    import highspy

    status = h.getModelStatus()
    kind = highspy.HighsModelStatus
    if status in (kind.kInfeasible, kind.kUnboundedOrInfeasible):
        return Answer(None, -np.inf, -np.inf, True)
    if status == kind.kUnbounded:
        raise ScienceError(
            "the aim can grow without limit; give a budget or another limit.",
            "mục tiêu có thể tăng vô hạn; hãy cho vốn hoặc một giới hạn khác.",
        )
    info = h.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not found:
        if not mip:
            raise ScienceError(
                f"the relaxation could not be solved ({h.modelStatusToString(status)}).",
                f"bài toán nới lỏng không giải được ({h.modelStatusToString(status)}).",
            )
        return Answer(None, -np.inf, -float(info.mip_dual_bound) / units.aim, False)
    solution = h.getSolution()
    objective = -float(info.objective_function_value) / units.aim
    if mip:
        bound = -float(info.mip_dual_bound) / units.aim
        return Answer(np.array(solution.col_value), objective, bound, False)
    return Answer(
        np.array(solution.col_value),
        objective,
        objective,
        False,
        -np.array(solution.col_dual) / units.aim,
        -np.array(solution.row_dual) * units.row / units.aim,
    )
