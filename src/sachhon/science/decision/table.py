"""Alternatives against criteria: the table, what rules an alternative out, and one scale from 0 to 1 for all columns.

Normalisation of a column x over the alternatives that are still in; w is the weight, directions are told apart once:

    range    v = (x − low) / (high − low),           less is better:  v = (high − x) / (high − low)
    share    v = x / high,                           less is better:  v = low / x            (x > 0)

low and high are the ends a criterion names, else the least and greatest of the alternatives. With ends of its own, the
order of two alternatives cannot turn when a third one comes or goes (Belton and Gear 1983); `departures` says where
that is not so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sachhon.science.uncertainty import ScienceError

Normalisation = Literal["range", "share"]


@dataclass(frozen=True)
class Criterion:
    """One row of a comparison.

    weight : any number ≥ 0, only the proportions count; more : whether more of it is better; least, most : hard
    limits, an alternative beyond one is out; low, high : ends of the scale, both or none.
    """

    code: str
    weight: float
    more: bool = True
    least: float | None = None
    most: float | None = None
    low: float | None = None
    high: float | None = None

    def breaks(self, value: float) -> str | None:
        """ "least" or "most" where the value is beyond that limit."""
        if self.least is not None and value < self.least:
            return "least"
        return "most" if self.most is not None and value > self.most else None


@dataclass(frozen=True)
class Out:
    """Why an alternative is not ranked: kind is "least", "most" or "missing"."""

    alternative: str
    criterion: str
    kind: str
    value: float | None
    limit: float | None


@dataclass(frozen=True)
class Table:
    """Figures of shape (alternatives, criteria); NaN: not known."""

    alternatives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    figures: np.ndarray

    def __post_init__(self) -> None:
        shape = (len(self.alternatives), len(self.criteria))
        if self.figures.shape != shape:
            raise ScienceError(
                f"figures are {self.figures.shape}; {shape} alternatives × criteria are needed.",
                f"figures có dạng {self.figures.shape}; cần {shape} phương án × tiêu chí.",
            )
        if len(set(self.alternatives)) < shape[0] or len({c.code for c in self.criteria}) < shape[1]:
            raise ScienceError(
                "each alternative and each criterion needs a code of its own.",
                "mỗi phương án và mỗi tiêu chí cần một mã riêng.",
            )
        weights = np.array([c.weight for c in self.criteria])
        if not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum() > 0:
            raise ScienceError(
                "weights must be 0 or more, and one at least above 0.",
                "trọng số phải từ 0 trở lên, và ít nhất một trọng số lớn hơn 0.",
            )
        if np.isinf(self.figures).any():
            raise ScienceError("a figure is infinite.", "có một con số vô hạn.")
        for c in self.criteria:
            ends = [end for end in (c.low, c.high) if end is not None]
            if len(ends) == 1 or (ends and not ends[0] < ends[1]):
                raise ScienceError(
                    f"the scale of {c.code} needs a low end below its high end, or none.",
                    f"thang của {c.code} cần đầu thấp nhỏ hơn đầu cao, hoặc không có đầu nào.",
                )

    @property
    def weights(self) -> np.ndarray:
        """(criteria,) with the sum 1."""
        weights = np.array([c.weight for c in self.criteria], dtype=float)
        return weights / weights.sum()

    def split(self) -> tuple[list[int], tuple[Out, ...]]:
        """Numbers of the alternatives that are ranked, and why the others are not."""
        out = [
            found
            for i, name in enumerate(self.alternatives)
            for c, value in zip(self.criteria, self.figures[i], strict=True)
            if (found := _why_out(name, c, float(value)))
        ]
        gone = {o.alternative for o in out}
        return [i for i, name in enumerate(self.alternatives) if name not in gone], tuple(out)


def normalise(x: np.ndarray, criteria: Sequence[Criterion], how: Normalisation) -> np.ndarray:
    """(m, n) figures on scales where 1 is good; a column that tells nobody apart is 1 for all."""
    values = np.ones_like(x, dtype=float)
    for j, c in enumerate(criteria):
        column = x[:, j]
        low = float(column.min()) if c.low is None else c.low
        high = float(column.max()) if c.high is None else c.high
        if how == "share":
            if (column <= 0).any():
                raise ScienceError(
                    f"{c.code}: shares need figures above 0; use the range instead.",
                    f"{c.code}: tính theo phần cần số lớn hơn 0; hãy dùng khoảng (range).",
                )
            values[:, j] = np.clip(column / high if c.more else low / column, 0, 1)
        elif high > low:
            values[:, j] = np.clip((column - low if c.more else high - column) / (high - low), 0, 1)
    return values


def _why_out(name: str, c: Criterion, value: float) -> Out | None:
    if np.isnan(value):
        return Out(name, c.code, "missing", None, None)
    kind = c.breaks(value)
    return None if kind is None else Out(name, c.code, kind, value, c.least if kind == "least" else c.most)
