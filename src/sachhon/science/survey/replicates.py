"""Variance by replicate weights: the same figure from many reweighted samples.

    var = Σ_r c_r (θ_r − θ)²

jackknife   one PSU of stratum h left out, the others × n_h/(n_h − 1); c = (1 − f_h)(n_h − 1)/n_h
            (JK1 without strata, JKn with)
brr, fay    two PSUs a stratum, × 2 and 0 (fay: × 2 − ρ and ρ) by a Hadamard matrix; c = 1/(R(1 − ρ)²)
bootstrap   n_h − 1 PSUs drawn with replacement, r_p times: × 1 − λ + λ r_p n_h/(n_h − 1), λ² = 1 − f_h;
            c = 1/R (Rao & Wu 1988; Rao, Wu & Yue 1992); needs a seed

f_h = n_h/N_h; for brr and fay the distance of the factor from 1 is scaled by √(1 − f_h). For a total the
jackknife and brr equal the linearised variance exactly; for means and ratios to first order. A raked design
is raked again in every replicate; one that cannot meet the totals is refused by name, for its short weights would
pass for variance. Sources: Wolter, Introduction to Variance Estimation, 2nd ed., chs. 3–5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.phrases import comma
from sachhon.science.survey.estimate import DesignEstimate
from sachhon.science.survey.frame import Frame
from sachhon.science.survey.variance import _refuse, collapse
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.survey.calibration import Calibration
    from sachhon.science.survey.design import Design, Domain

Kind = Literal["jackknife", "brr", "fay", "bootstrap"]
Centre = Literal["estimate", "mean"]
_MOST = 60_000_000  # factors held at once: half a gigabyte


@dataclass(frozen=True, eq=False)
class Replicates:
    """R replicate factors of P sampled units (P, R), or of the n rows for a raked design.

    coefficients (R,): c_r. centre: squares are taken from the estimate, or from the replicates' mean
    (the default of R's survey package).
    """

    design: Design
    kind: Kind
    factors: np.ndarray
    coefficients: np.ndarray
    centre: Centre = "estimate"

    def total(self, y: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """As `Design.total`, the error by replicates."""
        return self._estimate(self.design.total(y, domain), y, None, domain)

    def mean(self, y: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """As `Design.mean`, the error by replicates."""
        return self._estimate(self.design.mean(y, domain), y, None, domain)

    def ratio(self, y: ArrayLike, x: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """As `Design.ratio`, the error by replicates."""
        return self._estimate(self.design.ratio(y, x, domain), y, x, domain)

    def proportion(self, b: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """As `Design.proportion`, the error by replicates."""
        return self._estimate(self.design.proportion(b, domain), b, None, domain)

    def weights(self) -> np.ndarray:
        """Replicate weights of the rows, (n, R)."""
        frame = self.design.frame()
        return frame.weight[:, None] * (self.factors if self._by_row else self.factors[frame.psu])

    @property
    def _by_row(self) -> bool:
        return self.design.calibration is not None

    def _estimate(
        self, found: DesignEstimate, y: ArrayLike, x: ArrayLike | None, domain: Domain
    ) -> DesignEstimate:
        from dataclasses import replace

        from sachhon.science.survey.design import _domain, _rows_of, _values

        ys = _rows_of(y, "y")
        frame = self.design.frame(ys.size)
        labels, index = _domain(domain, ys.size)
        count = len(labels) if labels is not None else 1
        top = self._sums(frame, _values(ys, index, found.kind, "y"), index, count)
        if found.kind != "total":
            xs = np.ones(ys.size) if x is None else _values(_rows_of(x, "x"), index, "ratio", "x")
            base = self._sums(frame, xs, index, count)
            if (base == 0).any():
                raise ScienceError(
                    f"a domain is empty in a {self.kind} replicate; merge small domains, or use the "
                    "linearised error of the design.",
                    f"có miền trống trong một mẫu lặp {self.kind}; hãy gộp các miền nhỏ, hoặc dùng sai số tuyến "
                    "tính hóa của thiết kế.",
                )
            top = top / base
        middle = (
            np.reshape(found.estimate, (-1, 1)) if self.centre == "estimate" else top.mean(1, keepdims=True)
        )
        error = np.sqrt(np.square(top - middle) @ self.coefficients)
        return replace(found, standard_error=error if labels is not None else float(error[0]))

    def _sums(self, frame: Frame, values: np.ndarray, index: np.ndarray, count: int) -> np.ndarray:
        """Σ w values of each domain in each replicate, (count, R)."""
        from scipy.sparse import csr_matrix

        rows = np.flatnonzero(index >= 0)
        column = rows if self._by_row else frame.psu[rows]
        weighted = frame.weight[rows] * values[rows]
        shape = (count, self.factors.shape[0])
        return csr_matrix((weighted, (index[rows], column)), shape=shape) @ self.factors


def make(
    design: Design,
    kind: Kind = "jackknife",
    *,
    count: int = 500,
    fay: float = 0.5,
    seed: int | None = None,
    centre: Centre = "estimate",
) -> Replicates:
    """Replicates of a design; count and seed are for the bootstrap, fay is Fay's ρ."""
    if centre not in ("estimate", "mean"):
        raise ScienceError(
            f"no centre {centre!r}; choose estimate or mean.",
            f"không có tâm {centre!r}; hãy chọn estimate hoặc mean.",
        )
    frame = design.frame()
    stratum, sampled, unsampled = _groups(design, frame)
    if kind == "jackknife":
        factors, coefficients = _jackknife(stratum, sampled, unsampled)
    elif kind in ("brr", "fay"):
        factors, coefficients = _balanced(stratum, sampled, unsampled, fay if kind == "fay" else 0.0)
    elif kind == "bootstrap":
        if seed is None:
            raise ScienceError(
                "the bootstrap needs a seed, so that its figure can be found again.",
                "bootstrap cần một seed, để con số tìm lại được.",
            )
        factors, coefficients = _bootstrap(stratum, sampled, unsampled, count, seed)
    else:
        raise ScienceError(
            f"no replicates {kind!r}; choose jackknife, brr, fay or bootstrap.",
            f"không có mẫu lặp {kind!r}; hãy chọn jackknife, brr, fay hoặc bootstrap.",
        )
    if design.calibration is not None:
        factors = _raked(design, design.calibration, frame, kind, factors)
    return Replicates(design, kind, factors, coefficients, centre)


def _groups(design: Design, frame: Frame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stratum of each PSU and sampled and unsampled of each, collapsed or certain as the settings say."""
    single = design.settings.single_psu
    if not frame.lonely.any():
        return frame.psu_stratum, frame.sampled, frame.unsampled
    if single == "pool":
        group = collapse(frame.lonely)
        sampled = np.bincount(group, frame.sampled).astype(int)
        return group[frame.psu_stratum], sampled, 1 - sampled / np.bincount(group, frame.population)
    if single == "certainty":
        return frame.psu_stratum, frame.sampled, np.where(frame.lonely, 0.0, frame.unsampled)
    if single == "error":
        _refuse(frame)
    raise ScienceError(
        f'replicates know no single_psu="{single}"; set "pool" or "certainty".',
        f'mẫu lặp không biết single_psu="{single}"; hãy đặt "pool" hoặc "certainty".',
    )


def _raked(
    design: Design, calibration: Calibration, frame: Frame, kind: Kind, factors: np.ndarray
) -> np.ndarray:
    """Factors (n, R) of the rows once every replicate, of PSU factors (P, R), is raked again."""
    out = np.zeros((frame.size, factors.shape[1]))
    weighing = frame.weight > 0  # a category of total 0 weighs nothing in any replicate
    for r, column in enumerate(factors.T):
        before = calibration.before * column[frame.psu]
        empty = calibration.emptied(before)
        if empty is not None:
            name, total, rows = empty
            en, vi = _units(design, frame, rows & (calibration.before > 0))
            raise ScienceError(
                f"{kind} replicate {r + 1} has no row left of {name} (total {total:g}), which lies in {en} alone, and "
                "cannot be raked to the totals; merge the category with another, or use the linearised (Taylor) "
                "error of the design.",
                f"mẫu lặp {kind} thứ {r + 1} không còn hàng nào của {name} (tổng {comma(total):g}), vốn chỉ nằm ở "
                f"{vi}, nên không cân chỉnh về các tổng được; hãy gộp nhóm ấy với nhóm khác, hoặc dùng sai số tuyến "
                "tính hóa (Taylor) của thiết kế.",
            )
        done = calibration.apply(before)
        if not done.converged:
            raise ScienceError(
                f"{kind} replicate {r + 1} cannot be raked to the totals: after {done.rounds} rounds {done.worst} is "
                f"still off by {done.gap:.1%}; merge small categories, rake with more rounds, or use the linearised "
                "(Taylor) error of the design.",
                f"mẫu lặp {kind} thứ {r + 1} không cân chỉnh về các tổng được: sau {done.rounds} vòng {done.worst} "
                f"vẫn lệch {comma(done.gap):.1%}; hãy gộp các nhóm nhỏ, cân chỉnh với nhiều vòng hơn, hoặc dùng sai "
                "số tuyến tính hóa (Taylor) của thiết kế.",
            )
        out[weighing, r] = done.weights[weighing] / frame.weight[weighing]
    return out


def _units(design: Design, frame: Frame, rows: np.ndarray) -> tuple[str, str]:
    """The sampled units of these rows (n,) bool in words, English and Vietnamese; the first few of many."""
    first = np.flatnonzero(rows)[np.unique(frame.psu[rows], return_index=True)[1]]
    labels = first + 1 if design.clusters is None else np.asarray(design.clusters, dtype=object)[first]
    named = ", ".join(str(label) for label in labels[:4]) + (", …" if first.size > 4 else "")
    what, what_vi = ("row", "hàng") if design.clusters is None else ("cluster", "cụm")
    return f"{what}{'s' if first.size > 1 else ''} {named}", f"{what_vi} {named}"


def _room(units: int, replicates: int) -> None:
    if units * replicates > _MOST:
        raise ScienceError(
            f"{replicates} replicates of {units} units are too many to hold; "
            "use the linearised error of the design, or the bootstrap with fewer replicates.",
            f"{replicates} mẫu lặp của {units} đơn vị là quá nhiều để giữ; hãy dùng sai số tuyến tính hóa "
            "của thiết kế, hoặc bootstrap với ít mẫu lặp hơn.",
        )


def _jackknife(stratum, sampled, unsampled) -> tuple[np.ndarray, np.ndarray]:
    out = np.flatnonzero((sampled > 1)[stratum])
    _room(stratum.size, out.size)
    factors = np.ones((stratum.size, out.size))
    for r, unit in enumerate(out):
        h = stratum[unit]
        factors[stratum == h, r] = sampled[h] / (sampled[h] - 1)
        factors[unit, r] = 0.0
    of = stratum[out]
    return factors, unsampled[of] * (sampled[of] - 1) / sampled[of]


def _balanced(stratum, sampled, unsampled, rho: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.linalg import hadamard

    if not 0 <= rho < 1:
        raise ScienceError(
            f"Fay's factor {rho} is outside 0 to 1; 0 is plain brr.",
            f"hệ số Fay {comma(rho)} nằm ngoài 0 đến 1; 0 là brr thường.",
        )
    unpaired = (sampled != 2) & ~((sampled == 1) & (unsampled == 0))
    if unpaired.any():
        raise ScienceError(
            "balanced replicates need two units in each stratum; use jackknife or bootstrap.",
            "mẫu lặp cân bằng cần hai đơn vị ở mỗi tầng; hãy dùng jackknife hoặc bootstrap.",
        )
    pairs = np.flatnonzero(sampled == 2)
    size = 2 ** int(np.ceil(np.log2(pairs.size + 1)))
    _room(stratum.size, size)
    signs = hadamard(max(size, 2))[1 : pairs.size + 1].astype(float)
    factors = np.ones((stratum.size, signs.shape[1]))
    first = np.zeros(stratum.size, dtype=bool)
    first[np.unique(stratum, return_index=True)[1]] = True
    for row, h in zip(signs, pairs, strict=True):
        step = (1 - rho) * np.sqrt(unsampled[h]) * row
        members = stratum == h
        factors[members & first] += step
        factors[members & ~first] -= step
    return factors, np.full(signs.shape[1], 1 / (signs.shape[1] * (1 - rho) ** 2))


def _bootstrap(stratum, sampled, unsampled, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if count < 2:
        raise ScienceError(
            "the bootstrap needs at least two replicates; a few hundred are usual.",
            "bootstrap cần ít nhất hai mẫu lặp; thường là vài trăm.",
        )
    _room(stratum.size, count)
    rng = np.random.default_rng(seed)
    factors = np.ones((stratum.size, count))
    for h in np.flatnonzero((sampled > 1) & (unsampled > 0)):
        n = sampled[h]
        drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=count).T
        reach = np.sqrt(unsampled[h])
        factors[stratum == h] = 1 - reach + reach * drawn * n / (n - 1)
    return factors, np.full(count, 1 / count)
