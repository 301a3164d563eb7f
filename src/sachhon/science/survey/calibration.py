"""Weights brought to known figures: non-response in classes, post-strata, raking to margins.

Non-response: within a class the weight of those who did not answer goes to those who did, factor
Σ w / Σ w(answered). Classes too thin, or with too large a factor, are merged with the class of nearest
response rate, and that is told (Little 1986; Kalton & Flores-Cervantes 2003).

Raking: the weights of each category of each margin in turn are scaled to its known total until all hold
(Deming & Stephan 1940). Post-stratification is raking to one margin.

Variance of a raked or post-stratified design (Deville, Särndal & Sautory 1993): the residuals of z on the
indicators of all margins, regressed with the weights before raking, take the place of z; the weights after
raking multiply them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats, number
from sachhon.science.phrases import comma
from sachhon.science.survey.frame import Frame, encode
from sachhon.science.survey.settings import SinglePsu
from sachhon.science.survey.variance import variance
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.survey.design import Design

Totals = Mapping[str, Mapping[Any, float]]


@dataclass(frozen=True)
class Raked:
    """Weights after raking, and how well the margins hold: `gap` is the largest relative miss."""

    weights: np.ndarray
    converged: bool
    rounds: int
    gap: float
    worst: str

    @property
    def words(self) -> str:
        """The convergence in a sentence."""
        if self.converged:
            return f"all margins hold to {self.gap:.1e} after {self.rounds} rounds."
        return f"after {self.rounds} rounds {self.worst} is still off by {self.gap:.1%}; allow more rounds."


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a raked design was raked to: indices (n,) and totals of each margin, weights before.

    tolerance: largest relative miss of a total that holds; limit: most rounds.
    """

    before: np.ndarray
    codes: tuple[np.ndarray, ...]
    totals: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    labels: tuple[tuple[Hashable, ...], ...]
    tolerance: float
    limit: int

    def apply(self, weights: np.ndarray) -> Raked:
        """Rake these weights (n,) to the margins; whether they met them is told by `converged`."""
        w = weights.astype(float).copy()
        gap, worst = np.inf, ""
        for rounds in range(self.limit + 1):
            gap, worst = self._miss(w)
            if gap <= self.tolerance or rounds == self.limit:
                return Raked(w, gap <= self.tolerance, rounds, gap, worst)
            for code, total in zip(self.codes, self.totals, strict=True):
                now = np.bincount(code, w, total.size)
                w *= np.divide(total, now, out=np.zeros(total.size), where=now > 0)[code]
        raise AssertionError("unreachable")

    def variance(
        self, frame: Frame, score: np.ndarray, index: np.ndarray, count: int, single_psu: SinglePsu
    ) -> np.ndarray:
        """Variance of Σ w z in each domain, after raking; score z (n,), index the domain of each row."""
        sizes = [total.size for total in self.totals]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        cross = np.zeros((sum(sizes), sum(sizes)))
        for a, code_a in zip(starts, self.codes, strict=True):
            for b, code_b in zip(starts, self.codes, strict=True):
                np.add.at(cross, (a + code_a, b + code_b), self.before)
        inverse = np.linalg.pinv(cross, hermitian=True)
        everyone = np.zeros(frame.size, dtype=np.intp)
        out = np.empty(count)
        for d in range(count):
            z = np.where(index == d, score, 0.0)
            right = np.concatenate(
                [
                    np.bincount(code, self.before * z, size)
                    for code, size in zip(self.codes, sizes, strict=True)
                ]
            )
            slope = inverse @ right
            fitted = sum(slope[a + code] for a, code in zip(starts, self.codes, strict=True))
            out[d] = variance(frame, frame.weight * (z - fitted), everyone, 1, single_psu)[0]
        return out

    def emptied(self, weights: np.ndarray) -> tuple[str, float, np.ndarray] | None:
        """A category that these weights (n,) leave without any: its name, total and rows (n,) bool."""
        for name, labels, code, total in zip(self.names, self.labels, self.codes, self.totals, strict=True):
            empty = np.flatnonzero((np.bincount(code, weights, total.size) <= 0) & (total > 0))
            if empty.size:
                at = int(empty[0])
                return f"{name} = {labels[at]}", float(total[at]), code == at
        return None

    def possible(self) -> bool:
        """Whether any weights at all, of the rows there are, meet every margin."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_matrix, vstack

        cells = np.unique(np.stack(self.codes, axis=1), axis=0)
        row = np.arange(len(cells))
        parts = [
            csr_matrix((np.ones(len(cells)), (cells[:, i], row)), (total.size, len(cells)))
            for i, total in enumerate(self.totals)
        ]
        sizes = np.concatenate(self.totals)
        solved = linprog(np.zeros(len(cells)), A_eq=vstack(parts), b_eq=sizes / sizes.max(), method="highs")
        return solved.status == 0

    def _miss(self, w: np.ndarray) -> tuple[float, str]:
        gap, worst = 0.0, ""
        for name, labels, code, total in zip(self.names, self.labels, self.codes, self.totals, strict=True):
            now = np.bincount(code, w, total.size)
            off = np.abs(now - total) / np.where(total > 0, total, 1.0)
            if off.max() > gap:
                gap, worst = float(off.max()), f"{name} = {labels[int(off.argmax())]}"
        return gap, worst


@dataclass(frozen=True)
class Answered:
    """Weights with non-response made good (0 for those who did not answer) and how it was done.

    factors: factor of each class as used; merged: classes that were taken together; warnings: in words.
    """

    weights: np.ndarray
    factors: dict[Hashable, float]
    merged: tuple[tuple[Hashable, ...], ...]
    warnings: tuple[str, ...]


def rake(
    weights: ArrayLike, margins: Mapping[str, ArrayLike], totals: Totals, tolerance: float = 1e-10, limit=1000
) -> Raked:
    """Weights (n,) whose sums meet the known totals of each margin.

    margins: name → (n,) category of each row; totals: name → {category: total}. Margins that no weights
    can meet are refused by name; `converged` tells whether the rounds sufficed.
    """
    w = floats(weights, "weights", "trọng số (weights)")
    if w.ndim != 1 or not (np.isfinite(w).all() and (w >= 0).all()):
        raise ScienceError(
            "weights must be finite and not negative, one for each row.",
            "trọng số phải hữu hạn và không âm, mỗi hàng một số.",
        )
    calibration = prepare(w, margins, totals, tolerance, limit)
    done = calibration.apply(w)
    if not done.converged and not calibration.possible():
        raise ScienceError(
            f"the margins {', '.join(calibration.names)} contradict each other for the rows there are: no "
            f"weights meet all of them ({done.worst} misses by {done.gap:.1%}); merge categories.",
            f"các tổng biên {', '.join(calibration.names)} mâu thuẫn nhau với những hàng đang có: không "
            f"trọng số nào thỏa tất cả ({done.worst} lệch {comma(done.gap):.1%}); hãy gộp nhóm.",
        )
    return done


def raked(design: Design, margins: Mapping[str, ArrayLike], totals: Totals, **options) -> Design:
    """The design with its weights raked; its variances and replicates know of it."""
    if design.calibration is not None:
        raise ScienceError(
            "the design is raked already; give all margins at once to the first design.",
            "thiết kế đã được cân chỉnh (raking) rồi; hãy cho mọi tổng biên cùng lúc vào thiết kế ban đầu.",
        )
    frame = design.frame(np.shape(next(iter(margins.values())))[0])
    done = rake(frame.weight, margins, totals, **options)
    if not done.converged:
        raise ScienceError(
            f"raking did not converge: after {done.rounds} rounds {done.worst} is still off by {done.gap:.1%}; "
            "allow more rounds.",
            f"raking không hội tụ: sau {done.rounds} vòng {done.worst} vẫn lệch {comma(done.gap):.1%}; hãy cho "
            "nhiều vòng hơn.",
        )
    return replace(
        design, weights=done.weights, calibration=prepare(frame.weight, margins, totals, **options)
    )


def prepare(
    before: np.ndarray,
    margins: Mapping[str, ArrayLike],
    totals: Totals,
    tolerance: float = 1e-10,
    limit: int = 1000,
) -> Calibration:
    """Check margins against totals; errors name the margin and the category."""
    if not margins or set(margins) != set(totals):
        raise ScienceError(
            "margins and totals must name the same margins, at least one.",
            "margins và totals phải nêu cùng các tổng biên, ít nhất một.",
        )
    codes, sizes, labels_of = [], [], []
    for name, values in margins.items():
        labels, code = encode(values, f"margin {name}", before.size)
        known = {
            label: number(total, f"total of {name} = {label!r}", f"tổng của {name} = {label!r}")
            for label, total in totals[name].items()
        }
        for label in labels:
            if label not in known:
                raise ScienceError(
                    f"margin {name} has rows in {label!r} but no total for it.",
                    f"tổng biên {name} có hàng ở {label!r} nhưng không có tổng cho nhóm ấy.",
                )
        for label, total in known.items():
            if not (np.isfinite(total) and total >= 0):
                raise ScienceError(
                    f"total of {name} = {label!r} must be finite and not negative.",
                    f"tổng của {name} = {label!r} phải hữu hạn và không âm.",
                )
            if total > 0 and label not in set(labels):
                raise ScienceError(
                    f"margin {name}: no row lies in {label!r} of {total:g}; merge the category.",
                    f"tổng biên {name}: không hàng nào nằm ở {label!r} có {comma(total):g}; hãy gộp nhóm.",
                )
        if (np.bincount(code, before, len(labels)) <= 0).any():
            raise ScienceError(
                f"margin {name}: the rows of a category all weigh zero; merge the category.",
                f"tổng biên {name}: các hàng của một nhóm đều có trọng số 0; hãy gộp nhóm.",
            )
        codes.append(code)
        sizes.append(np.array([known[label] for label in labels]))
        labels_of.append(labels)
    names = tuple(margins)
    sums = [size.sum() for size in sizes]
    for name, size in zip(names, sums, strict=True):
        if abs(size - sums[0]) > 1e-6 * max(sums[0], 1):
            raise ScienceError(
                f"margins {names[0]} and {name} contradict each other: "
                f"they add up to {sums[0]:g} and {size:g}; both must give one population.",
                f"các tổng biên {names[0]} và {name} mâu thuẫn nhau: cộng lại là {comma(sums[0]):g} và "
                f"{comma(size):g}; cả hai phải cho cùng một tổng thể.",
            )
    return Calibration(before, tuple(codes), tuple(sizes), names, tuple(labels_of), tolerance, limit)


def nonresponse(
    weights: ArrayLike, answered: ArrayLike, classes: ArrayLike, minimum: int = 20, largest: float = 3.0
) -> Answered:
    """Give the weight of those who did not answer to the like who did.

    A class needs at least `minimum` answers and a factor of at most `largest` (rules of thumb; both are
    settings); else it is merged with the class of nearest response rate.
    """
    w, yes = floats(weights, "weights", "trọng số (weights)"), np.asarray(answered, dtype=bool)
    if w.ndim != 1 or yes.shape != w.shape or not (np.isfinite(w).all() and (w >= 0).all()):
        raise ScienceError(
            "weights and answered must be of one length, weights finite and not negative.",
            "weights và answered phải dài bằng nhau, trọng số hữu hạn và không âm.",
        )
    if not (w * yes).any():
        raise ScienceError(
            "nobody answered; there is no one to carry the weight.",
            "không ai trả lời; không có ai để nhận trọng số.",
        )
    labels, code = encode(classes, "classes", w.size)
    groups = [[i] for i in range(len(labels))]
    every = np.bincount(code, w, len(labels))
    gave = np.bincount(code, w * yes, len(labels))
    counts = np.bincount(code, yes, len(labels))
    warnings: list[str] = []

    def rate(group: list[int]) -> float:
        whole = every[group].sum()
        return float(gave[group].sum() / whole) if whole else 1.0

    while len(groups) > 1:
        thin = [g for g in groups if counts[g].sum() < minimum or rate(g) * largest < 1]
        if not thin:
            break
        group = min(thin, key=lambda g: (counts[g].sum(), g))
        other = min((g for g in groups if g is not group), key=lambda g: (abs(rate(g) - rate(group)), g))
        names = [", ".join(str(labels[i]) for i in g) for g in (group, other)]
        warnings.append(
            f"class {names[0]} ({counts[group].sum():.0f} answers, response {rate(group):.0%}) "
            f"was merged with {names[1]}."
        )
        groups = [g for g in groups if g is not group and g is not other] + [sorted(group + other)]
    factor = np.ones(len(labels))
    for group in groups:
        factor[group] = 1 / rate(group)
        if counts[group].sum() < minimum or factor[group[0]] > largest:
            names = ", ".join(str(labels[i]) for i in group)
            warnings.append(
                f"class {names} still has only {counts[group].sum():.0f} answers, factor "
                f"{factor[group[0]]:.2f}; nothing is left to merge it with: get more answers in."
            )
    merged = tuple(tuple(labels[i] for i in g) for g in groups if len(g) > 1)
    by_label = {label: float(factor[i]) for i, label in enumerate(labels)}
    return Answered(np.where(yes, w * factor[code], 0.0), by_label, merged, tuple(warnings))
