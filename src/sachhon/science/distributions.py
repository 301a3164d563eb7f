"""Sums of the two distributions that a finite population with unknown members needs.

Both stand in scipy.stats, which takes a second to load; here they are summed from log probabilities,

    ln C(n, k) = −ln B(n − k + 1, k + 1) − ln(n + 1)

to about 1e-9 for a population of a million, 1e-11 for ten thousand.
"""

from __future__ import annotations

import numpy as np


def hypergeometric_sum(first: int, last: int, n: int, yes: int, population: int) -> float:
    """P(first ≤ X ≤ last), X the yes among n drawn of a population with `yes` of them."""
    x = np.arange(max(first, n - (population - yes), 0), min(last, n, yes) + 1)
    logs = _log_choose(yes, x) + _log_choose(population - yes, n - x) - _log_choose(population, n)
    return float(np.exp(logs).sum())


def beta_binomial_tail(least: int, n: int, a: float, b: float) -> float:
    """P(Y ≥ least), Y beta-binomial with n trials."""
    return float(min(beta_binomial(n, a, b)[max(least, 0) :].sum(), 1.0))


def beta_binomial(n: int, a: float, b: float) -> np.ndarray:
    """P(Y = 0 … n), (n + 1,), Y beta-binomial with n trials."""
    from scipy.special import betaln

    y = np.arange(n + 1)
    return np.exp(_log_choose(n, y) + betaln(y + a, n - y + b) - betaln(a, b))


def _log_choose(n: int, k: np.ndarray | int) -> np.ndarray:
    from scipy.special import betaln

    return -betaln(n - k + 1, np.add(k, 1)) - np.log(n + 1)
