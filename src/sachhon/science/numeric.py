"""Text where a number belongs is told as what it is, with its place, not as an error of Python's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Rational
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


def number(value: Any, en: str, vi: str) -> float:
    """As one number, infinite or missing (NaN) ones too; `ScienceError` names it otherwise. en, vi : what it is."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise ScienceError(
            f"{en} is {value!r}, which is no number; correct it.",
            f"{vi} là {value!r}, không phải là số; hãy sửa lại.",
        ) from None


def plain(value: Any) -> Any:
    """A Decimal or Fraction, which floats do not mix with, as a float, those of a mapping too; else as it is."""
    if isinstance(value, float | int):
        return value
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return float(value) if isinstance(value, Decimal | Rational) else value


def with_floats(record: Any, *names: str) -> None:
    """Turns the fields of these names, of a frozen record being made, from Decimal and Fraction into floats."""
    for name in names:
        given = getattr(record, name)
        if not isinstance(given, float | int):
            object.__setattr__(record, name, plain(given))


def whole_number(value: Any, en: str, vi: str) -> int:
    """As a whole number; `ScienceError` where it is none. en, vi : what it is called."""
    if not finite(value) or value != int(value):
        raise ScienceError(
            f"{en} is {value}, which is no whole number; give a count.",
            f"{vi} là {comma(value)}, không phải là số nguyên; hãy cho số đếm.",
        )
    return int(value)


def each(values: Any, kind: type, name: str) -> None:
    """Refuses what is no list of `kind`, or holds something else, by the name of the argument and its place."""
    if not isinstance(values, Iterable) or isinstance(values, str):
        raise ScienceError(
            f"{name} is {values!r}; give a list of {kind.__name__}.",
            f"{name} là {values!r}; hãy cho một danh sách {kind.__name__}.",
        )
    for place, one in enumerate(values):
        if not isinstance(one, kind):
            raise ScienceError(
                f"{name} holds {one!r} at place {place} (from 0); give a {kind.__name__} there.",
                f"{name} có {one!r} ở vị trí {place} (đếm từ 0); ở đó hãy cho một {kind.__name__}.",
            )


def floats(values: Any, en: str, vi: str, *, gaps: bool = False) -> NDArray[np.float64]:
    """As an array of numbers; `ScienceError` names what is none. en, vi : what the values are called.

    gaps : a value that is masked (numpy.ma) is missing, NaN in the result; without, it is refused by its place.
    """
    plain = unmasked(values)
    try:
        numbers = np.asarray(plain, dtype=float)
    except (TypeError, ValueError):
        raise _no_number(plain, en, vi) from None
    if plain is not values and not gaps:
        refuse_masked(values, en, vi)
    return numbers


def unmasked(values: Any) -> Any:
    """The same values where none is masked, else an array with NaN for each masked one: numpy itself would give what
    lies hidden under the mask."""
    hidden = _hidden(values)
    if hidden is None or not hidden.any():
        return values
    shown = np.ma.getdata(np.ma.asarray(values))
    return np.where(hidden, np.nan, shown if shown.dtype.kind in "biuf" else shown.astype(object))


def _hidden(values: Any) -> NDArray[np.bool_] | None:
    """Where a masked array, or a list of masked rows, hides its values; None where there is no mask at all."""
    if isinstance(values, list | tuple):
        if not any(isinstance(row, np.ma.MaskedArray) for row in values):
            return None
    elif not isinstance(values, np.ma.MaskedArray):
        return None
    try:
        return np.ma.getmaskarray(np.ma.asarray(values))
    except ValueError:  # rows of different lengths, told as such later
        return None


def refuse_masked(values: Any, en: str, vi: str) -> None:
    """Names what is masked by its place, where a missing value has no meaning. en, vi : what the values are called."""
    hidden = _hidden(values)
    if hidden is not None and hidden.any():
        where = ", ".join(str(int(axis[0])) for axis in np.nonzero(np.atleast_1d(hidden)))
        raise ScienceError(
            f"{en} has a masked value, at place {where} (from 0); give a number there, or leave it out.",
            f"{vi} có giá trị bị che (masked), ở vị trí {where} (đếm từ 0); hãy cho một con số ở đó, hoặc bỏ ra.",
        )


def _no_number(values: Any, en: str, vi: str) -> ScienceError:
    try:
        table = np.asarray(values, dtype=object)
    except ValueError:
        table = np.zeros(0, dtype=object)
    listed = table.ravel().tolist()
    for place, one in enumerate(listed):
        try:
            float(one)
        except (TypeError, ValueError):
            if isinstance(one, list | tuple):
                break  # rows of different lengths
            where = ", ".join(str(int(i)) for i in np.unravel_index(place, table.shape))
            at, ở = (
                (f", at place {where} (from 0)", f", ở vị trí {where} (đếm từ 0)") if table.ndim else ("", "")
            )
            return ScienceError(
                f"{en} holds {one!r}, which is no number{at}; correct it.",
                f"{vi} có {one!r}, không phải là số{ở}; hãy sửa lại.",
            )
    return ScienceError(
        f"{en} is no table of numbers; give rows of one length.",
        f"{vi} không phải là bảng số; hãy cho các hàng dài bằng nhau.",
    )
