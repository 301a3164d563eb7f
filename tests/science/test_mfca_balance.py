"""Cost matrices from a balance: published ones, their uncertainty, months and Sankey bands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import Factor, Flowsheet, Process, Reading, Stream
from sachhon.science.mfca import (
    Centre,
    CentreCost,
    Material,
    Price,
    allocate,
    from_balance,
    mass_links,
    money_links,
)
from sachhon.science.uncertainty import Measured, ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "mfca" / "published.json").read_text())
KINDS = ("material", "energy", "system", "waste_management", "total")


def test_the_quantity_centre_of_iso_14051_with_its_inventory():
    case = CASES["iso14051"]
    sheet = Flowsheet(
        [Process("centre", stock=True)],
        [Stream("material", "", "centre"), Stream("product", "centre", ""), Stream("waste", "centre", "")],
        [
            Reading("material", case["purchased_kg"], 0),
            Reading("centre", case["opening_kg"], 0, kind="level", period="opening"),
            Reading("centre", case["closing_kg"], 0, kind="level"),
            Reading("product", case["product_kg"], 0),
        ],
    )
    result = sheet.solve()
    assert result.flow("waste").value == pytest.approx(case["loss_kg"])
    found = from_balance(
        result,
        [Price("material", case["price"]), Price("centre", case["price"])],
        [CentreCost("centre", case["energy"], case["system"], case["waste_management"])],
        losses=["waste"],
    ).total
    for kind in KINDS:
        assert found.product[kind].value == pytest.approx(case["product"][kind])
        assert found.loss[kind].value == pytest.approx(case["loss"][kind])
    assert found.loss_share.standard_uncertainty == 0


def test_the_tape_line_of_nitto_denko():
    case = CASES["nitto_denko"]
    mass = 1000.0  # published as shares of mass
    sheet = Flowsheet(
        [Process("line")],
        [Stream("material", "", "line"), Stream("tape", "line", ""), Stream("waste", "line", "")],
        [Reading("material", mass, 0), Reading("tape", case["product_share"] * mass, 0)],
    )
    found = from_balance(
        sheet.solve(),
        [Price("material", case["material"] / mass)],
        [CentreCost("line", case["energy"], case["system"], case["waste_management"])],
        losses=["waste"],
    ).total
    for part in ("product", "loss"):
        for kind in KINDS:
            # the share is printed to 0.01 %, half a digit of which is 0.7 ppm of the cost
            got = getattr(found, part)[kind].value
            assert got == pytest.approx(case[part][kind], abs=2.0), (part, kind)
    paid = found.paid["total"].value
    assert paid == case["total"]
    assert round(100 * found.product["total"].value / paid, 2) == case["product_percent"]
    lost = found.loss["total"].value - found.loss["waste_management"].value
    assert round(100 * lost / paid, 2) == case["loss_percent"]
    assert round(100 * found.loss["waste_management"].value / paid, 2) == case["waste_percent"]


def test_the_loss_that_the_usual_books_do_not_show():
    case = CASES["mfca_lab"]
    share = case["product_share"]
    material = Material("raw material", case["material"] / 100, 100 * share, 100 * (1 - share))
    found = allocate(
        [Centre("line", [material], system=case["processing"], waste_management=case["disposal"])]
    )
    assert found.product.total == pytest.approx(case["product"])
    assert found.loss.total == pytest.approx(case["loss"])
    assert round(100 * found.loss_share) == case["loss_percent"]
    assert round(100 * case["disposal"] / found.paid.total) == case["disposal_percent"]


def test_the_foundry_that_measured_with_a_university():
    case = CASES["sk_shell"]
    metal = Material("metal", case["price"], case["product_kg"], case["loss_kg"])
    found = allocate(
        [Centre("foundry", [metal], system=case["processing"], waste_management=case["disposal"])]
    )
    for part, printed in ((found.product, case["product"]), (found.loss, case["loss"])):
        assert part.material == pytest.approx(printed["material"])
        assert part.total == pytest.approx(printed["total"])


def test_the_first_process_of_the_ministry_s_guide():
    case = CASES["meti_chain"]["first"]
    new, product, loss = case["new"], case["product"], case["loss"]
    # the masses are not printed; the share is that of the system cost, and gives the energy's too
    found = allocate(
        [
            Centre(
                "process 1",
                [Material("material", 1, product["material"], loss["material"])],
                energy=new["energy"],
                system=new["system"],
                waste_management=loss["waste_management"],
                product_share=product["system"] / new["system"],
            )
        ]
    )
    for part, printed in ((found.product, product), (found.loss, loss)):
        for kind, value in printed.items():
            assert round(getattr(part, kind)) == value, kind
    assert found.paid.total == new["total"] + loss["waste_management"]


def brickworks(seed=0, periods=("",), relative=0.01):
    """Press and kiln; broken green bricks go back into the press."""
    random = np.random.default_rng(seed)
    streams = [
        Stream("clay", "", "press"),
        Stream("coal dust", "", "press"),
        Stream("green", "press", "kiln"),
        Stream("scrap", "press", ""),
        Stream("bricks", "kiln", ""),
        Stream("broken", "kiln", ""),
        Stream("returns", "kiln", "press"),
    ]
    true = {"clay": 100, "coal dust": 5, "green": 98, "scrap": 12, "bricks": 88, "broken": 5, "returns": 5}
    readings = [
        Reading(name, random.normal(m, relative * m), relative * m, period=p)
        for p in periods
        for name, m in true.items()
        if name != "scrap"
    ]
    return Flowsheet([Process("press"), Process("kiln")], streams, readings, periods=periods)


PRICES = [Price("clay", 2.0, 0.05), Price("coal dust", 30.0)]
COSTS = [CentreCost("press", 40, Measured(120, 6), 15), CentreCost("kiln", Measured(500, 10), 200, 8)]
LOSSES = ["scrap", "broken", "returns"]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_product_and_loss_are_what_was_paid_and_every_node_of_the_sankey_closes(seed):
    result = brickworks(seed).solve()
    found = from_balance(result, PRICES, COSTS, LOSSES).total
    for kind in KINDS:
        paid = found.paid[kind].value
        assert found.product[kind].value + found.loss[kind].value == pytest.approx(paid, rel=1e-9, abs=1e-12)
    assert sum(m.value for m in found.loss_by_centre.values()) == pytest.approx(found.loss["total"].value)
    for links in (mass_links(result), money_links(found)):
        for node in ("press", "kiln"):
            entering = sum(link.value for link in links if link.target == node)
            leaving = sum(link.value for link in links if link.source == node)
            assert entering == pytest.approx(leaving, rel=1e-9)


def test_the_uncertainty_is_that_of_simulated_readings():
    sheet = brickworks(3)
    result = sheet.solve()
    analytic = from_balance(result, PRICES, COSTS, LOSSES).total
    random = np.random.default_rng(5)
    draws = []
    for _ in range(600):
        readings = [
            replace(r, value=random.normal(result.flow(r.of).value, r.uncertainty)) for r in sheet.readings
        ]
        prices = [replace(p, price=random.normal(p.price, p.uncertainty)) for p in PRICES]
        costs = [
            replace(COSTS[0], system=random.normal(120, 6)),
            replace(COSTS[1], energy=random.normal(500, 10)),
        ]
        one = from_balance(replace(sheet, readings=readings).solve(), prices, costs, LOSSES).total
        draws.append(
            [one.loss["total"].value, one.product["total"].value, one.loss_share.value]
            + [one.loss_by_centre[name].value for name in ("press", "kiln")]
        )
    spread = np.std(draws, axis=0, ddof=1)
    said = [analytic.loss["total"], analytic.product["total"], analytic.loss_share]
    said += [analytic.loss_by_centre[name] for name in ("press", "kiln")]
    assert [m.standard_uncertainty for m in said] == pytest.approx(spread, rel=0.13)


def test_without_a_period_named_the_masses_are_those_of_all_periods():
    sheet = brickworks(2, ("1", "2"))
    yard = replace(
        sheet,
        processes=[Process("press"), Process("kiln", stock=True)],
        readings=[
            *sheet.readings,
            Reading("kiln", 3.0, 0.1, kind="change", period="1"),
            Reading("kiln", -1.0, 0.1, kind="change", period="2"),
        ],
    )
    result = yard.solve()
    # a stock takes up or gives back: what counts over the year is the sum with its sign
    each = [result.change("kiln", period=p) for p in ("1", "2")]
    flows = {link.name: link for link in mass_links(result)}
    assert flows["clay"].value == pytest.approx(sum(result.flow("clay", period=p).value for p in ("1", "2")))
    assert flows["clay"].uncertainty == pytest.approx(result.total("clay").uncertainty)
    assert flows["stock of kiln"].value == pytest.approx(abs(sum(q.value for q in each)))
    for node in ("press", "kiln"):
        entering = sum(link.value for link in flows.values() if link.target == node)
        leaving = sum(link.value for link in flows.values() if link.source == node)
        assert entering == pytest.approx(leaving, rel=1e-9)


def test_months_add_up_and_share_what_they_share():
    months = ("1", "2", "3")
    costs = [replace(c, period=m) for c in COSTS for m in months]
    prices = [Price("clay", 2.0), Price("coal dust", 30.0)]
    costs = [replace(c, energy=50.0, system=100.0) for c in costs]
    year = from_balance(brickworks(1, months).solve(), prices, costs, LOSSES)
    each = [year.months[m].loss["total"] for m in months]
    assert year.total.loss["total"].value == pytest.approx(sum(m.value for m in each))
    apart = np.sqrt(sum(m.standard_uncertainty**2 for m in each))
    assert year.total.loss["total"].standard_uncertainty == pytest.approx(apart, rel=1e-6)
    # one price, unknown by 5 %, is the same error every month
    shared = from_balance(brickworks(1, months).solve(), [Price("clay", 2.0, 0.1), prices[1]], costs, LOSSES)
    each = [shared.months[m].paid["material"].standard_uncertainty for m in months]
    assert shared.total.paid["material"].standard_uncertainty > 1.02 * np.linalg.norm(each)
    # so is one weighbridge
    sheet = brickworks(1, months)
    factor = Factor("weighbridge", 1.0, 0.02)
    read = [replace(r, factor="weighbridge") for r in sheet.readings]
    linked = replace(sheet, readings=read, factors=[factor]).solve()
    paid = from_balance(linked, prices, costs, LOSSES)
    each = [paid.months[m].paid["material"].standard_uncertainty for m in months]
    assert paid.total.paid["material"].standard_uncertainty > 1.3 * np.linalg.norm(each)


def test_a_material_is_split_by_its_own_layer():
    # sugar is paid for by its content: 95 % of it reaches the product though half the mass is bagasse
    sheet = Flowsheet(
        [Process("mill")],
        [Stream("cane", "", "mill"), Stream("juice", "mill", ""), Stream("bagasse", "mill", "")],
        [
            Reading("cane", 100, 0),
            Reading("juice", 50, 0),
            Reading("cane", 0.10, 0, "sugar", "content"),
            Reading("juice", 0.19, 0, "sugar", "content"),
        ],
        layers=["sugar"],
    )
    result = sheet.solve()
    by_sugar = from_balance(result, [Price("cane", 100, layer="sugar")], losses=["bagasse"]).total
    assert by_sugar.paid["material"].value == pytest.approx(1000)
    assert by_sugar.loss["material"].value == pytest.approx(50)
    both = from_balance(
        result, [Price("cane", 100, layer="sugar"), Price("cane", 10)], losses=["bagasse"]
    ).total
    assert both.paid["material"].value == pytest.approx(2000)
    by_mass = from_balance(result, [Price("cane", 10)], losses=["bagasse"]).total
    assert by_mass.loss["material"].value == pytest.approx(500)


@pytest.mark.parametrize(
    ("prices", "costs", "losses", "says"),
    [
        ([Price("clax", 1)], [], [], "no stream and no stock"),
        ([Price("green", 1)], [], [], "only purchases"),
        ([Price("clay", 1, layer="gold")], [], [], "no layer"),
        ([Price("clay", 1, period="13")], [], [], "no period"),
        ([Price("clay", 1), Price("clay", 2)], [], [], "clay has two prices for one period and layer"),
        ([Price("clay", 1, period=""), Price("clay", 2)], [], [], "clay has two prices"),
        ([], [CentreCost("oven")], [], "no such process"),
        ([], [], ["clay"], "no stream that leaves"),
    ],
)
def test_what_cannot_be_allocated_is_named(prices, costs, losses, says):
    with pytest.raises(ScienceError, match=says):
        from_balance(brickworks().solve(), prices, costs, losses)


DRYING = Flowsheet(
    [Process("dryer"), Process("kiln")],
    [
        Stream("clay", "", "dryer"),
        Stream("dried", "dryer", "kiln"),
        Stream("steam", "dryer", ""),
        Stream("bricks", "kiln", ""),
        Stream("broken", "kiln", ""),
    ],
    [
        Reading("clay", 100, 1.0),
        Reading("dried", 80, 0.5),
        Reading("bricks", 76, 0.4),
        Reading("broken", 4, 0.1),
    ],
)


def test_vapour_is_not_sold_and_nobody_guesses_what_leaves():
    result = DRYING.solve()
    given = [Price("clay", 12)], [CentreCost("dryer", energy=300)]
    with pytest.raises(ScienceError, match=r"^steam, bricks leave the factory"):
        from_balance(result, *given, losses=["broken"])
    year = from_balance(result, *given, losses=["broken"], carriers=["steam"])
    month = year.total
    bricks, broken, clay = (result.flow(name).value for name in ("bricks", "broken", "clay"))
    paid = 12 * clay + 300
    assert month.product["total"].value == pytest.approx(paid * bricks / (bricks + broken))
    assert month.loss["total"].value == pytest.approx(paid * broken / (bricks + broken))
    assert {(one.source, one.target) for one in money_links(month) if one.source == "dryer"} == {
        ("dryer", "kiln")
    }
    assert "steam" in year.departures("en")[0]
    assert "steam" in year.departures("vi")[0]
    lost = from_balance(result, *given, losses=["broken", "steam"]).total
    assert lost.loss_by_centre["dryer"].value == pytest.approx(paid * 0.2, rel=0.01)
    sold = from_balance(result, *given, losses=["broken"], products=["steam", "bricks"])
    assert sold.total.product["total"].value > month.product["total"].value
    assert sold.departures() == ()


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ({"carriers": ["steam"], "losses": ["steam", "broken"]}, "steam is named as two things"),
        ({"carriers": ["vapour"]}, "'vapour' is named"),
        ({"carriers": ["steam", "dried"], "losses": ["broken"]}, "all that leaves dryer"),
        ({}, "^steam, bricks, broken leave"),
    ],
)
def test_a_stream_has_one_role_and_costs_have_somewhere_to_go(roles, says):
    with pytest.raises(ScienceError, match=says):
        from_balance(DRYING.solve(), [Price("clay", 12)], **roles)


def test_what_a_stock_takes_up_is_product():
    sheet = Flowsheet(
        [Process("press", stock=True)],
        [Stream("clay", "", "press"), Stream("green", "press", ""), Stream("scrap", "press", "")],
        [
            Reading("clay", 100, 0),
            Reading("green", 60, 0),
            Reading("scrap", 10, 0),
            Reading("press", 30, 0, kind="change"),
        ],
    )
    found = from_balance(sheet.solve(), [Price("clay", 1)], [CentreCost("press", 50)], ["scrap"]).total
    assert found.loss["material"].value == pytest.approx(10)
    assert found.loss["energy"].value == pytest.approx(5)
    assert found.product["total"].value == pytest.approx(135)


def test_the_sankey_of_a_year_is_that_of_its_months_together():
    months = ("1", "2", "3")
    costs = [replace(c, period=m) for c in COSTS for m in months if (c.process, m) != ("kiln", "2")]
    year = from_balance(brickworks(1, months).solve(), PRICES, costs, LOSSES)
    links = {(one.source, one.target, one.kind): one for one in money_links(year.total)}
    each = [{(o.source, o.target, o.kind): o for o in money_links(year.months[m])} for m in months]
    assert ("energy", "kiln", "energy") in links
    assert ("energy", "kiln", "energy") not in each[1]
    for key, one in links.items():
        assert one.value == pytest.approx(sum(month[key].value for month in each if key in month))
    for node in ("press", "kiln"):
        entering = sum(link.value for link in links.values() if link.target == node)
        assert entering == pytest.approx(sum(link.value for link in links.values() if link.source == node))
    # the price of clay errs alike in all three
    clay = links["material", "press", "material"]
    apart = np.linalg.norm([month["material", "press", "material"].uncertainty for month in each])
    assert clay.uncertainty > 1.05 * apart


def test_a_flow_that_nothing_tells_has_no_cost():
    sheet = brickworks()
    blind = replace(sheet, readings=[r for r in sheet.readings if r.of != "green" and r.of != "bricks"])
    with pytest.raises(ScienceError, match="to_measure"):
        from_balance(blind.solve(), PRICES, COSTS, LOSSES)
