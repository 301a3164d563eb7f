"""Quantiles, positions, scores and potentials of peers, against published tables and their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sachhon.science.benchmark import (
    Rules,
    Withheld,
    harrell_davis,
    peer_model,
    peers,
    position,
    quantile,
    saving_potential,
    withhold,
)
from sachhon.science.benchmark.quantile import densest, order_interval
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "benchmark" / "standing.json").read_text())


def test_intervals_of_the_median_are_those_of_the_printed_table():
    for n, low, high, percent in CASES["median_ranks"]["rows"]:
        found = order_interval(n, 0.5)
        assert found[:2] == (low, high)
        assert 100 * found[2] == pytest.approx(percent, abs=0.051)
    assert order_interval(5, 0.5)[:2] == (None, None)
    case = CASES["median_interval"]
    found = quantile(case["values"], 0.5)
    assert (found.low, found.high) == (case["low"], case["high"])


def test_harrell_davis_is_the_peers_own_and_scipys():
    from scipy.stats.tests.test_mstats_extras import TestQuantiles

    # Harrell & Davis as printed in scipy's tests: a hundred numbers, quartiles and their errors
    data = TestQuantiles.data
    quartiles, errors = harrell_davis(data, [0.25, 0.5, 0.75])
    assert quartiles == pytest.approx(np.array([0.253210762, 0.512847491, 0.762232442]), abs=5e-9)
    assert errors == pytest.approx(np.array([0.0379258, 0.0380656, 0.0380013]), abs=5e-8)
    assert harrell_davis(data, [0.0, 1.0])[0].tolist() == [min(data), max(data)]


def test_the_trimmed_estimate_is_the_published_one():
    case = CASES["trimmed"]
    for a, b, width, low, high in case["densest"]:
        found = densest(np.array(float(a)), np.array(float(b)), width)
        assert [float(end) for end in found] == pytest.approx([low, high], abs=6e-8)
    shares = np.arange(11) / 10
    for sample, answer in ((np.arange(-3.0, 4), case["seven"]), (np.arange(100.0), case["hundred"])):
        found, _ = harrell_davis(sample, shares, trimmed=True)
        assert found == pytest.approx(np.array(answer), abs=1e-7)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(6, 60))
def test_one_wild_figure_leaves_the_quartiles_where_they_were(seed, n):
    x = np.sort(np.random.default_rng(seed).lognormal(0, 0.3, n))
    slip = x.copy()
    slip[-1] *= 1000  # a slip of unit
    for share in (0.25, 0.5):
        assert quantile(slip, share).estimate == pytest.approx(quantile(x, share).estimate, rel=1e-9)
    assert quantile(slip, 0.5).standard_error < 2


def test_the_jackknife_error_of_the_trimmed_estimate_is_about_right():
    random = np.random.default_rng(4)
    for n, share in ((30, 0.5), (60, 0.25)):
        found = [harrell_davis(random.normal(size=n), share, trimmed=True) for _ in range(1500)]
        estimates, errors = np.array([f[0] for f in found]), np.array([f[1] for f in found])
        assert np.sqrt(np.mean(errors**2)) == pytest.approx(estimates.std(), rel=0.15)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 40))
def test_quantiles_move_with_the_figures_and_grow_with_the_share(seed, n):
    x = np.random.default_rng(seed).lognormal(0, 1, n)
    shares = np.linspace(0, 1, 11)
    found, errors = harrell_davis(x, shares)
    assert (np.diff(found) >= -1e-12).all()
    assert found == pytest.approx(np.asarray(stats.mstats.hdquantiles(x, shares)))
    assert harrell_davis(x[::-1] * 1000 + 5, shares)[0] == pytest.approx(found * 1000 + 5)
    assert harrell_davis(-x, shares)[0] == pytest.approx(-found[::-1])
    assert (errors >= 0).all()
    trimmed, _ = harrell_davis(x, shares, trimmed=True)
    assert (np.diff(trimmed) >= -1e-12).all()
    assert (trimmed >= x.min() - 1e-12).all()
    assert (trimmed <= x.max() + 1e-12).all()
    assert harrell_davis(-x, shares, trimmed=True)[0] == pytest.approx(-trimmed[::-1])


def test_the_interval_of_a_quantile_covers_it_as_often_as_it_says():
    random = np.random.default_rng(3)
    for n, share in ((40, 0.25), (25, 0.5)):
        true = np.exp(stats.norm.ppf(share))
        low, high, reached = order_interval(n, share)
        draws = np.sort(random.lognormal(0, 1, (20_000, n)), axis=1)
        covered = np.mean((draws[:, low - 1] <= true) & (true < draws[:, high - 1]))
        assert covered == pytest.approx(reached, abs=0.01)
        assert reached >= 0.95


def test_a_position_has_the_interval_of_clopper_and_pearson():
    case = CASES["share"]
    others = np.r_[np.full(case["worse"], 2.0), np.full(case["of"] - case["worse"], 0.5)]
    found = position(1.0, others)
    assert found.share == case["worse"] / case["of"]
    assert (found.low, found.high) == pytest.approx((case["low"], case["high"]), abs=5e-8)
    assert found.rank == case["of"] - case["worse"] + 1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 30))
def test_a_position_turns_round_with_the_scale_and_a_count_of_all_leaves_no_doubt(seed, n):
    random = np.random.default_rng(seed)
    x, own = random.integers(0, 8, n).astype(float), float(random.integers(0, 8))
    found = position(own, x)
    turned = position(-own, -x, lower_is_better=False)
    assert (found.share, found.low, found.high, found.rank) == (
        turned.share,
        turned.low,
        turned.high,
        turned.rank,
    )
    assert 0 <= found.low <= found.share <= found.high <= 1
    other_way = position(own, x, lower_is_better=False)
    assert found.share + other_way.share == pytest.approx(1)
    unsure = position(own, x, standard_uncertainty=1.0)
    assert unsure.low <= found.low
    assert unsure.high >= found.high
    counted = position(own, x, population=n + 1)
    assert counted.high - counted.low == pytest.approx(np.mean(x == own))  # ties alone
    some = position(own, x, population=3 * n + 1)
    assert some.low >= found.low - 1e-9 or some.low == pytest.approx(found.low, abs=1 / (3 * n))


@pytest.mark.parametrize("case", CASES["tolerance"]["rows"])
def test_the_score_of_peers_without_drivers_is_bounded_as_tolerance_tables_say(case):
    # a factory k·s below its peers is, at that confidence, better than the share of them
    n, random = case["n"], np.random.default_rng(1)
    e = random.normal(size=n)
    e = (e - e.mean()) / e.std(ddof=1)
    model = peer_model(np.exp(e), {})
    level = 2 * case["confidence"] - 1
    found = model.compare(float(np.exp(-case["factor"])), {}, level=level)
    assert found.low == pytest.approx(100 * case["share"], abs=0.01)
    assert found.low < found.score < found.high
    assert found.expected == pytest.approx(1)


def sample(seed, n=40):
    random = np.random.default_rng(seed)
    output, heat = random.lognormal(3, 0.8, n), random.uniform(10, 30, n)
    use = 5 * output**0.8 * np.exp(0.03 * heat + 0.3 * random.normal(size=n))
    return use, {"output": output, "heat": heat}


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_each_peer_is_compared_with_the_fit_of_the_others(seed):
    use, drivers = sample(seed)
    together = peer_model(use, drivers, plain=["heat"]).peers()
    for unit in (0, 17):
        rest = np.arange(use.size) != unit
        alone = peer_model(use[rest], {k: v[rest] for k, v in drivers.items()}, plain=["heat"])
        found = alone.compare(float(use[unit]), {k: float(v[unit]) for k, v in drivers.items()})
        for name in ("use", "expected", "ratio", "score", "low", "high"):
            assert getattr(together, name)[unit] == pytest.approx(getattr(found, name), rel=1e-7, abs=1e-9)
    in_kg = peer_model(use * 1000, {"output": drivers["output"] / 7, "heat": drivers["heat"]}, plain=["heat"])
    assert in_kg.peers().score == pytest.approx(together.score)
    assert 30 < np.mean(together.score) < 70


def test_the_score_is_the_published_studentised_residual_on_students_scale():
    case = CASES["stack_loss"]
    drivers = {name: case[name] for name in ("air", "water", "acid")}
    model = peer_model(np.exp(np.array(case["loss"], dtype=float)), drivers, plain=list(drivers))
    assert model.fit.coefficients == pytest.approx(np.array(case["coefficients"]), abs=6e-5)
    score = model.peers().score[20]
    assert stats.t.ppf(1 - score / 100, 16) == pytest.approx(case["studentised_21"], abs=6e-4)
    assert model.doubtful(0.1) == (20,)  # its Bonferroni p is 0.089
    assert model.doubtful() == ()


def test_a_slip_of_unit_is_pointed_out():
    use, drivers = sample(8)
    use[11] *= 1000
    assert peer_model(use, drivers, plain=["heat"]).doubtful() == (11,)


def test_scores_are_even_and_their_intervals_cover_the_true_share():
    scores, covered = [], []
    for seed in range(150):
        use, drivers = sample(seed, 21)
        model = peer_model(use[:-1], {k: v[:-1] for k, v in drivers.items()}, plain=["heat"])
        last = {k: float(v[-1]) for k, v in drivers.items()}
        found = model.compare(float(use[-1]), last, level=0.9)
        noise = np.log(use[-1] / (5 * last["output"] ** 0.8)) - 0.03 * last["heat"]
        true = 100 * stats.norm.cdf(-noise / 0.3)
        scores.append(found.score / 100)
        covered.append(found.low <= true <= found.high)
    assert stats.kstest(scores, "uniform").pvalue > 0.01
    assert np.mean(covered) == pytest.approx(0.9, abs=0.07)


def test_the_use_at_a_score_scores_it_and_a_driver_out_of_range_is_told():
    use, drivers = sample(5)
    model = peer_model(use, drivers, plain=["heat"])
    best_quarter = model.use_at(75, {"output": 20.0, "heat": 20.0})
    assert model.compare(best_quarter, {"output": 20.0, "heat": 20.0}).score == pytest.approx(75)
    assert best_quarter < model.compare(best_quarter, {"output": 20.0, "heat": 20.0}).expected
    assert "heat" in model.compare(100.0, {"output": 20.0, "heat": 90.0}).warnings[0]


def test_groups_too_small_are_withheld_and_a_factory_is_then_compared_in_its_sector():
    values = np.arange(1.0, 18.0)
    sector = ["brick"] * 12 + ["tea"] * 4 + ["paper"]
    size = ["small"] * 9 + ["large"] * 3 + ["small"] * 5
    found = peers(values, sector, size)
    groups = {(g.sector, g.size): g for g in found.groups()}
    assert groups["brick", "small"].count == 9
    assert groups["brick", "small"][0.5].estimate == pytest.approx(5)
    assert groups["brick", "large"].withheld
    assert groups["tea", None].withheld
    with pytest.raises(Withheld, match="'large' has 3 factories; fewer than 5"):
        groups["brick", "large"][0.5]
    for group in groups.values():  # nobody's own extreme figure is shown
        members = [
            v
            for v, s, z in zip(values, sector, size, strict=True)
            if s == group.sector and group.size in (None, z)
        ]
        for q in group.quantiles:
            assert q.low is None or q.low > min(members)
            assert q.high is None or q.high < max(members)
    standing = found.stand(10)
    assert (standing.sector, standing.size) == ("brick", None)
    assert standing.position.peers == 11
    assert standing.position.share == pytest.approx(1 / 11)
    assert found.stand(0).position.share == 1
    with pytest.raises(Withheld, match="sector 'tea' has 4 factories"):
        found.stand(13)
    with pytest.raises(Withheld):
        peer_model([1, 2, 3], {})
    with pytest.raises(Withheld):
        saving_potential([1, 2, 3, 4], [1, 1, 1, 1])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 10**6))
def test_no_withheld_total_follows_by_subtraction(counts, seed):
    random = np.random.default_rng(seed)
    groups = [random.lognormal(0, 1, n) for n in counts]
    out = withhold(groups)
    filled = np.array(counts) > 0
    assert (out[filled & (np.array(counts) < 5)]).all()
    assert not out[~filled].any()
    assert out.sum() != 1 or filled.sum() == 1
    assert (
        withhold(groups, Rules(percent=10), sum_shown=False).sum()
        >= (withhold(groups, sum_shown=False)).sum()
    )


def test_a_total_that_gives_the_largest_away_is_withheld():
    # 100 and 20 known to each other: the rest of 5 is within 10 % of 100, so the second knows the first
    told = [np.array([100, 20, 2, 1, 1, 1.0]), np.array([30, 30, 20, 20, 10.0])]
    assert withhold(told, Rules(percent=10), sum_shown=False).tolist() == [True, False]
    with pytest.raises(ScienceError, match="use 3 or more"):
        Rules(least=2)
    assert Rules(least=3).departures()


def test_the_potential_against_best_practice_is_its_definition():
    # two products: IPCC's index with P = (10, 5), (4, 8), best practice 2 and 3
    found = saving_potential([50.0, 30.0], [[10, 5], [4, 8]], [2.0, 3.0])
    assert found.by_unit.tolist() == [15.0, 0.0]
    assert found.index == pytest.approx(80 / 67)
    assert found.share == pytest.approx(15 / 80)
    assert (found.low, found.high) == (None, None)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(5, 60))
def test_the_potential_lies_within_its_interval_and_scales_with_the_units(seed, n):
    random = np.random.default_rng(seed)
    output = random.lognormal(2, 1, n)
    use = output * random.lognormal(0, 0.5, n)
    found = saving_potential(use, output)
    assert 0 <= found.low <= found.total <= found.high <= use.sum() + 1e-9
    assert found.total == pytest.approx(found.by_unit.sum())
    scaled = saving_potential(use * 3.6, output * 1000)
    assert scaled.total == pytest.approx(3.6 * found.total)
    assert scaled.index == pytest.approx(found.index)
    assert saving_potential(use, output, float((use / output).min())).total == pytest.approx(
        use.sum() - (use / output).min() * output.sum()
    )
    assert saving_potential(use, output, float((use / output).max())).total == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_compared_is_told():
    with pytest.raises(ScienceError, match="fewer others"):
        position(1, [1, 2, 3], population=3)
    with pytest.raises(ScienceError, match="above zero"):
        peer_model([1, 2, 3, 0, 5, 6], {})
    with pytest.raises(ScienceError, match="drivers of the model"):
        peer_model(*sample(1), plain=["heat"]).compare(1.0, {"output": 1.0})
    with pytest.raises(ScienceError, match="made nothing"):
        saving_potential([1, 2, 3, 4, 5], [1, 1, 1, 1, 0])
    with pytest.raises(ScienceError, match="give best practice of each"):
        saving_potential(np.ones(5), np.ones((5, 2)))


def test_the_error_of_one_value_alone_is_infinite_never_nan():
    estimate, error = harrell_davis([3.0], [0.25, 0.5])
    assert estimate.tolist() == [3.0, 3.0]
    assert np.isposinf(error).all()
