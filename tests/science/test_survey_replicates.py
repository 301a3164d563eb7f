"""Replicates of a raked design: every one meets the totals, or the design is told which cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sachhon.science.survey import Design
from sachhon.science.uncertainty import ScienceError

CLUSTER = np.repeat(np.arange(15), 8)
TOTALS = {"size": {"small": 460, "large": 20}}
Y = 10 + np.random.default_rng(0).normal(size=120)


def raked(clusters_with_large, population=None, **options):
    large = np.isin(CLUSTER, clusters_with_large) & (np.arange(120) % 2 == 1)
    labels = np.array([f"village {c}" for c in CLUSTER])
    design = Design(clusters=labels, weights=np.full(120, 4.0), population=population)
    return design.rake({"size": np.where(large, "large", "small")}, TOTALS, **options), Y + 40 * large


def test_a_jackknife_replicate_that_empties_a_category_is_refused_by_name():
    design, _ = raked([3])
    with pytest.raises(ScienceError) as refused:
        design.replicates("jackknife")
    # clusters in the order of their labels: village 0, 1, 10 … 14, 2, 3
    for said in (
        "jackknife replicate 9 ",
        "size = large",
        "(total 20)",
        "in cluster village 3 alone",
        "Taylor",
    ):
        assert said in str(refused.value)
    assert (
        "thứ 9 không còn hàng nào của size = large (tổng 20), vốn chỉ nằm ở cụm village 3"
        in refused.value.words("vi")
    )


def test_a_bootstrap_replicate_that_misses_every_cluster_of_a_category_is_refused():
    design, _ = raked([3, 7])
    design.replicates("jackknife")  # one cluster left out leaves the other
    with pytest.raises(ScienceError, match="lies in clusters village 3, village 7 alone"):
        design.replicates("bootstrap", seed=1)


@pytest.mark.parametrize("kind", ["jackknife", "bootstrap"])
def test_replicates_that_can_be_raked_all_meet_the_totals_and_agree_with_taylor(kind):
    design, y = raked([1, 3, 4, 7, 9, 12], population=60)
    replicates = design.replicates(kind, **({"seed": 1} if kind == "bootstrap" else {}))
    np.testing.assert_allclose(replicates.weights().sum(axis=0), 480, rtol=1e-9)
    large = y > 30
    np.testing.assert_allclose(replicates.weights()[large].sum(axis=0), 20, rtol=1e-9)
    assert replicates.total(y).standard_error == pytest.approx(design.total(y).standard_error, rel=0.15)


def test_replicates_whose_margins_contradict_each_other_are_refused():
    # without its first row a of the one margin and u of the other are the same rows, of totals 30 and 20
    first, second = list("aaabbb"), list("vuuvvv")
    design = Design(weights=np.full(6, 10.0)).rake(
        {"first": first, "second": second}, {"first": {"a": 30, "b": 30}, "second": {"u": 20, "v": 40}}
    )
    with pytest.raises(ScienceError, match=r"jackknife replicate 1 cannot be raked .* after 1000 rounds"):
        design.replicates("jackknife")


def test_replicates_are_raked_as_closely_as_the_design():
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, 2, 40), rng.integers(0, 2, 40)
    totals = {"a": {0: 150, 1: 50}, "b": {0: 60, 1: 140}}
    rough = Design(weights=np.full(40, 5.0)).rake({"a": a, "b": b}, totals, tolerance=0.05, limit=3)
    missed = abs(rough.replicates().weights()[a == 0].sum(axis=0) - 150).max()
    assert 1e-6 < missed <= 0.05 * 150


def test_a_category_of_total_nothing_weighs_nothing_in_every_replicate():
    gone = np.arange(120) % 8 == 0
    design = Design(clusters=CLUSTER, weights=np.full(120, 4.0)).post_stratify(gone, {False: 480, True: 0})
    replicates = design.replicates()
    assert (replicates.weights()[gone] == 0).all()
    assert replicates.total(Y).standard_error == pytest.approx(design.total(Y).standard_error, rel=0.05)
