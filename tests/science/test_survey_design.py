"""Estimates of drawn samples, against R's survey package."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.survey import Design, Settings

CASES = Path(__file__).parent.parent / "cases" / "survey"
SIZES = {"E": 4421, "M": 1018, "H": 755}


def columns(name):
    lines = (CASES / name).read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


@pytest.fixture(scope="module")
def strat():
    table = columns("apistrat.csv")
    answers = json.loads((CASES / "apistrat_answers.json").read_text())
    return table, Design(strata=table["stype"], population=SIZES), answers.get("apistrat", answers)


def agrees(found, answer):
    assert float(found.estimate) == pytest.approx(answer[0], rel=5e-8)
    digits = len(str(answer[1]).split(".")[1])
    assert float(found.standard_error) == pytest.approx(answer[1], abs=0.51 * 10**-digits)


def test_totals_means_ratios_and_shares_of_the_stratified_sample_are_those_of_r(strat):
    table, design, answers = strat
    enroll = table["enroll"].astype(float)
    agrees(design.total(enroll), answers["total_enroll"])
    agrees(design.mean(table["api00"].astype(float)), answers["mean_api00"])
    agrees(design.ratio(table["api.stu"].astype(float), enroll), answers["ratio_apistu_enroll"])
    agrees(design.proportion(table["sch.wide"] == "Yes"), answers["prop_schwide"])
    agrees(design.total(enroll, domain=table["stype"] == "E"), answers["total_enroll_E"])


def test_the_cluster_sample_is_estimated_as_r_prints_it():
    # Lumley, "A survey analysis example", vignette of R's survey package: svymean and svytotal of dclus1
    table = columns("apiclus1.csv")
    design = Design(clusters=table["dnum"], weights=np.full(183, 6194 / 183), population=757)
    mean, total = design.mean(table["api00"].astype(float)), design.total(table["enroll"].astype(float))
    assert float(mean.estimate) == pytest.approx(644.17, abs=0.005)
    assert float(mean.standard_error) == pytest.approx(23.542, abs=0.0005)
    assert float(total.estimate) == pytest.approx(3404940, abs=0.5)
    assert float(total.standard_error) == pytest.approx(932235, abs=0.5)


def test_domains_given_as_labels_are_those_given_one_by_one(strat):
    table, design, _ = strat
    enroll = table["enroll"].astype(float)
    at_once = design.total(enroll, domain=table["stype"])
    alone = [float(design.total(enroll, domain=table["stype"] == kind).estimate) for kind in sorted(SIZES)]
    assert np.sort(np.ravel(at_once.estimate)) == pytest.approx(np.sort(alone))
    assert sum(alone) == pytest.approx(float(design.total(enroll).estimate))


def test_linearisation_and_the_jackknife_agree_for_a_total(strat):
    table, design, _ = strat
    enroll = table["enroll"].astype(float)
    replicated = design.replicates("jackknife").total(enroll)
    assert float(replicated.standard_error) == pytest.approx(
        float(design.total(enroll).standard_error), rel=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_the_weights_add_up_to_the_population_and_a_census_has_no_error(seed):
    random = np.random.default_rng(seed)
    strata = np.repeat(["a", "b", "c"], [5, 8, 4])
    sizes = {"a": 5 + int(random.integers(0, 50)), "b": 8 + int(random.integers(0, 50)), "c": 4}
    design = Design(strata=strata, population=sizes)
    assert float(design.total(np.ones(17)).estimate) == pytest.approx(sum(sizes.values()))
    census = Design(strata=strata, population={"a": 5, "b": 8, "c": 4})
    y = random.normal(size=17)
    assert float(census.total(y).estimate) == pytest.approx(y.sum())
    assert float(census.total(y).standard_error) == pytest.approx(0, abs=1e-12)


def test_a_stratum_of_one_unit_is_pooled_with_the_next_and_the_last_with_the_one_before():
    y = np.array([1.0, 2, 7, 10, 14])
    pool = Settings(single_psu="pool")

    def error(labels, sizes):
        return Design(strata=list(labels), population=sizes, settings=pool).total(y)

    def spread(weights, strata):
        # (1 − n/N) n Σ (t − t̄)²/(n − 1) of each stratum, written out; strata: (units, N)
        t, parts = np.asarray(weights) * y, []
        for units, size in strata:
            n = len(units)
            parts.append((1 - n / size) * n * np.var(t[units], ddof=1))
        return np.sqrt(sum(parts))

    # b with c; not with a, which would be 45.39
    middle = error("aabcc", {"a": 10, "b": 5, "c": 20})
    assert middle.standard_error == pytest.approx(86.22064717919949)
    assert middle.standard_error == pytest.approx(spread([5, 5, 5, 10, 10], [([0, 1], 10), ([2, 3, 4], 25)]))
    first = error("abbcc", {"a": 5, "b": 10, "c": 20})
    assert first.standard_error == pytest.approx(spread([5, 5, 5, 10, 10], [([0, 1, 2], 15), ([3, 4], 20)]))
    last = error("aabbc", {"a": 10, "b": 20, "c": 5})
    assert last.standard_error == pytest.approx(spread([5, 5, 10, 10, 5], [([0, 1], 10), ([2, 3, 4], 25)]))
    three = error("abcdd", {"a": 5, "b": 6, "c": 7, "d": 20})  # each joins the next, and so all are one
    assert three.standard_error == pytest.approx(spread([5, 6, 7, 10, 10], [([0, 1, 2, 3, 4], 38)]))
    # the jackknife pools the same ones
    for labels, sizes in (("aabcc", {"a": 10, "b": 5, "c": 20}), ("aabbc", {"a": 10, "b": 20, "c": 5})):
        design = Design(strata=list(labels), population=sizes, settings=pool)
        assert design.replicates("jackknife").total(y).standard_error == pytest.approx(
            design.total(y).standard_error
        )
