"""Data envelopment analysis: how little of its inputs a unit could make do with, seen from the best of its peers.

Input-oriented, constant ("crs": Charnes, Cooper & Rhodes 1978) or variable returns to scale ("vrs": Banker,
Charnes & Cooper 1984). Phase one: the least θ such that some mix λ of the units makes at least y_o from at
most θ x_o. Phase two: with θ held, the largest sum of slacks (in the units of the data, as the textbooks
print it: it depends on them, θ does not). A unit is efficient when θ = 1 and all slacks are 0.

Super-efficiency (Andersen & Petersen 1993) leaves the unit itself out; inf where under "vrs" no other unit
reaches its outputs. Bias correction: `bootstrap`.

Source: Cooper, Seiford & Tone, Data Envelopment Analysis, 2nd ed. 2007, 3.2, 4.2. Not for: outputs one does
not want (waste), negative data, fewer units than about three times inputs + outputs (all look efficient).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.simplex import THETA, Solved, solve
from sachhon.science.numeric import floats
from sachhon.science.phrases import vi
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.benchmark.bootstrap import Corrected

Returns = Literal["crs", "vrs"]
_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Efficiency:
    """Results of n units with m inputs and s outputs.

    efficiency (n,): θ; slacks (n, m + s): what inputs could go and outputs could come besides, after θ, in
    the data's units; peers: for each unit its peers' numbers → weights λ.
    """

    inputs: np.ndarray
    outputs: np.ndarray
    returns_to_scale: Returns
    efficiency: np.ndarray
    slacks: np.ndarray
    peers: tuple[Mapping[int, float], ...]

    def warnings(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, what is too thin: fewer units than three times the inputs and outputs."""
        n, columns = self.inputs.shape[0], self.slacks.shape[1]
        if n >= 3 * columns:
            return ()
        if lang == "vi":
            return (
                f"{n} đơn vị cho {columns} đầu vào và đầu ra: quá ít để kết luận, phần lớn trông như hiệu quả.",
            )
        return (f"{n} units for {columns} inputs and outputs: too few to tell, most look efficient.",)

    @property
    def input_slacks(self) -> np.ndarray:
        """(n, m)."""
        return self.slacks[:, : self.inputs.shape[1]]

    @property
    def output_slacks(self) -> np.ndarray:
        """(n, s)."""
        return self.slacks[:, self.inputs.shape[1] :]

    @property
    def efficient(self) -> np.ndarray:
        """(n,) θ = 1 and no slack."""
        sizes = np.concatenate([self.inputs.mean(axis=0), self.outputs.mean(axis=0)])
        return (self.efficiency >= 1 - 1e-8) & (self.slacks <= 1e-7 * sizes).all(axis=1)

    @property
    def targets(self) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and outputs of the point on the frontier that each unit is measured against."""
        return self.efficiency[:, None] * self.inputs - self.input_slacks, self.outputs + self.output_slacks

    @property
    def saving(self) -> np.ndarray:
        """(n, m) inputs saved on the frontier: x − target."""
        return self.inputs - self.targets[0]

    def super_efficiency(self) -> np.ndarray:
        """(n,) θ against the other units only; above 1 for efficient units, inf where none reaches."""
        x, y, _ = _scaled(self.inputs, self.outputs)
        own = np.arange(x.shape[0])
        solved = solve((x, y), (x, y), self.returns_to_scale == "vrs", own, without=True)
        if solved.stuck.any():
            raise ScienceError(
                "super-efficiency could not be solved; the data are of too unlike sizes.",
                "siêu hiệu quả không giải được; số liệu quá chênh lệch về độ lớn.",
            )
        return solved.theta

    def bootstrap(self, seed: int, count: int = 1000, level: float = 0.95) -> Corrected:
        """Efficiency corrected for bias, with intervals; see `bootstrap.correct`."""
        from sachhon.science.benchmark.bootstrap import correct

        return correct(self, seed, count, level)


def dea(inputs: ArrayLike, outputs: ArrayLike, returns_to_scale: Returns = "crs") -> Efficiency:
    """Efficiency, slacks and peers of n units: inputs (n, m), outputs (n, s); one column may be (n,)."""
    if returns_to_scale not in ("crs", "vrs"):
        raise ScienceError(
            f"no returns to scale {returns_to_scale!r}; choose crs or vrs.",
            f"không có kiểu hiệu suất theo quy mô {returns_to_scale!r}; hãy chọn crs hoặc vrs.",
        )
    x, y = _checked(inputs, outputs)
    scaled_x, scaled_y, sizes = _scaled(x, y)
    variable = returns_to_scale == "vrs"
    n, rows = x.shape[0], x.shape[1] + y.shape[1]
    solved = solve((scaled_x, scaled_y), (scaled_x, scaled_y), variable, np.arange(n))
    theta = np.minimum(solved.theta, 1.0)
    if solved.stuck.any():
        from sachhon.science.benchmark.slack import one_programme

        for unit in np.flatnonzero(solved.stuck).tolist():
            theta[unit] = one_programme(scaled_x, scaled_y, unit, variable)
    slacks, peers = _of_basis(solved, n, rows)
    again = _undecided(solved, scaled_x, scaled_y, variable, peers)
    if again.size:
        from sachhon.science.benchmark.slack import largest_slacks

        columns = _tight(solved, scaled_x, scaled_y, variable, theta, again)
        found, who = largest_slacks(scaled_x, scaled_y, theta, variable, sizes, again, columns)
        slacks[again] = found
        for unit, weights in zip(again.tolist(), who, strict=True):
            peers[unit] = weights
    slacks = np.where(slacks > _ZERO, slacks, 0.0) * sizes
    frozen = tuple(MappingProxyType(dict(sorted(p.items()))) for p in peers)
    return Efficiency(x, y, returns_to_scale, theta, slacks, frozen)


def _checked(inputs: ArrayLike, outputs: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    x, y = _table(inputs, "input"), _table(outputs, "output")
    if x.shape[0] != y.shape[0]:
        raise ScienceError(
            f"inputs are of {x.shape[0]} units, outputs of {y.shape[0]}; give one row a unit in both.",
            f"đầu vào của {x.shape[0]} đơn vị, đầu ra của {y.shape[0]}; cả hai cần mỗi đơn vị một hàng.",
        )
    return x, y


def _table(values: ArrayLike, what: str) -> np.ndarray:
    table = floats(values, f"{what}s", f"các {vi(what)}")
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or not table.size:
        raise ScienceError(
            f"{what}s have shape {table.shape}; give a table of one row a unit.",
            f"các {vi(what)} có dạng {table.shape}; hãy cho bảng mỗi đơn vị một hàng.",
        )
    for bad, is_what, do in (
        (~np.isfinite(table), "that is not a number", "correct it or leave the unit out"),
        (table < 0, "that is negative", "correct it; an unwanted output counts as an input"),
    ):
        if bad.any():
            unit, column = (int(i) for i in np.argwhere(bad)[0])
            raise ScienceError(
                f"unit {unit} has an {what} {is_what} (column {column}); {do}.",
                f"đơn vị {unit} có {vi(what)} {vi(is_what)} (cột {column}); {vi(do)}.",
            )
    if not (table > 0).any(axis=1).all():
        unit = int((table > 0).any(axis=1).argmin())
        raise ScienceError(
            f"unit {unit} has no {what} above zero; leave the unit out.",
            f"đơn vị {unit} không có {vi(what)} nào lớn hơn 0; hãy bỏ đơn vị ấy ra.",
        )
    if not (table > 0).any(axis=0).all():
        column = int((table > 0).any(axis=0).argmin())
        raise ScienceError(
            f"{what} {column} is zero for every unit; leave the column out.",
            f"{vi(what)} {column} bằng 0 ở mọi đơn vị; hãy bỏ cột ấy.",
        )
    return table


def _scaled(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns over their mean, and the means; θ and λ do not change with the units of measure."""
    return x / x.mean(axis=0), y / y.mean(axis=0), np.concatenate([x.mean(axis=0), y.mean(axis=0)])


def _of_basis(solved: Solved, n: int, rows: int) -> tuple[np.ndarray, list[dict[int, float]]]:
    slacks = np.zeros((n, rows))
    peers: list[dict[int, float]] = [{} for _ in range(n)]
    positive = solved.values > _ZERO
    is_slack = positive & (solved.columns < 0) & (solved.columns != THETA)
    unit, place = np.nonzero(is_slack)
    slacks[unit, -1 - solved.columns[unit, place]] = solved.values[unit, place]
    unit, place = np.nonzero(positive & (solved.columns >= 0))
    for o, j, weight in zip(
        unit.tolist(), solved.columns[unit, place].tolist(), solved.values[unit, place].tolist(), strict=True
    ):
        peers[o][j] = peers[o].get(j, 0.0) + weight
    return slacks, peers


def _priced(solved: Solved, x: np.ndarray, y: np.ndarray, variable: bool, unit: slice) -> np.ndarray:
    """Reduced cost v·x_j − u·y_j − u₀ of each reference unit for some units."""
    price = solved.multipliers[unit]
    m = x.shape[1]
    cost = price[:, :m] @ x.T - price[:, m : m + y.shape[1]] @ y.T
    return cost - price[:, -1:] if variable else cost


def _undecided(solved: Solved, x: np.ndarray, y: np.ndarray, variable: bool, peers: list) -> np.ndarray:
    """Units of which more than one mix reaches θ, so that a larger sum of slacks is possible."""
    n, rows = x.shape[0], x.shape[1] + y.shape[1]
    out = solved.stuck.copy()
    basic = np.zeros((n, rows), dtype=bool)
    unit, place = np.nonzero((solved.columns < 0) & (solved.columns != THETA))
    basic[unit, -1 - solved.columns[unit, place]] = True
    out |= ((np.abs(solved.multipliers[:, :rows]) < _ZERO) & ~basic).any(axis=1)
    in_basis = (solved.columns >= 0).sum(axis=1)
    step = max(1, 4_000_000 // n)
    for start in range(0, n, step):
        part = slice(start, start + step)
        tight = (_priced(solved, x, y, variable, part) < 1e-8).sum(axis=1)
        out[part] |= tight > in_basis[part]
    # a unit alone on its spot of the frontier, strictly priced, can have no slack
    certain = np.array([len(p) == 1 and o in p for o, p in enumerate(peers)])
    strict = (solved.multipliers[:, :rows] > 1e-7).all(axis=1)
    return np.flatnonzero(out & ~(certain & strict))


def _tight(
    solved: Solved, x: np.ndarray, y: np.ndarray, variable: bool, theta: np.ndarray, units: np.ndarray
) -> list[np.ndarray]:
    """For each unit the efficient units that its multipliers price at zero, itself with them."""
    efficient = theta >= 1 - 1e-7
    out = []
    for unit in units.tolist():
        tight = efficient.copy()
        if not solved.stuck[unit]:
            tight &= _priced(solved, x, y, variable, slice(unit, unit + 1))[0] < 1e-7
        tight[unit] = True
        out.append(np.flatnonzero(tight))
    return out
