"""Totals, means, ratios and shares of a stratified or one-stage cluster sample, for one or all domains.

Weights w_i (units that row i stands for), domain indicator d_i, Taylor linearisation (Woodruff 1971):

    total       Σ w d y                                   z = d y
    ratio       R = Σ w d y / Σ w d x                     z = d (y − R x) / Σ w d x
    mean        a ratio with x = 1;  share: a mean of 0 and 1

and the variance of Σ w z by the spread of the sampled units' totals within strata (see `variance`). A
domain's variance counts the units outside it as zeros, so that the size of the domain is random too.

Sources: Cochran, Sampling Techniques, 3rd ed., 5.3, 6.11, 9A.4; Särndal, Swensson & Wretman, Model Assisted
Survey Sampling, 5.5, 5.8; Lumley, Complex Surveys, 2010. Not for: several stages of which each adds variance
(give the first stage), unequal-probability samples without replacement (taken as with replacement).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats, unmasked
from sachhon.science.phrases import comma, vi
from sachhon.science.survey.estimate import DesignEstimate, Kind
from sachhon.science.survey.frame import Frame, Population, build, encode
from sachhon.science.survey.settings import Settings
from sachhon.science.survey.variance import degrees, pair_totals, variance
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.survey.calibration import Calibration
    from sachhon.science.survey.replicates import Kind as ReplicateKind
    from sachhon.science.survey.replicates import Replicates

Domain = ArrayLike | None


@dataclass(frozen=True, eq=False)
class Design:
    """How the rows were drawn.

    strata, clusters: (n,) labels or None. weights: (n,) units that each row stands for; by default
    N_h/n_h from `population`. population: units (with clusters: clusters) there are, a number, a mapping
    stratum → N_h, or for each row the N of its stratum; None leaves the finite population correction out.
    """

    strata: ArrayLike | None = None
    clusters: ArrayLike | None = None
    weights: ArrayLike | None = None
    population: Population = None
    settings: Settings = field(default=Settings(), kw_only=True)
    calibration: Calibration | None = field(default=None, kw_only=True, repr=False)
    _frames: dict[int, Frame] = field(default_factory=dict, init=False, repr=False)

    def total(self, y: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """Σ y over the population, or over a domain of it."""
        return self._estimate("total", y, None, domain)

    def mean(self, y: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """Mean of y over the population, or over a domain of it."""
        return self._estimate("mean", y, None, domain)

    def ratio(self, y: ArrayLike, x: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """Σ y / Σ x, for example saved over expected consumption."""
        return self._estimate("ratio", y, x, domain)

    def proportion(self, b: ArrayLike, domain: Domain = None) -> DesignEstimate:
        """Share of rows with b true (or 1) in the population, or in a domain of it."""
        return self._estimate("proportion", b, None, domain)

    def frame(self, rows: int | None = None) -> Frame:
        """The checked numbers of the design; `rows` only where no array of the design tells it."""
        rows = self._rows(rows)
        if rows not in self._frames:
            self._frames[rows] = build(rows, self.strata, self.clusters, self.weights, self.population)
        return self._frames[rows]

    def replicates(self, kind: ReplicateKind = "jackknife", **options) -> Replicates:
        """Replicate weights: "jackknife", "brr", "fay" or "bootstrap"; see `replicates.make`."""
        from sachhon.science.survey.replicates import make

        return make(self, kind, **options)

    def rake(self, margins, totals, **options) -> Design:
        """The design with weights raked to known margins; see `calibration.rake`."""
        from sachhon.science.survey.calibration import raked

        return raked(self, margins, totals, **options)

    def post_stratify(self, cells: ArrayLike, totals) -> Design:
        """The design with weights that add up to the known size of each cell."""
        from sachhon.science.survey.calibration import raked

        return raked(self, {"cell": cells}, {"cell": totals})

    def _rows(self, rows: int | None) -> int:
        for given in (self.weights, self.strata, self.clusters, self.population):
            size = np.shape(given)[0] if given is not None and np.ndim(given) == 1 else None  # type: ignore[arg-type]
            if size is not None:
                if rows not in (None, size):
                    raise ScienceError(
                        f"the design has {size} rows, the values have {rows}.",
                        f"thiết kế có {comma(size)} hàng, còn các giá trị có {rows}.",
                    )
                return size
        if rows is None:
            raise ScienceError(
                "the design does not say how many rows it has; give weights, strata or clusters.",
                "thiết kế không cho biết có bao nhiêu hàng; hãy cho weights, strata hoặc clusters.",
            )
        return rows

    def _estimate(self, kind: Kind, y: ArrayLike, x: ArrayLike | None, domain: Domain) -> DesignEstimate:
        ys = _rows_of(y, "y")
        frame = self.frame(ys.size)
        labels, index = _domain(domain, ys.size)
        count = len(labels) if labels is not None else 1
        ys = _values(ys, index, kind, "y")
        xs = np.ones(ys.size) if x is None else _values(_rows_of(x, "x"), index, "ratio", "x")
        inside = index >= 0
        place = np.where(inside, index, 0)
        weight = np.where(inside, frame.weight, 0.0)
        top = np.bincount(place, weight * ys, count)
        if kind == "total":
            if not frame.weights_known:
                raise ScienceError(
                    "a total needs to know what each row stands for; give weights or population.",
                    "một tổng cần biết mỗi hàng đại diện cho bao nhiêu; hãy cho weights hoặc population.",
                )
            estimate, score = top, ys
        else:
            base = np.bincount(place, weight * xs, count)
            if (base == 0).any():
                _no_base(kind, labels, base)
            estimate = top / base
            score = (ys - estimate[place] * xs) / base[place]
        score = np.where(inside, score, 0.0)
        if self.calibration is not None:
            spread = self.calibration.variance(frame, score, index, count, self.settings.single_psu)
        else:
            spread = variance(frame, weight * score, index, count, self.settings.single_psu)
        _, pair_domain, _ = pair_totals(frame, weight, index, count)
        result = DesignEstimate(
            kind=kind,
            estimate=estimate,
            standard_error=np.sqrt(spread),
            rows=np.bincount(place, inside, count).astype(int),
            degrees=degrees(frame, index, count).astype(float),
            units=np.bincount(pair_domain, minlength=count),
            unsampled=float(frame.unsampled[frame.psu_stratum].mean()),
            domains=labels,
            settings=self.settings,
        )
        return result if labels is not None else result.first()


def _domain(domain: Domain, rows: int) -> tuple[tuple[Hashable, ...] | None, np.ndarray]:
    """Labels (None for one domain) and the index of each row, −1 outside."""
    if domain is None:
        return None, np.zeros(rows, dtype=np.intp)
    given, hidden = np.asarray(domain), np.ma.getmaskarray(domain) if np.ma.isMaskedArray(domain) else None
    if hidden is not None and hidden.any():  # a row whose label is not told lies in none
        if given.dtype == bool:
            given = given & ~hidden
        else:
            given = given.astype(object)
            given[hidden] = None
    if given.shape != (rows,):
        raise ScienceError(
            f"domain must be a mask or a label for each of the {rows} rows.",
            f"domain phải là mặt nạ hoặc nhãn cho mỗi hàng trong {rows} hàng.",
        )
    if given.dtype == bool:
        if not given.any():
            raise ScienceError(
                "no row lies in the domain; there is nothing to estimate from.",
                "không hàng nào nằm trong miền; không có gì để ước lượng.",
            )
        return None, np.where(given, 0, -1)
    if given.dtype.kind == "O":
        named = np.array([label is not None for label in given.tolist()])
        if not named.any():
            raise ScienceError(
                "no row lies in any domain; there is nothing to estimate from.",
                "không hàng nào nằm trong miền nào; không có gì để ước lượng.",
            )
        labels, inner = encode(given[named], "domain", int(named.sum()))
        index = np.full(rows, -1, dtype=np.intp)
        index[named] = inner
        return labels, index
    return encode(given, "domain", rows)


def _rows_of(values: ArrayLike, name: str) -> np.ndarray:
    """As an array of one value for each row, of whatever kind: what lies outside a domain may be no number."""
    try:
        array = np.asarray(unmasked(values))
    except ValueError:  # rows of different lengths
        array = np.zeros(0)
    if array.ndim != 1 or array.size == 0:
        raise ScienceError(
            f"{name} must be one value for each row.", f"{name} phải có một giá trị cho mỗi hàng."
        )
    return array


def _values(values: np.ndarray, index: np.ndarray, kind: Kind, name: str) -> np.ndarray:
    if values.size != index.size:
        raise ScienceError(
            f"y and x must have one length, not {index.size} and {values.size}.",
            f"y và x phải dài bằng nhau, không phải {index.size} và {values.size}.",
        )
    numeric = values if values.dtype.kind in "biuf" else values.astype(object)
    numbers = floats(np.where(index >= 0, numeric, 0), name, name)
    if not np.isfinite(numbers).all():
        missing, first = int((~np.isfinite(numbers)).sum()), int(np.isfinite(numbers).argmin())
        raise ScienceError(
            f"{missing} rows have no value, the first of {name} at place {first} (from 0); leave them out by a "
            "domain (domain=~np.isnan(y)), or give their weight to like rows with `nonresponse`.",
            f"{missing} hàng không có giá trị, hàng đầu của {name} ở vị trí {first} (đếm từ 0); hãy bỏ ra bằng một "
            "miền (domain=~np.isnan(y)), hoặc chuyển trọng số cho các hàng giống chúng bằng `nonresponse`.",
        )
    if kind == "proportion" and not np.isin(numbers, (0.0, 1.0)).all():
        raise ScienceError(
            "a proportion is of true and false (1 and 0); for other values use mean.",
            "tỷ lệ tính từ đúng và sai (1 và 0); giá trị khác hãy dùng mean.",
        )
    return numbers


def _no_base(kind: Kind, labels: tuple[Hashable, ...] | None, base: np.ndarray) -> None:
    where = "" if labels is None else f" in domain {labels[int(np.argmax(base == 0))]!r}"
    what = "x adds up to zero" if kind == "ratio" else "the weights add up to zero"
    raise ScienceError(
        f"{what}{where}: there is no base to divide by; leave it out (domain label None).",
        f"{vi(what)}{where.replace(' in domain', ' ở miền')}: không có mẫu số để chia; hãy bỏ ra (nhãn miền None).",
    )
