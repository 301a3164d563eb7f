"""What may be discharged: factors by the receiving water and the discharge, columns, days, steps and chains."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from sachhon.reference import FactNotFound
from sachhon.reference.discharge import Site, allowed, limit_set, limit_sets, receivers
from sachhon.reference.facts import facts
from sachhon.reference.treatment import treatable, treatment_chains, treatment_removals, treatment_steps

DAY = date(2026, 6, 1)


def site(column="B", receiver="river", size: str | None = "30", flow="40"):
    return Site(column, receiver, None if size is None else Decimal(size), Decimal(flow))


@pytest.mark.parametrize(
    ("where", "cod"),
    [
        (site(), "162"),  # 150 × 0.9 (a river of at most 50 m³/s) × 1.2 (at most 50 m³/day)
        (site(column="A"), "81"),
        (site(size="50", flow="50"), "162"),  # the ends belong to the lower class
        (site(size="50.1", flow="50.1"), "165"),  # 150 × 1 × 1.1
        (site(size="600", flow="6000"), "162"),  # 150 × 1.2 × 0.9
        (site(size=None), "162"),  # no figure of the river: 0.9
        (site(receiver="lake", size=None), "108"),  # 150 × 0.6 × 1.2
        (site(receiver="lake", size="200000000"), "180"),
        (site(receiver="sea", size=None), "234"),  # 150 × 1.3 × 1.2
        (site(column="A", receiver="sewer", size=None), "150"),  # Cmax = C of column B
    ],
)
def test_the_limit_of_cod_follows_the_receiving_water_and_the_discharge(where, cod):
    found = allowed("qcvn40_2011", "cod", where, DAY)
    assert found is not None
    assert found.value == Decimal(cod)
    assert len(found.facts) == 3


def test_colour_and_ph_have_no_factors_and_ph_is_a_range():
    colour = allowed("qcvn40_2011", "mau", site(), DAY)
    ph = allowed("qcvn40_2011", "ph", site(), DAY)
    assert colour is not None
    assert ph is not None
    assert (colour.value, colour.factors) == (Decimal(150), ())
    assert (ph.low, ph.value) == (Decimal("5.5"), Decimal(9))


def test_emissions_go_by_the_gas_and_the_area_and_column_a_has_ended():
    countryside = Site("B", "zone5", None, Decimal(30_000))
    dust = allowed("qcvn19_2009", "bui_tong", countryside, DAY)
    assert dust is not None
    assert dust.value == Decimal(200) * Decimal("0.9") * Decimal("1.4")
    old = Site("A", "zone5", None, Decimal(30_000))
    assert allowed("qcvn19_2009", "bui_tong", old, DAY) is None
    was = allowed("qcvn19_2009", "bui_tong", old, date(2014, 12, 31))
    assert was is not None
    assert was.base.value == 400


def test_a_receiver_that_the_set_does_not_know_is_told():
    with pytest.raises(FactNotFound):
        allowed("qcvn19_2009", "so2", Site("B", "river", None, Decimal(100)), DAY)


def test_the_newer_sets_stand_beside_the_old_and_say_what_they_lack():
    codes = [f.code for f in limit_sets("wastewater", DAY)]
    assert codes == ["qcvn40_2011", "qcvn40_2025"]
    assert limit_set("qcvn40_2011").extra["new_until"] == "2025-08-31"
    assert allowed("qcvn40_2025", "cod", site(), DAY) is None
    assert "chưa tìm được" in limit_set("qcvn40_2025").note
    boiler = [f for f in facts("limits", DAY) if f.extra["regulation"].startswith("qcvn19_2024")]
    assert {f.confidence for f in boiler} == {"memory-low"}  # read from another's copy, and told so
    assert receivers("qcvn19_2009") == ("zone1", "zone2", "zone3", "zone4", "zone5")


def test_every_factor_of_a_set_covers_every_size_once():
    rows = [f for f in facts("limit_factors") if f.extra["above"] != "unknown"]
    for key in {(f.extra["regulation"], f.extra["factor"], f.extra["kind"]) for f in rows}:
        own = [f for f in rows if (f.extra["regulation"], f.extra["factor"], f.extra["kind"]) == key]
        ends = [(f.extra["above"], f.extra["upto"]) for f in own]
        assert ends[0][0] == "" == ends[-1][1], key
        assert all(a[1] == b[0] for a, b in itertools.pairwise(ends)), key


def test_steps_chains_and_removals_fit_together():
    steps = treatment_steps()
    for (step, parameter), f in treatment_removals().items():
        assert parameter in treatable(steps[step].extra["medium"]), f.code
        assert f.low is not None
        assert f.high is not None
        assert 0 <= f.low <= f.high < 100, f.code
    for medium in ("wastewater", "air"):
        for chain in treatment_chains(medium):
            named = chain.extra["steps"].split(";")
            assert all(steps[s].extra["medium"] == medium for s in named), chain.code
            assert any((s, p) in treatment_removals() for s in named for p in treatable(medium)), chain.code
    for f in steps.values():
        low, likely, high = (Decimal(f.extra[n]) for n in ("run_low", "run_likely", "run_high"))
        assert 0 < low <= likely <= high, f.code


def test_chains_of_the_trade_come_first():
    assert treatment_chains("wastewater", "plating")[0].code == "metals"
