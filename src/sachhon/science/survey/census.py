"""Proportions and ratios of a finite population of which a part answered.

A census with non-response is the limiting case: N facilities, n with a known answer, x of them yes. The
unknown are treated as missing at random; `bounds_with_unknown` makes no such assumption.

Proportion p = x/n. With the finite population correction f = (N − n)/(N − 1) the effective sample size is
n* = n / f (infinite when everyone answered: the interval has no width), and

    Wilson:  (p + z²/2n* ± z √(p(1−p)/n* + z²/4n*²)) / (1 + z²/n*)
    exact:   all K with P(X ≥ x | K) > α/2 and P(X ≤ x | K) > α/2, X hypergeometric(N, K, n)

Ratio R = Σ y / Σ x, stratified with N_h, n_h and weights w_h = N_h/n_h, by Taylor linearisation:

    var R = Σ_h N_h² (1 − n_h/N_h) s²_h(e) / n_h / (Σ w x)²,     e = y − R x

Sources: Wilson 1927; Cochran, Sampling Techniques, 3rd ed., 2.5–2.11, 3.6, 5.3, 6.10; Konijn 1973 (exact
bounds by inverting the hypergeometric); Korn & Graubard 1998 (effective sample size under a design).
Not here: the chance that a target is met (`target`), clusters, replicate weights (`design`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.distributions import hypergeometric_sum
from sachhon.science.numeric import finite, floats
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Interval = Literal["wilson", "exact"]
"""How the interval of a share in a finite population is found.

"wilson" is the score interval (Wilson 1927) with the sample size that the finite population correction leaves: shorter,
right on the average. "exact" inverts the hypergeometric distribution (as Clopper and Pearson do the binomial): at least
as sure as asked, and the one to publish for few units. For shares under a design see `settings.ProportionInterval`.
"""


@dataclass(frozen=True)
class Estimate:
    """An estimate with its interval; `coverage` is known / population.

    With nobody known, or nobody in the population, `estimate` and `standard_error` are None, and the
    interval is the widest possible: (0, 1) for a proportion, None for a ratio.
    """

    estimate: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    confidence: float
    known: int
    population: int
    pooled: tuple[Hashable, ...] = ()

    @property
    def coverage(self) -> float | None:
        """Share of the population with a known answer, None for an empty population."""
        return self.known / self.population if self.population else None


@dataclass(frozen=True)
class Bounds:
    """What the share is at least (every unknown is a no) and at most (every unknown is a yes)."""

    low: float
    high: float


@dataclass(frozen=True)
class StratumCount:
    """Answers of one stratum: x yes of n known of N facilities."""

    successes: int
    known: int
    population: int


def proportion(
    successes: int, known: int, population: int, confidence: float = 0.95, method: Interval = "exact"
) -> Estimate:
    """Share of yes in the population, from the known answers; see the module for the formulas.

    The exact interval holds no share that the answers known have ruled out, and every one that they leave
    likely. Wilson's, an approximation, is cut to what is possible; of few it may leave out what is likely.
    """
    check_counts(successes, known, population)
    if known == 0:
        return Estimate(None, None, 0.0, 1.0, confidence, 0, population)
    p = successes / known
    error = float(np.sqrt(p * (1 - p) / (known - 1) * (1 - known / population))) if known > 1 else None
    if known == population:
        low, high, error = p, p, 0.0
    elif method == "wilson":
        low, high = _wilson(p, known * (population - 1) / (population - known), confidence)
        low, high = max(low, successes / population), min(high, (successes + population - known) / population)
    elif method == "exact":
        low, high = _hypergeometric_bounds(successes, known, population, confidence)
        # the population's share goes in steps of 1/N; x/n may lie between the last one and the next
        low, high = min(low, p), max(high, p)
    else:
        raise ScienceError(
            f"no interval {method!r}; choose wilson or exact.",
            f"không có khoảng tin cậy {method!r}; hãy chọn wilson hoặc exact.",
        )
    return Estimate(p, error, low, high, confidence, known, population)


def bounds_with_unknown(yes: int, no: int, unknown: int) -> Bounds | None:
    """The share of yes if all unknown were no, and if all were yes; None for an empty population."""
    if min(yes, no, unknown) < 0:
        raise ScienceError(
            "counts of yes, no and unknown cannot be negative.", "số có, không và chưa biết không được âm."
        )
    population = yes + no + unknown
    check_counts(yes, yes + no, population)
    return Bounds(yes / population, (yes + unknown) / population) if population else None


def stratified_proportion(strata: Mapping[Hashable, StratumCount], confidence: float = 0.95) -> Estimate:
    """Share of yes where strata (size, sector) answered unequally: each is weighted by its population.

    p = Σ W_h p_h, var = Σ W_h² (1 − n_h/N_h) p_h (1 − p_h)/(n_h − 1); Wilson with n* = p(1 − p)/var.
    Strata with fewer than two answers are pooled (named in `pooled`) until the pool has two.
    """
    for count in strata.values():
        check_counts(count.successes, count.known, count.population)
    filled = {key: count for key, count in strata.items() if count.population}
    known = sum(count.known for count in filled.values())
    population = sum(count.population for count in filled.values())
    if known < 2 or len(filled) == 1:
        return proportion(sum(c.successes for c in filled.values()), known, population, confidence)
    groups, pooled = _pool(filled)
    p = variance = 0.0
    for count in groups:
        weight, share = count.population / population, count.successes / count.known
        p += weight * share
        if count.known < count.population:
            unanswered = 1 - count.known / count.population
            variance += weight**2 * unanswered * share * (1 - share) / (count.known - 1)
    p = min(max(p, 0.0), 1.0)
    if known == population:
        low = high = p
    else:
        plain = known * (population - 1) / (population - known)
        low, high = _wilson(p, p * (1 - p) / variance if variance else plain, confidence)
        yes = sum(count.successes for count in filled.values())
        low, high = max(low, yes / population), min(high, (yes + population - known) / population)
    return Estimate(p, float(np.sqrt(variance)), low, high, confidence, known, population, pooled)


def ratio(
    y: ArrayLike,
    x: ArrayLike,
    population: int | Mapping[Hashable, int],
    strata: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """R = Σ y / Σ x over the population, for example saved over expected consumption: the mean saving.

    y, x : (n,) of the units that answered, x ≥ 0; strata : (n,) stratum of each, with `population` a
    mapping stratum → N_h, else `population` is N. The interval is Student's t with n − H degrees of freedom.
    x = 1 for every unit gives the mean of y. Strata with one answer are pooled, as in
    `stratified_proportion`; a stratum where nobody answered is pooled too.
    """
    ys, xs = floats(y, "y", "y"), floats(x, "x", "x")
    if ys.ndim != 1 or ys.shape != xs.shape or not (np.isfinite(ys).all() and np.isfinite(xs).all()):
        raise ScienceError(
            "y and x must be finite and of one length; leave units without an answer out.",
            "y và x phải hữu hạn và dài bằng nhau; hãy bỏ các đơn vị không trả lời.",
        )
    keys: list[Hashable] = list(strata) if strata is not None else [0] * ys.size
    sizes = population if isinstance(population, Mapping) else {0: population}
    if len(keys) != ys.size or not set(keys) <= set(sizes):
        raise ScienceError(
            "strata must name one stratum of `population` for each unit.",
            "strata phải nêu cho mỗi đơn vị một tầng của `population`.",
        )
    counts = {key: StratumCount(0, keys.count(key), size) for key, size in sizes.items() if size}
    for count in counts.values():
        check_counts(0, count.known, count.population)
    everyone = sum(count.population for count in counts.values())
    if ys.size == 0:
        return Estimate(None, None, None, None, confidence, 0, everyone)
    group_of, groups, pooled = _group(counts)
    members = np.array([group_of[key] for key in keys])
    weights = np.array([groups[g].population / groups[g].known for g in members])
    total_x = float(weights @ xs)
    if total_x <= 0:
        return Estimate(None, None, None, None, confidence, ys.size, everyone, pooled)
    estimate = float(weights @ ys) / total_x
    residual = ys - estimate * xs
    variance = 0.0
    for g, count in enumerate(groups):
        if count.known < count.population:
            if count.known < 2:
                return Estimate(estimate, None, None, None, confidence, ys.size, everyone, pooled)
            spread = residual[members == g].var(ddof=1)
            variance += count.population**2 * (1 - count.known / count.population) * spread / count.known
    error = float(np.sqrt(variance)) / total_x
    half = _t(confidence, max(ys.size - len(groups), 1)) * error if error else 0.0
    return Estimate(estimate, error, estimate - half, estimate + half, confidence, ys.size, everyone, pooled)


def check_counts(successes: int, known: int, population: int) -> None:
    """Refuse counts that cannot be."""
    for count in (successes, known, population):
        if not (finite(count) and count == int(count)):
            raise ScienceError(
                f"{count} is no count of facilities; give whole numbers.",
                f"{comma(count)} không phải là số đếm cơ sở; hãy cho số nguyên.",
            )
    if not 0 <= successes <= known <= population:
        raise ScienceError(
            f"{successes} yes of {known} known of {population}: each must be at most the next, none negative.",
            f"{successes} có trên {known} đã biết trên {population}: số trước không được lớn hơn số sau, "
            "và không số nào âm.",
        )


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ScienceError(
            f"confidence {confidence} is outside 0 to 1; give 95 % as 0.95.",
            f"độ tin cậy {comma(confidence)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
        )
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))


def _t(confidence: float, dof: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(dof, 0.5 + confidence / 2))


def _wilson(p: float, n: float, confidence: float) -> tuple[float, float]:
    z = _z(confidence)
    centre = p + z * z / (2 * n)
    half = z * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
    scale = 1 + z * z / n
    return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)


def _hypergeometric_bounds(x: int, n: int, population: int, confidence: float) -> tuple[float, float]:
    _z(confidence)
    tail = (1 - confidence) / 2
    least, most = x, population - (n - x)

    lo, hi = least, most
    while lo < hi:  # smallest K that makes x or more answers plausible
        middle = (lo + hi) // 2
        if hypergeometric_sum(x, n, n, middle, population) > tail:
            hi = middle
        else:
            lo = middle + 1
    low = lo
    lo, hi = least, most
    while lo < hi:  # largest K that makes x or fewer answers plausible
        middle = (lo + hi + 1) // 2
        if hypergeometric_sum(0, x, n, middle, population) > tail:
            lo = middle
        else:
            hi = middle - 1
    return low / population, lo / population


def _pool(strata: Mapping[Hashable, StratumCount]) -> tuple[list[StratumCount], tuple[Hashable, ...]]:
    _, groups, pooled = _group(strata)
    return groups, pooled


def _group(
    strata: Mapping[Hashable, StratumCount],
) -> tuple[dict[Hashable, int], list[StratumCount], tuple[Hashable, ...]]:
    """Strata → index of their group; strata too thin to stand alone share one group."""
    thin = [key for key, count in strata.items() if count.known < min(2, count.population)]
    whole = [key for key in strata if key not in thin]
    while whole and thin and sum(strata[key].known for key in thin) < 2:
        thin.append(whole.pop(max(range(len(whole)), key=lambda i: strata[whole[i]].population)))
    members = [[key] for key in whole] + ([thin] if thin else [])
    groups = [
        StratumCount(
            sum(strata[key].successes for key in keys),
            sum(strata[key].known for key in keys),
            sum(strata[key].population for key in keys),
        )
        for keys in members
    ]
    group_of = {key: index for index, keys in enumerate(members) for key in keys}
    return group_of, groups, tuple(sorted(thin, key=str))
