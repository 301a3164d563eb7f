"""The readings of months, checked: one figure a month, finite or a gap, consumption not below zero, months 1 to 12 and
whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


def complete(
    consumption: ArrayLike, drivers: Mapping[str, ArrayLike], month: ArrayLike | None
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray | None, np.ndarray]:
    """Consumption, drivers and month of the months without a gap, and (n,) True for these."""
    y = check_consumption(consumption)
    series = {name: check_driver(name, x) for name, x in drivers.items()}
    months = None if month is None else check_months(month)
    every = [y, *series.values(), *([] if months is None else [months])]
    if y.ndim != 1 or any(x.shape != y.shape for x in every):
        raise ScienceError(
            "consumption, drivers and month must have one figure for each month.",
            "mức tiêu thụ, các biến giải thích và tháng phải có một con số cho mỗi tháng.",
        )
    used = np.all([np.isfinite(x) for x in every], axis=0)
    months = None if months is None else months[used]
    return y[used], {name: x[used] for name, x in series.items()}, months, used


def check_consumption(consumption: ArrayLike) -> np.ndarray:
    """As an array; a figure below zero is a credit, a correction or a mistake, and no consumption of its month."""
    y = floats(consumption, "consumption", "mức tiêu thụ", gaps=True)
    _refuse_infinite(y, "consumption", "mức tiêu thụ")
    below = np.flatnonzero(y < 0)
    if below.size:
        at, seen = int(below[0]) + 1, float(y.flat[below[0]])
        raise ScienceError(
            f"consumption {at} is {seen:g}; give what was used in that month, not a credit or a correction, or leave a "
            "gap (NaN).",
            f"mức tiêu thụ thứ {at} là {comma(seen):g}; hãy cho lượng đã dùng trong tháng đó, không phải khoản hoàn "
            "trả hay điều chỉnh, hoặc để trống (NaN).",
        )
    return y


def check_driver(name: str, readings: ArrayLike) -> np.ndarray:
    """As an array of one figure a month; NaN is a gap."""
    en, vi = f"the driver {name}", f"biến giải thích {name}"
    x = floats(readings, en, vi, gaps=True)
    if x.ndim != 1:
        raise ScienceError(
            f"{en} has the shape {x.shape}; give one figure for each month.",
            f"{vi} có dạng {x.shape}; hãy cho một con số cho mỗi tháng.",
        )
    _refuse_infinite(x, en, vi)
    return x


def _refuse_infinite(x: np.ndarray, en: str, vi: str) -> None:
    wrong = np.flatnonzero(np.isinf(x))
    if wrong.size:
        raise ScienceError(
            f"figure {wrong[0] + 1} of {en} is infinite; correct it, or leave a gap (NaN).",
            f"con số thứ {wrong[0] + 1} của {vi} là vô hạn; hãy sửa, hoặc để trống (NaN).",
        )


def check_months(month: ArrayLike) -> np.ndarray:
    """As an array of whole numbers; 1 is January, 12 December, NaN a gap."""
    months = floats(month, "month", "tháng", gaps=True)
    wrong = np.flatnonzero(
        (months < 1) | (months > 12) | (np.isfinite(months) & (months != np.round(months)))
    )
    if wrong.size:
        at, seen = int(wrong[0]) + 1, float(months.flat[wrong[0]])
        raise ScienceError(
            f"month {at} of the list is {seen:g}; give a whole number, 1 for January to 12 for December.",
            f"tháng thứ {at} của danh sách là {comma(seen):g}; hãy cho số nguyên, từ 1 (tháng Giêng) đến 12 (tháng "
            "Chạp).",
        )
    return months
