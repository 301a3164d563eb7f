"""How Gauss–Newton walks: its safeguards shorten steps where they must, and no more than that."""

from __future__ import annotations

import numpy as np
import pytest

from sachhon.science.balance.network import Names, read_readings
from sachhon.science.balance.quadratic import SHORTEST_SWING, System, _unswung, reconcile


def rough_splitter(seed: int, doubt: float):
    """A stream parted in two with up to three components, read with errors of three times `doubt`; a fifth unread."""
    random = np.random.default_rng(seed)
    kinds = int(random.integers(1, 4))
    n = 3 + 3 * kinds
    linear = np.zeros((1 + kinds, n))
    linear[0, :3] = [1, -1, -1]
    products = [
        (1 + k, s, 3 + 3 * k + s, factor) for k in range(kinds) for s, factor in enumerate((1.0, -1.0, -1.0))
    ]
    parts = random.uniform(1, 10, 2)
    content = np.stack([random.uniform(0.01, 0.9, kinds), random.uniform(0.01, 0.9, kinds)])
    mixed = parts @ content / parts.sum()
    true = np.concatenate([[parts.sum(), *parts], np.stack([mixed, *content]).T.ravel()])
    sd = np.abs(true) * doubt * random.uniform(0.3, 2, n)
    read = true * (1 + 3 * doubt * random.normal(size=n))
    read[random.random(n) < 0.2] = np.nan
    row, left, right, factor = (np.array(column) for column in zip(*products, strict=True))
    names = Names([f"balance {k}" for k in range(1 + kinds)], [f"variable {k}" for k in range(n)])
    system = System(linear, row, left, right, factor, np.zeros(1 + kinds))
    return system, read_readings(n, read, sd**2, names), names


@pytest.mark.parametrize(
    ("seed", "most"),
    [
        (2, 80),  # where a step had to gain nine tenths of what it promises it took 113 instead of 49
        (6, 20),  # with near steps shortened 24, with factors held that only shrink 28, instead of 16
    ],
)
def test_rough_readings_are_reconciled_in_few_steps(seed, most):
    found = reconcile(*rough_splitter(seed, 0.5))
    assert found.steps <= most


def test_a_step_that_swings_back_goes_to_where_both_vanish_but_not_below_the_shortest():
    one = np.array([1.0, 0.0])
    assert _unswung(one, None) == 1.0
    assert _unswung(-0.4 * one, (one, 1.0)) == 1.0  # back by less than half: no swinging
    assert _unswung(-one, (one, 1.0)) == pytest.approx(0.5)  # K = 2
    assert _unswung(np.array([-1.0, 0.6]), (one, 1.0)) == 1.0  # not along the last one
    assert _unswung(np.array([-1.0, 0.4]), (one, 1.0)) == pytest.approx(0.5)
    assert _unswung(0.5 * one, (one, 0.25)) == pytest.approx(0.5)  # one shortened before grows again
    assert _unswung(-9 * one, (one, 1.0)) == pytest.approx(0.1)
    assert _unswung(-99 * one, (one, 1.0)) == pytest.approx(SHORTEST_SWING) == pytest.approx(0.05)
