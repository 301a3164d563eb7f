"""Text where a number belongs is told as what it is, not as an error of Python's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


def finite(value: Any) -> bool:
    """Whether it is a number at all, and a finite one."""
    try:
        return math.isfinite(value)
    except (TypeError, OverflowError):
        return False


def whole_number(value: Any, en: str, vi: str) -> int:
    """As a whole number; `ScienceError` where it is none. en, vi : what it is called."""
    if not finite(value) or value != int(value):
        raise ScienceError(
            f"{en} is {value}, which is no whole number; give a count.",
            f"{vi} là {comma(value)}, không phải là số nguyên; hãy cho số đếm.",
        )
    return int(value)


def floats(values: Any, en: str, vi: str) -> NDArray[np.float64]:
    """As an array of numbers; `ScienceError` names what is none. en, vi : what the values are called."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise _no_number(values, en, vi) from None


def _no_number(values: Any, en: str, vi: str) -> ScienceError:
    try:
        each = np.asarray(values, dtype=object).ravel().tolist()
    except ValueError:
        each = []
    for one in each:
        try:
            float(one)
        except (TypeError, ValueError):
            if isinstance(one, list | tuple):
                break  # rows of different lengths
            return ScienceError(
                f"{en} holds {one!r}, which is no number; correct it.",
                f"{vi} có {one!r}, không phải là số; hãy sửa lại.",
            )
    return ScienceError(
        f"{en} is no table of numbers; give rows of one length.",
        f"{vi} không phải là bảng số; hãy cho các hàng dài bằng nhau.",
    )
