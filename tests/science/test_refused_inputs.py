"""Figures that no result can come from are refused in both languages, and none comes out as NaN."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from sachhon.science import benchmark, energy, finance, intensity, screening, survey
from sachhon.science.balance import Flowsheet, Stream
from sachhon.science.benchmark.bootstrap import smoothed
from sachhon.science.energy import Emission, Factor, Use
from sachhon.science.equipment import compressed_air
from sachhon.science.uncertainty import ScienceError

NAN, INF = float("nan"), float("inf")
SERIES = [1.0, 2.0, 1.0, 2.0, 5.0, 6.0, 5.0, 6.0]
LOAN = finance.Loan(1.0, 0.1, 5)
FSU = {"cv_rmse": 0.1, "n": 24, "effective_n": 20, "parameters": 2, "months": 12, "fraction": 0.1}
PROJECT = finance.Project(100.0, 5, {"power": finance.Saving(30.0, 1.0)})
USE = Use("power", 1.0, toe=Factor("toe", 1.0))


def fsu(**changed):
    return lambda: intensity.fractional_savings_uncertainty(**{**FSU, **changed})


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: finance.annuity(NAN, 0.1, 5), "amount is missing"),
        (lambda: finance.annuity([1.0, INF], 0.1, 5), "amount is missing"),
        (lambda: finance.repayment(NAN, LOAN), "amount is missing"),
        (lambda: finance.repayment(INF, LOAN), "amount is missing"),
        (lambda: finance.irr([-5]), "at least two dates"),
        (lambda: finance.irr([[-5], [3]]), "at least two dates"),
        (lambda: finance.irr_report([-5]), "at least two dates"),
        (lambda: finance.mirr([-5], 0.1, 0.1), "at least two dates"),
        *((fsu(**{name: bad}), name) for name in FSU for bad in (NAN, INF)),
        (fsu(confidence=NAN), "confidence"),
        (fsu(confidence=1.0), "confidence"),
        (fsu(n=0), "more readings"),
        (fsu(n=-3), "more readings"),
        (fsu(cv_rmse=-0.1), "more readings"),
        (fsu(months=2.5), r"months is 2\.5; it counts"),
        (fsu(n=24.5), r"n is 24\.5; it counts"),
        (fsu(parameters=1.5), r"parameters is 1\.5; it counts"),
        (lambda: survey.prob_target_met(3, 5, 10, target=NAN), "outside 0 to 1"),
        (lambda: survey.prob_target_met(3, 5, 10, target=Decimal("NaN")), "outside 0 to 1"),
        (lambda: survey.prob_target_met(3, 5, 10, target=INF), "outside 0 to 1"),
        (lambda: survey.proportion(3.5, 10, 20), r"3\.5 is no count"),
        (lambda: survey.proportion(3, 10, 20.5), r"20\.5 is no count"),
        (lambda: survey.prob_target_met(3, 5.5, 10, target=0.5), r"5\.5 is no count"),
        (lambda: survey.stratified_proportion({"a": survey.StratumCount(2, NAN, 9)}), "nan is no count"),
        (lambda: survey.bounds_with_unknown(2.5, 1, 1), r"2\.5 is no count"),
        (lambda: survey.draw_by_size([1, 2, 3], 2.5, seed=1), r"2\.5 cannot be drawn"),
        (lambda: survey.draw(5.5, 2, seed=1), r"population is 5\.5, which is no whole number"),
        (lambda: survey.draw(NAN, 2, seed=1), "population is nan, which is no whole number"),
        (lambda: survey.allocate({"a": 9}, {"a": 1.0}, total=3.5), r"total is 3\.5, which is no whole"),
        (lambda: survey.allocate({"a": 9.5}, {"a": 1.0}, total=3), r"stratum 'a' is 9\.5, which is no whole"),
        (lambda: intensity.change_at(SERIES, 4.5), r"at is 4\.5, which is no whole number"),
        (lambda: intensity.change_points(SERIES, max_breaks=1.5), r"max_breaks is 1\.5, which is no whole"),
        (lambda: intensity.change_points(SERIES, smallest=2.5), r"smallest is 2\.5, which is no whole"),
        (lambda: screening.Item("A1", "power", "maybe"), "'maybe' is unknown"),
        (lambda: Emission(4, Factor("grid", 0.7)), "scope 4"),
        (lambda: energy.inventory([replace(USE, toe=Factor("toe", -1.0))]), "below zero"),
        (lambda: energy.inventory([]), "no use"),
        (lambda: energy.simulate([], seed=1), "no use"),
        (lambda: finance.cash_flow(PROJECT, finance.Settings(0.1, tax_rate=20)), "tax rate"),
        (lambda: finance.cash_flow(PROJECT, finance.Settings(0.1, tax_rate=[0.2, -0.1])), "tax rate"),
        (lambda: finance.cash_flow(replace(PROJECT, grant=101.0), finance.Settings(0.1)), "larger than"),
        (lambda: benchmark.peers([3.0, -1.0, 2.0], ["a"] * 3), "factory 1 has the figure -1"),
        (lambda: Flowsheet(processes=[], streams=[]).solve(), "no process"),
        (lambda: Flowsheet(processes=[], streams=[Stream("a")]).solve(), "no process"),
    ],
)
def test_what_cannot_be_is_refused(ask, says):
    with pytest.raises(ScienceError, match=says) as refusal:
        ask()
    assert refusal.value.words("vi") != refusal.value.words("en")


def test_what_lies_at_the_edge_of_the_possible_is_taken():
    finance.cash_flow(replace(PROJECT, grant=100.0), finance.Settings(0.1, tax_rate=1.0))
    assert benchmark.peers([0.0, 1.0], ["a", "a"]).values.tolist() == [0, 1]
    assert screening.Item("A1", "power", "yes").answer is screening.Answer.YES
    assert survey.prob_target_met(6, 10, 10, target=np.float64(0.6)) == 1
    assert finance.mirr([-1.0, 1.1], 0.1, 0.1) == pytest.approx(0.1)


def test_an_uncertainty_above_the_value_itself_is_told():
    use = replace(USE, emissions=(Emission(1, Factor("N2O", 0.1, 3.0), "N2O", Factor("gwp", 265, 0.2)),))
    found = energy.inventory([use])
    assert found.wide == ("N2O",)
    for lang, says in (("en", "was a percentage given"), ("vi", "số phần trăm")):
        (line,) = [text for text in found.departures(lang) if says in text]
        assert "N2O" in line
    assert energy.inventory([replace(USE, quantity_uncertainty=1.0)]).wide == ()


def test_air_is_counted_at_the_temperature_of_the_intake_not_of_the_receiver():
    found = compressed_air.receiver(2.0, 800, 400, 4, air_c=15, receiver_c=55, atmosphere_kpa=100)
    gas = 0.28705  # kJ/(kg K); the mass that left, at the receiver's temperature, as air at the intake's
    mass = 2.0 * (800 - 400) / (gas * (55 + 273.15))
    assert found["free_air_m3_min"] == pytest.approx(mass * gas * (15 + 273.15) / 100 / 4)


def test_smoothed_distances_keep_the_variance_of_those_they_are_drawn_from():
    random = np.random.default_rng(4)
    distance = 1 + np.abs(random.normal(0, 0.3, 80))
    reflected = np.concatenate([distance, 2 - distance])
    drawn = smoothed(
        reflected, 0.25, 200_000, random
    )  # of the size of the spread: uncorrected it is 1.7 times as much
    assert drawn.var() == pytest.approx(reflected.var(ddof=1), rel=0.02)
    assert drawn.mean() == pytest.approx(1, abs=0.005)
