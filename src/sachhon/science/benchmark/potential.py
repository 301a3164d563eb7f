"""What best practice would save: for each factory, for the group, and against a published figure.

With specific consumption e_i = use_i / output_i and best practice e*,

    saving_i = output_i · max(e_i − e*, 0),     saving = Σ saving_i,     share = saving / Σ use
    index EEI = Σ use / Σ output · e*           (IPCC, Third Assessment Report, WG III, figure 3.13)

e* is a published figure, or the quantile of the peers' own e (by default the best tenth); then the ends of the
quantile's interval give the interval of the saving, which falls as e* grows. With several products, output is
(n, k) and e* (k,): e_i is taken against Σ output e*. The index is 1 where all are at best practice on average; the
saving does not let one factory's merit cover another's loss. Technical potential: not what pays, nor what will be done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.disclosure import DEFAULT, Rules, require
from sachhon.science.benchmark.quantile import Quantile, quantile
from sachhon.science.numeric import floats
from sachhon.science.phrases import vi
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True, eq=False)
class Potential:
    """by_unit (n,) in the unit of use; total, with (low, high) where best practice is the peers' own quantile.

    share: of all use; index: EEI; best: e* used; quantile: where it came from, None for a given e*.
    """

    by_unit: np.ndarray
    total: float
    low: float | None
    high: float | None
    share: float
    index: float
    best: np.ndarray
    quantile: Quantile | None


def saving_potential(
    use: ArrayLike,
    output: ArrayLike,
    best: ArrayLike | None = None,
    *,
    share: float = 0.1,
    level: float = 0.95,
    rules: Rules = DEFAULT,
) -> Potential:
    """Saving of n factories at best practice.

    use (n,); output (n,) or (n, k) above zero (of each factory, some product); best: e*, a number or (k,), or None
    to take the quantile `share` of the peers (one product only; refused for a group too small to be shown).
    """
    y, x = floats(use, "use", "mức tiêu thụ (use)"), floats(output, "output", "sản lượng (output)")
    x = x[:, None] if x.ndim == 1 else x
    if y.ndim != 1 or not y.size or x.ndim != 2 or x.shape[0] != y.size:
        raise ScienceError(
            "use must be one figure a factory, output one (or one a product) for each.",
            "use phải có một con số mỗi cơ sở, output một con số (hoặc một cho mỗi sản phẩm) mỗi cơ sở.",
        )
    for name, table in (("use", y[:, None]), ("output", x)):
        if not (np.isfinite(table) & (table >= 0)).all():
            raise ScienceError(
                f"{name} must be finite and not negative; leave factories with gaps out.",
                f"{vi(name)} phải hữu hạn và không âm; hãy bỏ các cơ sở thiếu số liệu ra.",
            )
    idle = x.sum(axis=1) == 0
    if idle.any():
        raise ScienceError(
            f"factory {int(idle.argmax())} made nothing; leave it out.",
            f"cơ sở {int(idle.argmax())} không sản xuất gì; hãy bỏ ra.",
        )
    found = None
    if best is None:
        if x.shape[1] > 1:
            raise ScienceError(
                "with several products give best practice of each; a quantile tells only one.",
                "có nhiều sản phẩm thì phải cho mức tốt nhất của từng sản phẩm; một phân vị chỉ cho được một.",
            )
        require(y.size, rules, "the group")
        found = quantile(y / x[:, 0], share, level)
        practice = np.array([found.estimate])
    else:
        practice = np.atleast_1d(floats(best, "best", "mức tốt nhất (best)"))
        if practice.shape != (x.shape[1],) or not (np.isfinite(practice).all() and (practice > 0).all()):
            raise ScienceError(
                f"best practice must be {x.shape[1]} figures above zero, one a product.",
                f"mức tốt nhất phải gồm {x.shape[1]} con số lớn hơn 0, mỗi sản phẩm một số.",
            )
    reference = x @ practice
    by_unit = np.maximum(y - reference, 0.0)
    low, high = (None, None) if found is None else _ends(y, x[:, 0], found)
    total, everything = float(by_unit.sum()), float(y.sum())
    return Potential(
        by_unit,
        total,
        low,
        high,
        total / everything if everything else 0.0,
        everything / float(reference.sum()) if reference.sum() else float("inf"),
        practice,
        found,
    )


def _ends(use: np.ndarray, output: np.ndarray, found: Quantile) -> tuple[float, float]:
    """No saving is sure where the quantile has no upper end; all use is the most where it has no lower one."""

    def saved(best: float | None, otherwise: float) -> float:
        return otherwise if best is None else float(np.maximum(use - best * output, 0.0).sum())

    return saved(found.high, 0.0), saved(found.low, float(use.sum()))
