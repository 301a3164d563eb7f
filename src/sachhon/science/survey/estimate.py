"""An estimate of a design, or one for each of many domains, with its error and its interval.

Interval of a total, a mean or a ratio: estimate ± t·SE with the design's degrees of freedom. Interval of a
share: with the effective sample size of the design (Korn & Graubard 1998)

    n* = p(1 − p)/var(p) · (t_{n−1} / t_df)²

Wilson's, Clopper–Pearson's ("beta": quantiles of Beta(n*p, n*(1 − p) + 1) and Beta(n*p + 1, n*(1 − p))),
or "logit": t·SE on ln p/(1 − p). A share of exactly 0 or 1 tells no variance: n* is then the number of
sampled units with the finite population correction, n(N − 1)/(N − n), as for one simple sample.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from sachhon.science.phrases import comma, vi
from sachhon.science.survey.settings import ProportionInterval, Settings
from sachhon.science.uncertainty import ScienceError

Kind = Literal["total", "mean", "ratio", "proportion"]
Values = float | np.ndarray


@dataclass(frozen=True)
class DesignEstimate:
    """`estimate` and `standard_error` are numbers, or with `domains` arrays with one value a domain.

    rows: rows that the figure rests on; degrees: degrees of freedom of the design in the domain;
    units: sampled units (clusters) that hold such a row; unsampled: average 1 − n/N over the strata.
    """

    kind: Kind
    estimate: Values
    standard_error: Values
    rows: int | np.ndarray
    degrees: Values
    units: int | np.ndarray
    unsampled: float
    domains: tuple[Hashable, ...] | None = None
    settings: Settings = field(default=Settings())

    @property
    def relative_error(self) -> Values | None:
        """Standard error over |estimate|; None (or inf within an array) where the estimate is zero."""
        if isinstance(self.estimate, float):
            return self.standard_error / abs(self.estimate) if self.estimate else None
        size = np.abs(self.estimate)
        return np.divide(self.standard_error, size, out=np.full(size.shape, np.inf), where=size > 0)

    def interval(
        self, level: float = 0.95, method: ProportionInterval | None = None, degrees: float | None = None
    ) -> tuple[Values, Values]:
        """(low, high) at a confidence level; `degrees` math.inf gives the normal distribution.

        `method` is for shares only; totals, means and ratios are estimate ± t·SE ("wald").
        """
        if not 0 < level < 1:
            raise ScienceError(
                f"level {level} is outside 0 to 1; give 95 % as 0.95.",
                f"mức tin cậy {comma(level)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
            )
        if degrees is None:
            degrees_of = np.asarray(
                self.degrees if self.settings.degrees == "design" else np.inf, dtype=float
            )
        else:
            degrees_of = np.asarray(degrees, dtype=float)
        chosen = method or (self.settings.proportion if self.kind == "proportion" else "wald")
        if chosen != "wald" and self.kind != "proportion":
            raise ScienceError(
                f"{chosen} is an interval of a share; a {self.kind} has only wald.",
                f"{chosen} là khoảng tin cậy của một tỷ lệ; {vi(self.kind)} chỉ có wald.",
            )
        p, error = np.asarray(self.estimate), np.asarray(self.standard_error)
        if chosen == "wald":
            half = quantile(degrees_of, level) * error
            low, high = p - half, p + half
        elif chosen in ("wilson", "beta", "logit"):
            low, high = self._share(p, error, degrees_of, level, chosen)
        else:
            raise ScienceError(
                f"no interval {chosen!r}; choose wilson, beta, logit or wald.",
                f"không có khoảng tin cậy {chosen!r}; hãy chọn wilson, beta, logit hoặc wald.",
            )
        return _plain(low), _plain(high)

    def first(self) -> DesignEstimate:
        """The figures of the first domain as plain numbers."""
        numbers = {
            name: np.asarray(getattr(self, name)).reshape(-1)[0].item()
            for name in ("estimate", "standard_error", "rows", "degrees", "units")
        }
        return replace(self, domains=None, **numbers)

    def chance_at_least(self, target: float) -> Values:
        """Chance that the population's share reaches `target`, from a share's estimate.

        A beta distribution with Jeffreys' prior and the effective sample size n*: near
        `prob_target_met` for one simple sample, 0 or 1 for a census. Exact for strata of simple samples:
        `stratified_prob_target_met`.
        """
        if self.kind != "proportion":
            raise ScienceError(
                "a target of a share is judged from .proportion(...).",
                "mục tiêu về một tỷ lệ được xét từ .proportion(...).",
            )
        if not 0 <= target <= 1:
            raise ScienceError(
                f"target {target} is outside 0 to 1; give 50 % as 0.5.",
                f"mục tiêu {comma(target)} nằm ngoài 0 đến 1; 50 % hãy viết 0.5.",
            )
        from scipy.special import betainc

        p, error = np.asarray(self.estimate), np.asarray(self.standard_error)
        n = self._effective(p, error, np.asarray(np.inf), 0.95)
        certain = np.isinf(n)
        n = np.where(certain, 1.0, n)
        chance = 1 - betainc(n * p + 0.5, n * (1 - p) + 0.5, target)
        return _plain(np.where(certain, p >= target - 1e-12, chance))

    def _share(self, p, error, degrees, level, method):
        n = self._effective(p, error, degrees, level)
        certain = np.isinf(n)
        n = np.where(certain, 1.0, n)
        if method == "wilson":
            z = quantile(np.asarray(np.inf), level)
            centre = p + z * z / (2 * n)
            half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
            low, high = (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
        elif method == "logit":
            inside = (p > 0) & (p < 1)
            if not inside.all():
                raise ScienceError(
                    "logit needs a share strictly between 0 and 1; use wilson or beta.",
                    "logit cần một tỷ lệ nằm hẳn giữa 0 và 1; hãy dùng wilson hoặc beta.",
                )
            half = quantile(degrees, level) * error / (p * (1 - p))
            low, high = (1 / (1 + np.exp(-(np.log(p / (1 - p)) + s * half))) for s in (-1, 1))
        else:
            from scipy.special import betaincinv

            tail = (1 - level) / 2
            yes, no = n * p, n * (1 - p)
            low = np.where(yes > 0, betaincinv(np.where(yes > 0, yes, 1.0), no + 1, tail), 0.0)
            high = np.where(no > 0, betaincinv(yes + 1, np.where(no > 0, no, 1.0), 1 - tail), 1.0)
        low, high = np.where(certain, p, low), np.where(certain, p, high)
        return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)

    def _effective(self, p, error, degrees, level):
        """Effective sample size of a share; inf where nothing is left to sample."""
        rows, units = np.asarray(self.rows, dtype=float), np.asarray(self.units, dtype=float)
        spread = np.square(error)
        told = spread > 0
        n = p * (1 - p) / np.where(told, spread, 1.0)
        fewer = np.isfinite(degrees) & told
        ratio = quantile(np.maximum(rows - 1, 1), level) / quantile(degrees, level)
        n = np.where(fewer, n * np.square(ratio), n)
        alone = units / self.unsampled if self.unsampled > 0 else np.inf
        return np.where(told, n, alone)


def quantile(degrees: np.ndarray, level: float) -> np.ndarray:
    """Two-sided quantile of Student's t, of the normal where degrees are infinite."""
    from scipy.special import ndtri, stdtrit

    finite = np.isfinite(degrees)
    t = stdtrit(np.where(finite, degrees, 1.0), 0.5 + level / 2)
    return np.where(finite, t, ndtri(0.5 + level / 2))


def _plain(values: np.ndarray) -> Values:
    return float(values) if np.ndim(values) == 0 else np.asarray(values, dtype=float)
