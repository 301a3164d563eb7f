"""Numbers in the Vietnamese texts of the science have a decimal comma."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from sachhon.science.equipment import cooling_tower
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

SCIENCE = Path(__file__).parents[2] / "src" / "sachhon" / "science"
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
POINT = re.compile(r"(?<![\w.\[])\d+\.\d+(?![\w.])")
AS_CODE = re.compile(r"\w=$")  # an argument as it is written in a call keeps its point


def texts(tree):
    """(line, its own words, its fields) of every Vietnamese text that is no docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inner = {id(v) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for v in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            words = "".join(v.value for v in node.values if isinstance(v, ast.Constant))
            if VIETNAMESE.search(words):
                yield node.lineno, words, node.values
        elif (
            isinstance(node, ast.Constant)
            and id(node) not in docs | inner
            and VIETNAMESE.search(str(node.value))
        ):
            yield node.lineno, node.value, []


def spec(field):
    return (
        "".join(v.value for v in field.format_spec.values if isinstance(v, ast.Constant))
        if field.format_spec
        else ""
    )


@pytest.mark.parametrize(
    "path", sorted(SCIENCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SCIENCE))
)
def test_no_vietnamese_text_writes_a_decimal_point(path):
    for line, words, fields in texts(ast.parse(path.read_text(encoding="utf-8"))):
        assert not POINT.search(words), f"{path.name}:{line}: {POINT.findall(words)}"
        for before, field in zip([None, *fields], fields, strict=False):
            if not isinstance(field, ast.FormattedValue) or not re.search(r"[gfe%]$", spec(field)):
                continue
            if isinstance(before, ast.Constant) and AS_CODE.search(str(before.value)):
                continue
            call = field.value
            assert isinstance(call, ast.Call), f"{path.name}:{line}: {ast.unparse(field.value)} has a point"
            assert ast.unparse(call.func) in {"comma", "number"}


def test_a_comma_stands_in_every_format_and_words_stay():
    assert (
        f"{comma(0.25):g} {comma(1234.5):.1f} {comma(0.125):.1%} {comma(np.float64(2.5))}"
        == "0,25 1234,5 12,5% 2,5"
    )
    assert f"{comma(3)} {comma('v1.2')}" == "3 v1.2"


def test_an_error_is_told_with_commas():
    with pytest.raises(ScienceError) as told:
        cooling_tower.performance(10, 30.5, 26.25, 28.5)
    assert "28,5 °C" in told.value.words("vi")
    assert "28.5 °C" in told.value.words("en")
