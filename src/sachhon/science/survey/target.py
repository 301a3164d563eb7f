"""The chance that a share of a finite population reaches a target, of which a part answered.

The unknown N − n are exchangeable with the known of their stratum: the number of yes among them is beta-binomial,

    Y ~ BetaBinomial(N − n, a + x, b + n − x),     P(met) = P(x + Y ≥ ⌈target · N⌉)

with prior (a, b), by default Jeffreys' (1/2, 1/2). Over strata the distributions of Y are convolved. Everyone known:
the answer is 0 or 1. Source: Ericson 1969, Journal of the Royal Statistical Society B 31:195 (finite populations).
Not for: those who did not answer being of another kind (`bounds_with_unknown`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from sachhon.science.distributions import beta_binomial, beta_binomial_tail
from sachhon.science.phrases import comma
from sachhon.science.survey.census import StratumCount, check_counts
from sachhon.science.uncertainty import ScienceError

Share = float | Decimal | Fraction


def prob_target_met(
    successes: int, known: int, population: int, target: Share, prior: tuple[float, float] = (0.5, 0.5)
) -> float | None:
    """Probability that at least `target` of the population is yes, given the known answers.

    Empty population: None.
    """
    check_counts(successes, known, population)
    if population == 0:
        return None
    missing = _needed(target, population) - successes
    unknown = population - known
    if missing <= 0:
        return 1.0
    if missing > unknown:
        return 0.0

    a, b = prior[0] + successes, prior[1] + known - successes
    return beta_binomial_tail(missing, unknown, a, b)


def stratified_prob_target_met(
    strata: Mapping[Hashable, StratumCount], target: Share, prior: tuple[float, float] = (0.5, 0.5)
) -> float | None:
    """As `prob_target_met`, where strata answered unequally: the unknown of each are like the known of their own.

    A stratum where nobody is known has the prior alone. Empty population: None.
    """
    for count in strata.values():
        check_counts(count.successes, count.known, count.population)
    population = sum(count.population for count in strata.values())
    if population == 0:
        return None
    missing = _needed(target, population) - sum(count.successes for count in strata.values())
    chances = np.ones(1)  # of 0, 1, … yes among the unknown so far
    for count in strata.values():
        unknown = count.population - count.known
        own = beta_binomial(unknown, prior[0] + count.successes, prior[1] + count.known - count.successes)
        chances = np.convolve(chances, own)
    return float(min(chances[max(missing, 0) :].sum(), 1.0)) if missing > 0 else 1.0


def _needed(target: Share, population: int) -> int:
    if not (math.isfinite(target) and 0 <= target <= 1):
        raise ScienceError(
            f"target {target} is outside 0 to 1; give 50 % as 0.5.",
            f"mục tiêu {comma(target)} nằm ngoài 0 đến 1; 50 % hãy viết 0.5.",
        )
    # a float such as 0.1 means the decimal one reads, not the binary number beside it
    exact = Fraction(repr(float(target))) if isinstance(target, float) else Fraction(target)
    return math.ceil(exact * population)
