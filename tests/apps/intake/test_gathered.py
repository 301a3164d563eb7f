"""Problems kept before they were gathered by year still read as whole sentences."""

from importlib import import_module

import pytest

from sachhon.apps.intake.told import Telling
from sachhon.workbooks.problems import Problem

gathered = import_module("sachhon.apps.intake.migrations.0003_gathered_problems").gathered


@pytest.mark.parametrize(
    ("rule", "params", "words"),
    [
        ("value_replaced", {"item": "Điện", "period": "01/2025", "old": "90", "new": "100.5", "source": "a.xlsx"},
         "01/2025 (B3): 90 → 100,5"),
        ("judged_year_not_added", {"item": "Điện", "period": "01/2025", "new": "7"}, "01/2025 (B3): tệp ghi 7"),
        ("two_figures", {"item": "Điện", "period": "01/2025", "cell": "Tờ 1!B4"}, "trang “Tờ 1”"),
        ("total_and_meters", {"item": "Điện", "period": "01/2025", "source": "a.xlsx"}, "a.xlsx"),
        ("less_known", {"item": "Điện", "period": "01/2025", "old": "9", "new": "8", "source": "a"}, "9, tệp ghi 8"),
        ("cost_replaced", {"item": "Điện", "period": "01/2025", "old": "9", "new": "8", "source": "a"}, "9 → 8"),
        ("product_unit_differs", {"product": "Gạch", "unit": "k_vien", "found": "vien_qtc"}, "1 ô: B3"),
        ("formula_not_calculated", {}, "1 ô"),
    ],
)  # fmt: skip
def test_a_problem_of_one_month_gets_the_params_its_words_ask_for(rule, params, words):
    new_rule, new = gathered(rule, "Điện", "B3", params)
    problem = Problem("warning", new_rule, "Điện", "B3", new)
    assert words in problem.message("vi")
    assert "{" not in problem.message("vi") + problem.message("en") + problem.cure("vi")
    assert gathered(new_rule, "Điện", "B3", new) == (new_rule, new)


def test_other_rules_stay_as_they_are():
    assert gathered("number_unreadable", "Điện", "B3", {"value": "x"}) == (
        "number_unreadable",
        {"value": "x"},
    )


def test_a_cell_that_several_months_came_from_is_named_once():
    telling = Telling()
    for month, cells in (("2025-02", "B3"), ("2025-01", "B3:B9"), ("2025-03", "B4")):
        telling.of_month(
            "warning", "value_replaced", ("Điện", cells), (month, "1", "2"), source="a.xlsx", item="Điện"
        )
    (problem,) = telling.problems()
    assert problem.params["cells"] == ["B3", "B4"]
    assert [figure[0] for figure in problem.params["figures"]] == ["2025-01", "2025-02", "2025-03"]
    assert (problem.params["source"], problem.params["count"]) == ("a.xlsx", 3)
