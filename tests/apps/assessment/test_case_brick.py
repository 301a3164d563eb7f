"""The assessment OK0839 of a brick works (US DOE, Industrial Assessment Center, 2013), through the services.

The source gives each option's investment, saving in dollars and saved quantity of its first stream; a dollar is
entered here as a thousand dong, so that ratios are the source's. Option 16 saves 706,000 lb of waste, but the plant
has no waste in its table, option 13 saves a fee: both are entered as money. Names of the measures are lost.
"""

import datetime
import json
from pathlib import Path

import pytest

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services import choosing, opening, options
from sachhon.apps.registry.models import Record, Resource
from sachhon.science.finance import simple_payback

CASE = json.loads((Path(__file__).parents[2] / "cases/assessment/iac_ok0839_brick.json").read_text("utf-8"))
DOLLAR = 1000
NM3_A_MMBTU = 28.26  # natural gas of 37.3 MJ/m³; only a way to write MMBtu in the catalogue's unit
RESOURCES = {"EC": ("electricity", 1.0), "E2": ("natural_gas", NM3_A_MMBTU)}


@pytest.fixture
def entered(cast):
    """The plant's year as twelve even months, and its sixteen options."""
    bills = {"electricity": ("electricity", 1.0), "natural gas": ("natural_gas", NM3_A_MMBTU)}
    for use in CASE["energy"]:
        if use["carrier"] not in bills:
            continue
        code, factor = bills[use["carrier"]]
        for month in range(1, 13):
            Record.objects.create(
                facility=cast.brick,
                year=2013,
                month=month,
                flow="consumption",
                resource=Resource.objects.get(code=code),
                quantity=round(use["quantity"] * factor / 12, 6),
                cost_vnd=round(use["cost"] * DOLLAR / 12),
            )
    assessment = opening.open_assessment(
        cast.user("centre"),
        cast.brick,
        Kind.DETAILED,
        data_from=datetime.date(2013, 1, 1),
        data_to=datetime.date(2013, 12, 31),
    )
    found = []
    for row in CASE["options"]:
        money = {"investment_likely": (row["investment_usd"] or 0) * DOLLAR, "life_years": 10}
        savings = {}
        if row["resource_code"] in RESOURCES:
            code, factor = RESOURCES[row["resource_code"]]
            price = row["saving_usd"] * DOLLAR / (row["quantity"] * factor)
            savings = {code: {"likely": row["quantity"] * factor, "price_vnd": price}}
        else:
            money["other_gain_vnd"] = row["saving_usd"] * DOLLAR
        found.append(
            options.add_option(
                cast.user("centre"),
                assessment,
                {
                    "name": f"Option {row['number']}",
                    "group": "process_control",
                    "savings": savings,
                    "economic": money,
                },
            )
        )
    return assessment, found


def test_savings_costs_and_paybacks_are_those_of_the_source(entered):
    _assessment, found = entered
    paybacks = CASE["derived_by_the_collector"]["simple_payback_years"]
    for option, row in zip(found, CASE["options"], strict=True):
        # a quantity is kept as typed, so money comes back to the dollar
        assert option.result["saving_vnd"][1] / DOLLAR == pytest.approx(row["saving_usd"], abs=0.5)
        assert option.result["investment"][1] / DOLLAR == (row["investment_usd"] or 0)
        if str(row["number"]) in paybacks:
            assert option.result["simple_payback"] == pytest.approx(paybacks[str(row["number"])], abs=0.005)


def test_the_sums_are_those_of_the_source(entered):
    _assessment, found = entered
    derived = CASE["derived_by_the_collector"]
    saving = sum(o.result["saving_vnd"][1] for o in found) / DOLLAR
    money = sum(o.result["investment"][1] for o in found) / DOLLAR
    assert saving == pytest.approx(derived["first_stream_saving_total_usd"], abs=1)
    assert money == pytest.approx(derived["investment_total_usd"], abs=1)
    assert simple_payback(money, saving) == pytest.approx(derived["total_payback_years"], abs=0.01)


def test_the_facilitys_own_price_is_the_tariff_of_the_source(entered):
    assessment, _found = entered
    from sachhon.apps.assessment.services.economics import basis_of

    price = basis_of(assessment).price("electricity")
    assert price.own
    assert price.vnd / DOLLAR == pytest.approx(0.0487, abs=0.00005)  # "Tariff: 309,152/6,343,132"


def test_within_fifty_thousand_dollars_the_quick_earners_come_first(entered):
    assessment, found = entered
    choice = choosing.choose(assessment, 50)
    inside = {c.option.number for c in choice.candidates if c.inside}
    assert choice.cost <= 50
    # 11 (0.79 years) and all without cost are in; 4 (5.17) and 5 (6.15) are not
    assert {2, 11, 13, 16} <= inside
    assert not {4, 5} & inside
    assert len(found) == 16
