"""What an option is worth: nothing is said of it without an investment, and tax goes with depreciation."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from tests.apps.assessment.test_options import (  # noqa: F401 - fixtures
    assessment,
    bills,
    lights,
)

from sachhon.apps.assessment import option_pages
from sachhon.apps.assessment.queries.options import in_order
from sachhon.apps.assessment.services.comparison_result import figure_of
from sachhon.apps.assessment.worth_words import rates_words
from sachhon.apps.registry.models import Figure

ANNUITY = 4.96764  # of 8 years at 12 %, any annuity table


def test_without_an_investment_nothing_is_said_of_payback_and_value(cast, client, assessment, bills):  # noqa: F811
    free = lights(
        cast, assessment, name="Tắt máy khi nghỉ", economic={"investment_likely": 0, "life_years": 8}
    )
    unknown = lights(cast, assessment, economic={"life_years": 8})
    assert (free.priced, unknown.priced) == (True, False)
    told = option_pages.shown(cast.user("expert"), unknown)
    assert told["investment"]["likely"] is None
    assert (told["npv"]["likely"], told["payback"]["likely"], told["chance"], told["irr"]) == (None,) * 4
    assert told["saving"]["likely"] == pytest.approx(20)
    assert option_pages.shown(cast.user("expert"), free)["payback"]["likely"] == 0
    kinds = {
        f.code.rpartition(":")[2] for f in Figure.objects.filter(code__startswith=f"option:{unknown.pk}:")
    }
    assert "saving" in kinds
    assert not kinds & {"npv", "payback"}
    assert figure_of(unknown, "npv") is None
    assert figure_of(unknown, "investment") is None
    assert figure_of(free, "investment") == 0
    assert [o.pk for o in in_order([unknown, free], "payback")] == [free.pk, unknown.pk]
    client.force_login(cast.user("expert"))
    page = client.get(reverse("assessment:option", args=[assessment.pk, unknown.number])).content.decode()
    assert "chưa rõ" in page
    assert "không hoàn vốn" not in page
    row = client.get(reverse("assessment:options", args=[assessment.pk])).content.decode()
    assert "chưa rõ" in row


def test_taxed_profit_is_after_depreciation_over_the_life_unless_the_sheet_says_otherwise(
    cast,
    assessment,  # noqa: F811
    bills,  # noqa: F811
):
    taxed = {"investment_likely": 40_000_000, "life_years": 8, "tax_pct": 20, "inflation_pct": 0}
    option = lights(cast, assessment, economic=taxed)
    assert option.result["depreciation_years"] == 8
    # 20 million saved and 5 million depreciated a year: 20 − 0.2 · (20 − 5) = 17 stay
    assert option.result["npv"] == pytest.approx(17e6 * ANNUITY - 40e6, rel=1e-5)
    without = lights(cast, assessment, economic=taxed | {"depreciation_years": 0})
    assert without.result["npv"] == pytest.approx(16e6 * ANNUITY - 40e6, rel=1e-5)
    terms = {t["symbol"]: float(t["value"]) for t in Figure.objects.get(code=f"option:{option.pk}:npv").terms}
    assert (terms["T"], terms["i"], terms["k"]) == (20, 0, 8)
    with override("vi"):
        assert "thuế thu nhập 20 % sau khi trừ khấu hao đều 8 năm" in rates_words(option)
        assert "không trừ khấu hao" in rates_words(without)


def test_the_list_says_which_payback_it_is_and_tells_the_simple_one_too(cast, client, assessment, bills):  # noqa: F811
    lights(cast, assessment)
    client.force_login(cast.user("expert"))
    page = client.get(reverse("assessment:options", args=[assessment.pk])).content.decode()
    assert "Hoàn vốn sau thuế và lãi" in page
    assert "giản đơn trước thuế 2,00" in page


def test_who_carries_a_solution_out_is_the_person_in_charge_and_no_contact():
    with override("vi"):
        assert option_pages.path_word("responsible") == "Người phụ trách"
    with override("en"):
        assert option_pages.path_word("responsible") == "Person in charge"
