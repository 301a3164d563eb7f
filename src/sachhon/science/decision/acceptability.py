"""Who would come first, second … if nobody had said how much each criterion counts.

Stochastic multicriteria acceptability analysis (SMAA-2, Lahdelma and Salminen 2001): weights are drawn evenly from all
that add to 1 (a Dirichlet distribution with every parameter 1); the acceptability b_ir is the share of the draws in
which i comes r-th, the central weights are the mean of the draws in which it comes first. A share p of n draws has the
standard error √(p(1 − p)/n).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Acceptability:
    """ranks : (m, m) share of the draws in which alternative i comes r-th; central : (m, n), NaN where never first."""

    ranks: np.ndarray
    central: np.ndarray
    draws: int

    @property
    def first(self) -> np.ndarray:
        """(m,) share of all weights that put each first."""
        return self.ranks[:, 0]

    @property
    def standard_error(self) -> np.ndarray:
        """(m, m) of the shares."""
        return np.sqrt(self.ranks * (1 - self.ranks) / self.draws)


def acceptability(values: np.ndarray, *, draws: int, seed: int) -> Acceptability:
    """From values (m, n) on scales of 0 to 1. Alternatives with the same score share the better rank."""
    if draws < 1:
        raise ScienceError("at least one draw is needed.", "cần ít nhất một lần rút.")
    m, n = values.shape
    weights = np.random.default_rng(seed).dirichlet(np.ones(n), draws)
    scores = weights @ values.T  # (draws, m)
    rank = (scores[:, None, :] > scores[:, :, None]).sum(axis=2)  # how many are better than i
    ranks = np.stack([(rank == r).mean(axis=0) for r in range(m)], axis=1)
    central = np.full((m, n), np.nan)
    for i in range(m):
        first = rank[:, i] == 0
        if first.any():
            central[i] = weights[first].mean(axis=0)
    return Acceptability(ranks, central, draws)
