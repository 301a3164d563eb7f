"""LMDI-I: how much of the change of a total each factor made, without a residual.

A total is a sum over categories of a product of factors, V = Σ_i x_i1 · x_i2 · … · x_in (output × share ×
specific consumption, say). With the logarithmic mean L(a, b) = (a − b) / (ln a − ln b), L(a, a) = a:

    additive          ΔV_k = Σ_i L(V_i1, V_i0) ln(x_ik1 / x_ik0),                   Σ_k ΔV_k = V_1 − V_0
    multiplicative    D_k = exp(Σ_i L(V_i1, V_i0) / L(V_1, V_0) ln(x_ik1 / x_ik0)),    Π_k D_k = V_1 / V_0

Zeros are taken by their analytical limits, not by a small number put in their place. Where V_i goes from or
to zero because m of its factors do, each of the m takes ±V_i / m and the other factors take nothing: the
limit when the m factors vanish alike. A category that is zero at both ends takes no part.

A factor that changes its sign between the two ends has no logarithmic change; that is told with its place.
Factors that stay negative are allowed (a credit for recovered material, say).

Shapes: x0, x1 : (…, n_categories, n_factors) → (…, n_factors); leading axes are independent problems.
Sources: Ang 2005, Energy Policy 33, 867–871 (formulas 4 and 5); Ang & Liu 2007, Energy Policy 35, 238–246
(zeros: analytical limits) and 1426–1432 (negative values); Wood & Lenzen 2006, Energy Policy 34, 1326–1331.
Not here: LMDI-II weights, decomposition of an intensity by region, chaining rules (add additive effects of
successive years, multiply multiplicative ones).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError

Form = Literal["additive", "multiplicative"]


def lmdi(x0: ArrayLike, x1: ArrayLike, form: Form = "additive") -> np.ndarray:
    """Effect of each factor on the total, (n_categories, n_factors) → (n_factors,).

    additive: in the unit of the total, effects add up to V_1 − V_0; multiplicative: ratios whose product is
    V_1 / V_0. `ScienceError` where a factor changes sign, where the ratio of the totals does not exist, and
    for figures that are missing or beyond floating point.
    """
    if form not in ("additive", "multiplicative"):
        raise ScienceError(
            f"no form {form!r} of decomposition; choose additive or multiplicative.",
            f"không có dạng phân rã {form!r}; hãy chọn additive hoặc multiplicative.",
        )
    start, end = _checked(x0, x1)
    effects = category_effects(start, end).sum(axis=-2)
    if form == "additive":
        return effects
    v0, v1 = start.prod(axis=-1).sum(axis=-1), end.prod(axis=-1).sum(axis=-1)
    if (v0 * v1 <= 0).any():
        raise ScienceError(
            "the totals must both be above zero (or both below) for a ratio; use the additive form.",
            "để có tỷ số, hai tổng phải cùng lớn hơn 0 (hoặc cùng nhỏ hơn); hãy dùng dạng additive.",
        )
    return np.exp(effects / log_mean(v1, v0)[..., None])


def category_effects(x0: ArrayLike, x1: ArrayLike) -> np.ndarray:
    """Additive effects before they are added over the categories, same shape as x0 and x1."""
    start, end = _checked(x0, x1)
    v0, v1 = start.prod(axis=-1), end.prod(axis=-1)
    _refuse_lost_products(start, v0)
    _refuse_lost_products(end, v1)
    both = (v0 != 0) & (v1 != 0)
    counted = (v0 != 0) | (v1 != 0)
    turned = (start * end < 0) & counted[..., None]
    if turned.any():
        *_, category, factor = np.argwhere(turned)[0]
        raise ScienceError(
            f"factor {factor} of category {category} changes its sign, so it has no logarithmic change;"
            " merge the category with another, or report its change apart.",
            f"nhân tố {factor} của nhóm {category} đổi dấu nên không có thay đổi logarit; hãy gộp nhóm ấy "
            "với nhóm khác, hoặc báo riêng thay đổi của nó.",
        )
    ratio = np.divide(end, start, out=np.ones(start.shape), where=both[..., None])
    between = log_mean(np.where(both, v1, 1.0), np.where(both, v0, 1.0))
    smooth = between[..., None] * np.log(ratio)

    vanishing = (start == 0) | (end == 0)
    share = vanishing / np.maximum(vanishing.sum(axis=-1, keepdims=True), 1)
    return np.where(both[..., None], smooth, (v1 - v0)[..., None] * share)


def log_mean(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """L(a, b) of two figures of one sign; a where both are equal, 0 where either is zero."""
    first, second = np.broadcast_arrays(floats(a, "a", "a"), floats(b, "b", "b"))
    if (first * second < 0).any():
        raise ScienceError(
            "the logarithmic mean needs two figures of one sign.",
            "trung bình logarit cần hai con số cùng dấu.",
        )
    usable = (first != 0) & (second != 0)
    # from the smaller figure up: log1p keeps its digits for a step of any size above zero
    swap = np.abs(first) < np.abs(second)
    low = np.where(usable, np.where(swap, first, second), 1.0)
    high = np.where(usable, np.where(swap, second, first), 1.0)
    step = (high - low) / low
    log = np.log1p(step)
    mean = np.divide(high - low, log, out=low.copy(), where=log != 0)
    return np.where(usable, mean, 0.0)


@dataclass(frozen=True)
class Decomposition:
    """What output, mix and specific consumption each did to consumption, in its unit.

    activity + structure + intensity = change, exactly; a negative intensity effect is a saving.
    by_category : category → (activity, structure, intensity).
    """

    activity: float
    structure: float
    intensity: float
    before: float
    after: float
    by_category: Mapping[str, tuple[float, float, float]]

    @property
    def change(self) -> float:
        """Consumption after less consumption before."""
        return self.after - self.before


def activity_structure_intensity(
    output0: Mapping[str, float],
    consumption0: Mapping[str, float],
    output1: Mapping[str, float],
    consumption1: Mapping[str, float],
) -> Decomposition:
    """E = Σ_i Q · (Q_i / Q) · (E_i / Q_i) between two periods, categories by name (products, trades, areas).

    Outputs must share one unit (tonnes, value added). A category new in the second period, or gone from it,
    has no specific consumption at one end; that of the other end is taken there, so its coming or going is a
    change of structure and never of intensity. Consumption without output is refused by name.
    """
    names = tuple(dict.fromkeys([*output0, *consumption0, *output1, *consumption1]))
    q, e = (
        np.array([[side.get(name, 0.0) for name in names] for side in sides], dtype=float)
        for sides in ((output0, output1), (consumption0, consumption1))
    )
    if not names or not (np.isfinite(q).all() and np.isfinite(e).all()) or (q < 0).any() or (e < 0).any():
        raise ScienceError(
            "outputs and consumptions must be given, finite and not negative.",
            "sản lượng và tiêu thụ phải được cho, hữu hạn và không âm.",
        )
    for name, wrong in zip(names, ((q == 0) & (e > 0)).any(axis=0), strict=True):
        if wrong:
            raise ScienceError(
                f"{name}: consumption without output; allot it to what was made.",
                f"{name}: có tiêu thụ mà không có sản lượng; hãy phân bổ cho những gì đã sản xuất.",
            )
    totals = q.sum(axis=1, keepdims=True)
    if (totals == 0).any():
        raise ScienceError(
            "nothing was made in one of the periods: there is no structure to compare.",
            "một trong hai kỳ không sản xuất gì: không có cơ cấu để so sánh.",
        )
    intensity = np.divide(e, q, out=np.zeros(q.shape), where=q > 0)
    intensity = np.where(q > 0, intensity, intensity[::-1])
    factors = np.stack([np.broadcast_to(totals, q.shape), q / totals, intensity], axis=-1)
    effects = category_effects(factors[0], factors[1])
    activity, structure, per_unit = (float(value) for value in effects.sum(axis=0))
    rows = {name: (float(a), float(s), float(i)) for name, (a, s, i) in zip(names, effects, strict=True)}
    return Decomposition(activity, structure, per_unit, float(e[0].sum()), float(e[1].sum()), rows)


def _checked(x0: ArrayLike, x1: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    start, end = floats(x0, "x0", "x0"), floats(x1, "x1", "x1")
    if start.shape != end.shape or start.ndim < 2:
        raise ScienceError(
            f"x0 {start.shape} and x1 {end.shape} must both be (n_categories, n_factors), in the same order.",
            f"x0 {start.shape} và x1 {end.shape} phải cùng có dạng (số nhóm, số nhân tố), theo cùng thứ tự.",
        )
    if not (np.isfinite(start).all() and np.isfinite(end).all()):
        raise ScienceError(
            "every factor must be a finite number at both ends; leave unknown categories out.",
            "mỗi nhân tố phải là số hữu hạn ở cả hai kỳ; hãy bỏ các nhóm chưa biết.",
        )
    return start, end


def _refuse_lost_products(factors: np.ndarray, product: np.ndarray) -> None:
    lost = ~np.isfinite(product) | ((product == 0) & (factors != 0).all(axis=-1))
    if lost.any():
        raise ScienceError(
            "the product of the factors leaves floating point; choose larger or smaller units.",
            "tích của các nhân tố vượt ra ngoài số thực máy tính; hãy chọn đơn vị lớn hơn hoặc nhỏ hơn.",
        )
