"""The page of published cases says what the case files and the tests say, and each module has three at least."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "science-cases.md"
CASES = HERE.parent / "cases"
MODULES = [
    "balance",
    "mfca",
    "intensity",
    "energy",
    "finance",
    "portfolio",
    "survey",
    "benchmark",
    "screening",
]
MODULES += ["equipment", "decision", "treatment"]
LEAST = 3
FEW = ("decision", "treatment")  # of their three cases one is from memory
READ = ("found", "partly", "memory")


def rows():
    module = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            module = line[3:].strip()
        elif line.startswith("| ") and not line.startswith("| case |"):
            case, figures, read, test = (cell.strip() for cell in line.strip("|").split(" | "))
            yield module, case.strip(), figures.strip("`"), read, test.strip("` ")


ROWS = list(rows())


@cache
def functions(name):
    """Source of each test of a file, with its decorators."""
    text = (HERE / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: "\n".join(
            lines[min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1 : node.end_lineno]
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def sources(figures):
    """What a case file says of where its figures come from, for one case or all of it."""
    path, _, keys = figures.partition("#")
    text = (CASES / path).read_text(encoding="utf-8")
    if not path.endswith(".json"):
        return [text.splitlines()[0]]
    at = whole = json.loads(text)
    found = []
    for key in filter(None, keys.split("/")):
        at = at[key]
        found += [at["source"]] if "source" in at else []

    def inside(value):
        if isinstance(value, dict):
            if isinstance(value.get("source"), str):
                yield value["source"]
            for one in value.values():
                yield from inside(one)
        elif isinstance(value, list):
            for one in value:
                yield from inside(one)

    found = found or list(inside(at))
    # what a file says of itself holds for its cases too, unless it only tells how to read them
    return found or [str(whole.get("source") or whole["note"])]


def test_each_module_has_three_published_cases_and_no_case_stands_twice():
    for module in MODULES:
        mine = [row for row in ROWS if row[0] == module]
        assert len(mine) >= LEAST, module
        assert sum(row[3] == "found" for row in mine) >= (2 if module in FEW else LEAST), module
    assert len({(row[0], row[1]) for row in ROWS}) == len(ROWS)
    assert {row[0] for row in ROWS} == set(MODULES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[4].partition("::")[2][:60])
def test_a_row_names_a_test_that_runs_and_claims_no_more_than_its_file(row):
    module, _, figures, read, test = row
    name, _, function = test.partition("::")
    assert read in READ
    body = functions(name)[function]
    assert not re.search(r"mark\.(skip|xfail)|pytest\.(skip|xfail)", body)
    assert re.search(r"\bassert\b|\bagrees\(", body)
    if figures == "in the test":
        return
    path = figures.partition("#")[0]
    assert path.startswith(f"{module}/")
    assert Path(path).stem in (HERE / name).read_text(encoding="utf-8"), f"{name} does not read {path}"
    recalled = any("memory" in one.lower() for one in sources(figures))
    assert recalled == (read != "found"), sources(figures)


def test_no_case_file_goes_unnamed():
    named = {row[2].partition("#")[0] for row in ROWS}
    kept = {
        str(path.relative_to(CASES))
        for module in MODULES
        for path in (CASES / module).iterdir()
        if path.suffix in {".json", ".txt"}
    }
    assert named - {"in the test"} == kept


def test_no_published_case_of_a_file_goes_unnamed():
    """Every case with a source of its own is a row, or lies within one."""
    named = [row[2] for row in ROWS if row[2].endswith(".json") or "#" in row[2]]
    for path in sorted(CASES.glob("*/*.json")):
        if path.parent.name not in MODULES:
            continue
        file = str(path.relative_to(CASES))
        if file in named:
            continue
        for key, value in json.loads(path.read_text(encoding="utf-8")).items():
            if isinstance(value, (dict, list)):
                assert any(re.match(rf"{re.escape(file)}#{re.escape(key)}(/|$)", one) for one in named), (
                    file,
                    key,
                )
