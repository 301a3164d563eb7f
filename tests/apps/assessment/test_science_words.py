"""What the science refuses is said in the language of the page, also where it was stored earlier."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.option_pages import problem_of
from sachhon.apps.assessment.services.errors import kept, said
from sachhon.apps.assessment.services.flow.problems import ERROR, Problem, words
from sachhon.science.finance import irr
from sachhon.science.uncertainty import ScienceError


@pytest.fixture
def error():
    with pytest.raises(ScienceError) as found:
        irr([1.0, float("nan")])
    return found.value


def test_in_the_language_of_the_page(error):
    with override("vi"):
        assert said(error).startswith("có dòng tiền bị thiếu")
    with override("en"):
        assert said(error).startswith("a cash flow is missing")


def test_an_option_that_cannot_be_valued_says_why(error):
    option = Option(result=kept(error))
    with override("vi"):
        assert "có dòng tiền bị thiếu" in problem_of(option)
    with override("en"):
        assert "a cash flow is missing" in problem_of(option)


def test_a_flow_sheet_that_cannot_be_balanced_says_why(error):
    problem = Problem("unit", "", ERROR, {"why": error.words("en"), "why_vi": error.words("vi")})
    stored = {"rule": problem.rule, "params": problem.params}
    assert words(stored, "vi")[0].startswith("có dòng tiền bị thiếu")
    assert words(stored, "en")[0].startswith("a cash flow is missing")
