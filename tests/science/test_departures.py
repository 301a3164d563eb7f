"""Every module's report of what departs from its method has one shape: frozen, silent by default, in two languages."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from sachhon.science import energy, finance, intensity, portfolio, screening, survey
from sachhon.science.benchmark.disclosure import Rules
from sachhon.science.equipment import wastewater

ON_STANDARD = [
    energy.Settings(),
    finance.Settings(0.1, inflation=0.03, tax_rate=0.2, losses="carry_forward"),
    intensity.Settings(),
    portfolio.Settings(method="exact"),
    screening.Settings(),
    survey.Settings(),
    Rules(),
    wastewater.emission(1000, 0.8),
]
DEPARTING = [
    (energy.Settings(), {"biogenic": "counted"}, "biomass"),
    (ON_STANDARD[1], {"losses": "offset"}, "loss"),
    (intensity.Settings(), {"min_r2": None}, "R²"),
    (portfolio.Settings(), {"method": "fast"}, "proven bound"),
    (screening.Settings(), {"partly": 0.4}, "partly"),
    (survey.Settings(), {"single_psu": "pool"}, "collapsed"),
    (survey.Settings(), {"degrees": "infinite"}, "Student"),
    (survey.Settings(), {"proportion": "wald"}, "wald"),
    (Rules(), {"least": 3}, "5 is the default"),
    (Rules(), {"percent": 12.5}, "12.5 %"),
]


@pytest.mark.parametrize("settings", ON_STANDARD, ids=lambda one: type(one).__module__.rpartition(".")[2])
def test_what_keeps_to_the_method_reports_nothing_and_cannot_be_changed(settings):
    assert settings.departures() == settings.departures("en") == ()
    with pytest.raises(FrozenInstanceError):
        setattr(settings, next(iter(vars(settings))), None)


@pytest.mark.parametrize(("settings", "changed", "says"), DEPARTING)
def test_a_departure_is_told_in_vietnamese_and_in_english(settings, changed, says):
    other = replace(settings, **changed)
    (english,) = other.departures("en")
    (vietnamese,) = other.departures()
    assert says in english
    assert vietnamese == other.departures("vi")[0] != english
