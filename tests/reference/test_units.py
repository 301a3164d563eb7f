"""Units as people write them, and conversion that is exact or refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.reference import (
    UnitError,
    bridge_fact,
    convert,
    dimension,
    facts,
    normalise_unit,
    pint_registry,
    resources,
    split_period,
    unit_factor,
    unit_label,
    units,
)
from sachhon.reference.facts import rows
from sachhon.reference.units import _key

quantities = st.decimals(min_value="-1e9", max_value="1e9", places=6)
same_dimension = st.sampled_from(sorted(units())).flatmap(
    lambda a: st.tuples(
        st.just(a), st.sampled_from(sorted(u for u in units() if dimension(u) == dimension(a)))
    )
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Tấn", "t"), ("tan", "t"), ("TẤN", "t"), ("T", "t"), ("Tân", "t"),
        ("tấn/năm", "t/year"), ("kg", "kg"), ("Kg", "kg"),
        ("tạ", "ta"), ("tá", "ta12"), ("yến", "yen"), ("KWH", "kWh"), ("Kwh", "kWh"), ("kwh", "kWh"),
        ("MWh", "MWh"), ("nghìn kWh", "MWh"), ("1000 kWh", "MWh"), ("1.000 kWh", "MWh"), ("triệu kWh", "GWh"),
        ("10^6 kWh", "GWh"), ("10³ kWh", "MWh"), ("m³", "m3"), ("M3", "m3"), ("m\n3", "m3"), ("m 3", "m3"),
        ("khối", "m3"), ("1000 m3", "k_m3"), ("nghìn m³", "k_m3"), ("lít", "l"), ("lit", "l"), ("Lít", "l"),
        ("1000 lít", "kl"), ("viên", "vien"), ("nghìn viên", "k_vien"), ("ngàn viên", "k_vien"),
        ("1000 viên", "k_vien"), ("(1.000 viên)", "k_vien"), ("triệu viên", "M_vien"), ("cái", "cai"),
        ("bao", "bao"), ("tấn hơi", "t_steam"), ("GJ", "GJ"), ("MJ", "MJ"), ("kcal", "kcal"), ("TOE", "TOE"),
        ("đồng", "VND"), ("VNĐ", "VND"), ("nghìn đồng", "k_VND"), ("tr.đ", "M_VND"), ("triệu đồng", "M_VND"),
        ("tỷ đồng", "G_VND"), ("tỉ đồng", "G_VND"), ("m2", "m2"), ("chai", "chai"), ("hl", "hl"),
        ("nghìn tấn", "kt"), ("ĐVT: tấn", "t"), ("Đơn vị tính: kWh", "kWh"), ("kWh/tấn", "kWh/t"),
        ("kg/1000 viên QTC", "kg/k_vien_qtc"), ("m3/ngày", "m3/day"), ("đ/kWh", "VND/kWh"), ("%", "pct"),
        ("mg/Nm3", "mg/Nm3"), ("chiếc", "cai"), ("ster", "ster"), ("số điện", "kWh"),
    ],
)  # fmt: skip
def test_a_unit_is_known_however_it_is_written(written, code):
    assert normalise_unit(written) == code


@pytest.mark.parametrize("text", ["", "Kỳ", "cài", "tận", "xyz", "tấn mét gì đó", "kWh/", "/t", "12"])
def test_what_is_no_unit_is_not_guessed(text):
    assert normalise_unit(text) is None


def test_every_alias_leads_to_its_unit():
    for row in rows("unit_aliases"):
        assert normalise_unit(row["alias"]) == row["unit"], row["alias"]


def test_no_two_units_share_an_alias_without_marks_unless_the_marks_tell_them_apart():
    seen = {}
    for row in rows("unit_aliases"):
        other = seen.setdefault(_key(row["alias"]), row)
        if other["unit"] != row["unit"]:
            assert {other["alias"], row["alias"]} == {"tạ", "tá"}


def test_every_canonical_code_and_symbol_is_understood():
    for unit in units().values():
        assert normalise_unit(unit.code) == unit.code
        if unit.symbol_vi:
            assert normalise_unit(unit.symbol_vi) == unit.code, unit.symbol_vi


def test_every_multiple_names_a_unit_of_its_own_dimension():
    for unit in units().values():
        if unit.multiple_of:
            assert units()[unit.multiple_of].dimension == unit.dimension
            assert unit.factor > units()[unit.multiple_of].factor


@pytest.mark.parametrize(
    ("quantity", "source", "target", "expected"),
    [
        ("1.5", "t", "kg", "1500"), ("1", "TOE", "kWh", "11630"), ("1", "TOE", "GJ", "41.868"),
        ("1", "Gcal", "MJ", "4186.8"), ("2", "nghìn kWh", "kWh", "2000"), ("3.6", "GJ", "MWh", "1"),
        ("7", "tạ", "t", "0.7"), ("12", "hl", "m3", "1.2"), ("2", "tỷ đồng", "triệu đồng", "2000"),
        ("130", "kg/k_vien", "t/M_vien", "130"), ("95", "kWh/t", "MWh/kt", "95"), ("0", "kg", "t", "0"),
    ],
)  # fmt: skip
def test_conversion_is_exact_where_factors_are(quantity, source, target, expected):
    assert convert(Decimal(quantity), source, target) == Decimal(expected)


@given(quantities, same_dimension)
def test_there_and_back_gives_the_same_quantity(quantity, pair):
    a, b = pair
    back = convert(convert(quantity, a, b), b, a)
    assert abs(back - quantity) <= abs(quantity) * Decimal("1e-36")


@given(same_dimension)
def test_factors_of_the_two_directions_are_inverse(pair):
    a, b = pair
    assert abs(unit_factor(a, b) * unit_factor(b, a) - 1) < Decimal("1e-25")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("kg", "kWh"),
        ("m3", "t"),
        ("bao", "kg"),
        ("VND", "USD"),
        ("kWh/t", "kWh/m3"),
        ("year", "s"),
        ("cai", "chai"),
    ],
)
def test_another_dimension_is_refused(source, target):
    with pytest.raises(UnitError, match="cannot convert"):
        convert(Decimal(1), source, target)


def test_an_unknown_unit_is_named_in_the_error():
    with pytest.raises(UnitError, match="sào"):
        convert(Decimal(1), "sào", "m2")


def test_litres_of_diesel_become_kilograms_by_a_fact_and_back():
    kilograms = convert(Decimal(1000), "lít", "kg", resource="diesel", on=date(2024, 1, 1))
    assert kilograms == Decimal("862.7")
    assert convert(kilograms, "kg", "l", resource="diesel") == 1000
    assert convert(Decimal(1), "kl", "tấn", resource="diesel") == Decimal("0.8627")
    used = bridge_fact("diesel", "l", "t")
    assert used is not None
    assert used.code == "diesel.l.kg"


def test_a_stack_of_firewood_weighs_less_than_solid_wood():
    stacked = convert(Decimal(1), "ster", "t", resource="firewood")
    assert stacked < convert(Decimal(1), "m3", "t", resource="firewood")


def test_a_resource_without_a_density_is_refused_with_its_name():
    with pytest.raises(UnitError, match="explosive"):
        convert(Decimal(1), "m3", "kg", resource="explosive")


def test_every_conversion_crosses_dimensions_and_belongs_to_a_known_resource():
    codes = {r.code for r in resources()}
    for link in facts("conversions"):
        x = link.extra
        assert x["resource"] in codes
        assert link.code == f"{x['resource']}.{x['from_unit']}.{x['to_unit']}"
        assert dimension(x["from_unit"]) != dimension(x["to_unit"])
        assert link.value is not None
        assert link.value > 0


def test_periods_come_off_a_rate_but_not_off_an_intensity():
    assert split_period("t/year") == ("t", "year")
    assert split_period("kWh/t") == ("kWh/t", None)
    assert split_period("t") == ("t", None)


def test_labels_are_in_the_language_asked_for():
    assert unit_label("k_vien", "vi") == "nghìn viên"
    assert unit_label("kWh/t", "vi") == "kWh/tấn"
    assert unit_label("kWh/t", "en") == "kWh/t"


def test_the_pint_registry_agrees_with_the_table():
    registry = pint_registry()
    for unit in units().values():
        if unit.code in ("1", "degC", "pct"):
            continue
        ours = float(unit.factor)
        theirs = registry.Quantity(1, unit.code).to(unit.base).magnitude
        assert theirs == pytest.approx(ours, rel=1e-9), unit.code
    assert registry.Quantity(1, "TOE").to("kWh").magnitude == pytest.approx(11630)
