"""Drivers that tell the same: the one the others make up exactly, and how much the others widen the error of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


class MadeUp(ScienceError):
    """A column that the others make up exactly; `term` names it.

    everywhere : its one figure, where it never changes and so cannot be told from the constant; else None.
    """

    def __init__(self, term: str, everywhere: float | None = None):
        if everywhere is None:
            super().__init__(
                f"{term} is made up by the other drivers; leave one out.",
                f"{term} suy ra được từ các biến giải thích khác; hãy bỏ bớt một biến.",
            )
        else:
            super().__init__(
                f"{term} is {everywhere:g} every time: its effect cannot be told from the fixed part; leave it out.",
                f"{term} lần nào cũng là {comma(everywhere):g}: không tách được ảnh hưởng của nó khỏi phần cố định; "
                "hãy bỏ ra.",
            )
        self.term, self.everywhere = term, everywhere


def vif(scaled: np.ndarray, names: Sequence[str], constant: str) -> np.ndarray:
    """Variance inflation of each of the (n, p) columns, 0 for a constant: diagonal of the inverse correlations."""
    is_constant = np.array([name == constant for name in names])
    x = scaled[:, ~is_constant]
    out = np.zeros(len(names))
    if x.shape[1]:
        if is_constant.any():
            x = x - x.mean(axis=0)
        size = np.linalg.norm(x, axis=0)
        r = np.linalg.qr(x / np.where(size > 0, size, 1.0))[1]
        root = np.linalg.inv(r) if (np.abs(np.diag(r)) > 1e-14).all() else np.full(r.shape, np.inf)
        out[~is_constant] = np.square(root).sum(axis=1)
    return out
