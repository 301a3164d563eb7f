"""Every error of the science speaks English and Vietnamese, and both say the same of the input."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

import sachhon.science
from sachhon.science import balance, benchmark, finance, intensity, mfca, portfolio, survey
from sachhon.science.phrases import PHRASES, vi
from sachhon.science.uncertainty import ScienceError, total

SOURCES = sorted(Path(sachhon.science.__file__).parent.rglob("*.py"))
TONES = re.compile(
    r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹáàãéèíìóòõúùýÂĐÊÔƠƯ]", re.IGNORECASE
)
NAMES = {"ScienceError", "ContradictionError", "Withheld"}


def raised():
    """(where, arguments) of every error of the science that is made anywhere in it."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
                yield f"{path.name}:{node.lineno}", node.args


def plain(node):
    """What an argument says apart from what is put into it."""
    if isinstance(node, ast.Constant):
        return node.value
    return "".join(part.value for part in node.values if isinstance(part, ast.Constant))


def put_in(node):
    """How many things an argument puts into its words."""
    return sum(isinstance(part, ast.FormattedValue) for part in getattr(node, "values", []))


RAISED = [(where, args) for where, args in raised() if not isinstance(args[0], ast.Starred)]


def test_there_are_errors_to_look_at():
    assert len(RAISED) > 400


@pytest.mark.parametrize("where", [where for where, _ in RAISED])
def test_every_error_says_it_in_both_languages(where):
    args = dict(RAISED)[where]
    assert len(args) == 2, "give the English and the Vietnamese"
    english, vietnamese = args
    assert not TONES.search(plain(english).replace("η", ""))
    assert TONES.search(plain(vietnamese))
    assert put_in(english) == put_in(vietnamese), "both speak of the same figures and names"


def test_the_phrases_are_vietnamese_with_or_without_a_name():
    assert vi("stream S1") == "dòng S1"
    assert vi("the reading of S1") == "số đọc của S1"
    assert vi("S1") == "S1"
    assert all(words == words.strip() and words for words in PHRASES.values())


def refused(call):
    with pytest.raises(ScienceError) as error:
        call()
    return error.value


CASES = {
    "a contradiction of fixed streams": (
        lambda: balance.reconcile_linear([[1, -1]], [3, 5], [0, 0]),
        "dòng 0, dòng 1",
    ),
    "bounds that cannot be kept": (
        lambda: balance.reconcile_bounded([[1, -1, -1]], [100, 103, np.nan], [0, 0, 1]),
        "nút 0",
    ),
    "a name no flow-sheet knows": (
        lambda: balance.Flowsheet([balance.Process("P")], [balance.Stream("S", "P", "Q")], []).solve(),
        "không phải là công đoạn nào",
    ),
    "a reading of what is not there": (
        lambda: balance.Flowsheet(
            [balance.Process("P")], [balance.Stream("S", "", "P")], [balance.Reading("T", 1, 1)]
        ).solve(),
        "số đọc của T nhắc đến 'T', không phải là dòng nào",
    ),
    "no rate of return": (lambda: finance.irr([1.0, 1.0]), ""),
    "a column made up of others": (
        lambda: intensity.ols(np.array([[1.0, 2], [2, 4], [3, 6], [4, 8]]), np.arange(4.0), ["a", "b"]),
        "biến giải thích",
    ),
    "limits that contradict each other": (
        lambda: portfolio.choose(
            [portfolio.Option("A", 5.0, cost=10.0)], portfolio.Limits(budget=[1.0], must=("A",))
        ),
        "A",
    ),
    "a group too small to be shown": (
        lambda: benchmark.saving_potential([1.0, 2.0], [1.0, 2.0], share=0.25),
        "nhóm có 2 cơ sở",
    ),
    "an input below zero": (lambda: benchmark.dea([[1.0], [-1.0]], [[1.0], [1.0]]), "đầu vào là số âm"),
    "a share above one": (lambda: survey.proportion(3, 2, 5), ""),
    "a total of nothing": (lambda: total([1.0], 0.1, correlation=2), "tương quan"),
    "no centre": (lambda: mfca.allocate([]), "trung tâm khối lượng"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_tells_what_to_change_in_the_language_asked_for(name):
    call, said = CASES[name]
    error = refused(call)
    assert str(error) == error.words("en")
    assert said in error.words("vi")
    assert error.words() == error.words("vi") != error.words("en")
    assert not TONES.search(error.words("en"))
    assert TONES.search(error.words("vi"))


def test_an_error_travels_between_processes():
    error = refused(lambda: total([1.0], 0.1, correlation=2))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.words("vi")) == (str(error), error.words("vi"))
