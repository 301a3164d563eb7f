"""Figures in the sentences of a choice: none that is not zero looks like it, and different ones look different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.portfolio import ContradictingLimits, Limits, Option, choose, next_step
from sachhon.science.portfolio.words import apart, number

FIGURES = st.floats(-1e12, 1e12, allow_nan=False)


def read(text: str, lang: str) -> float:
    """The figure that a text stands for."""
    if lang == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    figure, _, power = text.replace(",", "").replace("−", "-").partition("×10")
    return float(figure) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


@given(FIGURES, st.sampled_from(["vi", "en"]))
def test_a_figure_is_read_as_what_it_is(value, lang):
    assert read(number(value, lang), lang) == pytest.approx(value, rel=0.06, abs=0.0)


@given(FIGURES, st.floats(-1e-3, 1e-3), st.sampled_from(["vi", "en"]))
def test_different_figures_look_different(value, share, lang):
    other = value * (1 + share)
    told = apart(value, other, lang)
    if abs(value - other) > 1e-8 * abs(value):
        assert told[0] != told[1]
        assert (read(told[0], lang) > read(told[1], lang)) == (value > other)
    assert told[0] == apart(value, value, lang)[0] or told[0] != told[1]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1234.5, "1.234,5", "1,234.5"),
        (0.0, "0", "0"),
        (-0.004, "−0,004", "−0.004"),
        (0.01234, "0,0123", "0.0123"),
        (2.5e-9, "2,5×10⁻⁹", "2.5×10⁻⁹"),
        (1e9, "1.000.000.000", "1,000,000,000"),
    ],
)
def test_small_figures_keep_three_digits_and_large_ones_gain_none(value, vi, en):
    assert (number(value, "vi"), number(value, "en")) == (vi, en)


def test_the_sentences_of_a_choice_in_small_units_tell_what_to_change():
    options = [Option("a", 0.01, 0.0101, {"co2": 0.0021}), Option("b", 0.009, 0.0104, {"co2": 0.0022})]
    with pytest.raises(ContradictingLimits) as error:
        choose(options, Limits(budget=0.0102, targets={"co2": 0.0022}))
    assert "budget of year 1 0.0102 → 0.0104" in error.value.words("en")
    found = choose(options, Limits(budget=0.0105))
    assert found.why("b", "en").endswith(
        "does not fit the budget of year 1, 0.01 is missing; it comes in once that limit grows by 0.01, to 0.0205."
    )
    assert "0,0101 trên 0,0105" in found.uses[0].sentence("vi")
    assert "0.01 more (making 0.0205)" in next_step(found, found.uses[0].limit).sentence("en")


def test_what_is_told_to_be_enough_is_enough_in_small_units():
    options = [Option("a", 0.01, 0.01), Option("b", 0.009, 0.0100004)]
    told = choose(options, Limits(budget=0.02)).why("b", "en")
    assert "that limit grows by 0.0000004, to 0.0200004" in told.replace("4×10⁻⁷", "0.0000004")


@pytest.mark.parametrize("unit", [1.0, 1e6, 1e9, 1e12])
def test_what_must_be_added_is_told_to_the_last_dong_and_adds_up(unit):
    options = [
        Option("lamps", 5 * unit, 2 * unit),
        Option("boiler", 20 * unit, 9 * unit),
        Option("kiln", 18 * unit, 9 * unit, group="heat"),
        Option("fan", -3 * unit, unit),
    ]
    found = choose(options, Limits(budget=12 * unit))
    more, whole, rise = (number(x * unit, "en") for x in (6, 18, 3))
    assert found.why("kiln", "en").endswith(f"it comes in once that limit grows by {more}, to {whole}.")
    assert found.why("fan", "en").endswith(f"its worth would have to rise by {rise} or more.")
    assert "kiln" in choose(options, Limits(budget=read(whole, "en"))).chosen


@pytest.mark.parametrize(
    ("amount", "need", "more", "whole"),
    [(100_000_000, 100.003, "100.01", "100,000,100.01"), (10.004, 1.0024, "1.01", "11.02")],
)
def test_what_must_be_added_is_rounded_up_and_the_whole_with_it(amount, need, more, whole):
    options = [Option("a", 50.0, amount), Option("b", 6.0, need)]
    told = choose(options, Limits(budget=amount)).why("b", "en")
    assert told.endswith(f"that limit grows by {more}, to {whole}.")


@pytest.mark.parametrize(("value", "vi"), [(-66.59, "−66,59"), (-1234.5, "−1.234,5"), (-2e-9, "−2×10⁻⁹")])
def test_what_is_below_zero_has_the_minus_sign_of_every_other_page(value, vi):
    assert number(value, "vi") == vi
    assert number(value, "en") == vi.translate(str.maketrans(",.", ".,"))
