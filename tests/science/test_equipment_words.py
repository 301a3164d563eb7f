"""What sheets say in Vietnamese and English: every range and every assumed figure, and what departs from the method."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from sachhon.science import equipment
from sachhon.science.equipment import boiler, combustion, compressed_air, solar, wastewater
from sachhon.science.equipment.words import ASSUMED, RANGES, vietnamese

FOLDER = Path(equipment.__file__).parent
SYMBOLS = {"", "°C", "MW", "%", "mm", "kPa", "K", "°", "m/s", "kg/kg"}
NAMES_THAT_STAY = {"NTU", "BOD₅ / COD", "ASTM C680-14", "Metcalf and Eddy, Wastewater Engineering, ch. 10"}


def calls(method):
    """(module, call) of each call of a sheet's method in the calculators."""
    for path in sorted(FOLDER.glob("*.py")):
        module = importlib.import_module(f"{equipment.__name__}.{path.stem}")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
            ):
                yield module, node


def test_every_range_of_every_calculator_has_its_vietnamese():
    found = set()
    for module, call in calls("within"):
        if isinstance(call.args[0], ast.Attribute):
            continue  # a range handed on from another sheet
        for at in (0, 4, 5):
            code = compile(ast.Expression(call.args[at]), "", "eval")
            found.add(eval(code, vars(module) | {"month": 7}))
    assert len(found) > 60
    for words in found - SYMBOLS - NAMES_THAT_STAY:
        assert vietnamese(words) != words, f"{words!r} has no Vietnamese"
    used = {part for words in found for part in (words, *words.split(": "))}
    assert set(RANGES) <= used, f"nothing says {set(RANGES) - used}"


def test_every_assumed_figure_has_its_words_and_is_an_input_with_a_default():
    used = set()
    for module, call in calls("assumes"):
        calculator = getattr(module, call.args[0].id)
        for keyword in call.keywords:
            used.add(keyword.arg)
            default = inspect.signature(calculator).parameters[keyword.arg].default
            assert default is None or isinstance(default, float)
    assert used == set(ASSUMED)


def test_a_range_speaks_both_languages():
    found = boiler.siegert(60.5, 20, 0.007, a2=0.68, oxygen_percent=3)
    (limit,) = found.outside
    assert limit.sentence("vi") == (
        "Nhiệt độ khói thải 60,5 °C nằm ngoài khoảng 80–500 °C (ống khói khô: thấp hơn thì nước ngưng tụ và công thức "
        "Siegert không còn đúng): chỉ coi kết quả là ước đoán."
    )
    assert limit.sentence("en") == str(limit)
    assert "flue gas 60.5 °C lies outside 80–500 °C" in str(limit)
    assert limit.sentence() in found.departures()
    assert [one.sentence("en").split(" lies ")[1][:6] for one in found.ranges] == ["within", "outsid"]


def test_months_are_named_by_their_number():
    assert vietnamese("clearness of month 7") == "độ trong của trời tháng 7"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (compressed_air.hole(3, 800, discharge=0.97), ("hệ số lưu lượng của lỗ: 0,97 thay cho 0,61",)),
        (compressed_air.hole(3, 800), ()),
        (
            wastewater.emission(1000, 0.8, potential_kg_kg=0.6),
            ("tiềm năng sinh mê-tan B₀ (kg/kg): 0,6 thay cho 0,25",),
        ),
        (
            solar.photovoltaic(10, 21, 15, [4.5] * 12, [25] * 12, losses=0.2),
            ("tổn thất của hệ thống: 0,2 thay cho 0,14",),
        ),
    ],
)
def test_what_is_set_otherwise_than_the_method_assumes_is_told(found, says):
    assert tuple(one.sentence() for one in found.assumptions if one.departs) == says
    assert set(says) <= set(found.departures())


def test_a_heat_capacity_given_where_the_method_computes_it_is_told():
    coal = combustion.Fuel(0.4, 0.03, 16_000.0, oxygen=0.2, moisture=0.1, ash=0.27)
    flue = combustion.burn(coal, oxygen_dry=0.07)
    told = boiler.losses(coal, flue, 180, 30, gas_kj_kgk=0.963).departures("en")
    assert told == ("heat capacity of dry flue gas (kJ/kgK): 0.963 instead of computed",)
    assert boiler.losses(coal, flue, 180, 30).departures() == ()
