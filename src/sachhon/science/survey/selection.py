"""Drawing the sample: simple, stratified, and with probability proportional to size, by a seed: it can be redone.

Simple and stratified: n of N without replacement, each set as likely. Proportional to size, systematic (Madow 1949):
units in random order, or as listed, are laid end to end on a line of length Σ x, and every (Σ x / n)-th point from a
random start picks one, so that π_i = n x_i / Σ x. A unit longer than the step is taken for certain, and the rest are
drawn by the rest of the sizes. Weight = 1/π; in a `Design` the certain ones are a stratum of their own, with as many
units as were drawn, and the others one of unknown (infinite) size, which makes the error a little wide. Random
numbers: PCG64 of numpy seeded with `seed`; the same seed, sizes and order of units give the same sample.
Source: Särndal, Swensson & Wretman, Model Assisted Survey Sampling, 3.3, 3.6.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats, whole_number
from sachhon.science.phrases import vi
from sachhon.science.survey.frame import encode
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True, eq=False)
class Selection:
    """rows (n,): units drawn, in order of the list; probability (n,): π of each; certain (n,): drawn for certain."""

    rows: np.ndarray
    probability: np.ndarray
    certain: np.ndarray
    seed: int

    @property
    def weights(self) -> np.ndarray:
        """Units that each stands for, 1/π."""
        return 1 / self.probability


def draw(population: int, size: int, seed: int) -> Selection:
    """A simple sample of `size` of the units 0 … population − 1."""
    return draw_strata([None] * whole_number(population, "population", "population"), {None: size}, seed)


def draw_strata(
    strata: Sequence[Hashable] | np.ndarray, sizes: Mapping[Hashable, int], seed: int
) -> Selection:
    """A simple sample in each stratum; strata: label of every unit of the list, sizes: how many of each label.

    Each stratum has random numbers of its own, so that a change of one does not redraw the others.
    """
    listed = list(strata)
    if not listed:
        raise ScienceError(
            "the list is empty; there is nothing to draw from.", "danh sách trống; không có gì để rút."
        )
    if set(listed) == {None}:
        labels, code = (None,), np.zeros(len(listed), dtype=np.intp)
    else:
        labels, code = encode(np.array(listed, dtype=object), "strata", len(listed))
    for label in sizes:
        if label not in labels:
            raise ScienceError(
                f"no unit lies in stratum {label!r}; correct its name or leave it out.",
                f"không đơn vị nào nằm trong tầng {label!r}; hãy sửa tên hoặc bỏ ra.",
            )
    rows, probability = [], []
    for h, label in enumerate(labels):
        members = np.flatnonzero(code == h)
        n = sizes.get(label, 0)
        named = "the list" if label is None else f"stratum {label!r}"
        if not 0 <= n <= members.size or n != int(n):
            raise ScienceError(
                f"{n} cannot be drawn of the {members.size} units of {named}.",
                f"không rút được {n} trong {members.size} đơn vị của {vi(named)}.",
            )
        random = np.random.default_rng([seed, h])
        rows.append(members[random.choice(members.size, int(n), replace=False)])
        probability.append(np.full(int(n), n / members.size))
    row, chance = np.concatenate(rows), np.concatenate(probability)
    order = np.argsort(row)
    return Selection(row[order], chance[order], chance[order] >= 1, seed)


def draw_by_size(sizes: ArrayLike, number: int, seed: int, *, shuffle: bool = True) -> Selection:
    """`number` units with probability proportional to their size (N,), systematic.

    Without `shuffle` the list's order is kept: sorted by area or trade it is spread evenly over them.
    """
    x = floats(sizes, "sizes", "các cỡ (sizes)")
    if x.ndim != 1 or not (np.isfinite(x).all() and (x >= 0).all()):
        raise ScienceError(
            "sizes must be finite and not negative, one for each unit.",
            "các cỡ phải hữu hạn và không âm, mỗi đơn vị một số.",
        )
    if not 1 <= number <= np.count_nonzero(x) or number != int(number):
        raise ScienceError(
            f"{number} cannot be drawn of {np.count_nonzero(x)} units with a size above zero.",
            f"không rút được {number} trong {np.count_nonzero(x)} đơn vị có cỡ lớn hơn 0.",
        )
    chance = inclusion(x, number)
    certain = chance >= 1
    random = np.random.default_rng(seed)
    order = np.flatnonzero(~certain)
    order = random.permutation(order) if shuffle else order
    left = number - int(certain.sum())
    drawn = np.flatnonzero(certain)
    if left:
        ends = np.cumsum(chance[order])
        ends *= left / ends[-1]  # rounding must not lose the last point
        points = random.uniform() + np.arange(left)
        drawn = np.concatenate([drawn, order[np.searchsorted(ends, points, side="right")]])
    rows = np.sort(drawn)
    return Selection(rows, chance[rows], certain[rows], seed)


def inclusion(sizes: np.ndarray, number: int) -> np.ndarray:
    """π (N,) proportional to size, 1 where a unit is longer than the step of the rest."""
    chance = np.zeros(sizes.size)
    certain = np.zeros(sizes.size, dtype=bool)
    while True:
        left = number - int(certain.sum())
        rest = sizes[~certain].sum()
        if not left or not rest:
            break
        chance = left * sizes / rest
        over = ~certain & (chance >= 1 - 1e-12)
        if not over.any():
            break
        certain |= over
    return np.where(certain, 1.0, chance)
