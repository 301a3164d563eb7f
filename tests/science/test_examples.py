"""The walk through a brick kiln runs without the web part, and what it finds is the truth it was drawn from; benchmarks
ask the science for names it has."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
WALK = ROOT / "examples" / "brick_kiln.py"
DRIVER = """
import json, runpy, sys
walk, out = sys.argv[1:]
sys.argv = [walk, out]
n = runpy.run_path(walk)
flows, true, costs, heat, chosen, saved = (n[k] for k in ("flows", "TRUE", "costs", "heat", "chosen", "verified"))
print("\\n" + json.dumps({
    "django": "django" in sys.modules,
    "clay": [flows["clay"].value, flows["clay"].uncertainty],
    "true_clay": true["clay"],
    "read_clay": n["read"]["clay"],
    "suspect": n["errors"][0].words("en"),
    "p_before": n["first"].p_value,
    "p_after": n["balance"].p_value,
    "all_within": [[q.value, q.uncertainty, true[k]] for k, q in flows.items() if k in true],
    "paid": costs.paid["total"].value,
    "allocated": costs.product["total"].value + costs.loss["total"].value,
    "without_cost": list(n["year"].carriers),
    "breakage": [n["breakage"].value, n["breakage"].standard_uncertainty],
    "heat": {s.name: s.value for s in heat.steps},
    "outside": len(heat.outside),
    "spent": sum(chosen.cost),
    "gap": chosen.gap,
    "lining": sum(c.startswith("roof") for c in chosen.chosen),
    "saving": [saved.low, saved.saving.value, saved.high],
    "true_saving": n["true_saving"],
    "verdict": saved.verdict.value,
    "promised": n["promised"] * float(n["need"][24:].sum()),
}))
"""


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    """Figures of one run, and the folder of its plots."""
    out = tmp_path_factory.mktemp("kiln")
    run = subprocess.run(
        [sys.executable, "-c", DRIVER, str(WALK), str(out)],
        capture_output=True,
        text=True,
        check=False,
        cwd=out,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.strip().splitlines()[-1]) | {"out": out, "printed": run.stdout}


def test_it_needs_no_web_part_and_draws_its_plots(walk):
    assert not walk["django"]
    plots = sorted(walk["out"].glob("*.svg"))
    assert [p.stem for p in plots] == ["balance", "cost", "cusum", "heat", "options", "saving"]
    assert all("<svg" in p.read_text() and p.stat().st_size > 3000 for p in plots)


def test_the_weighbridge_that_reads_too_much_is_found_and_the_balance_tells_what_it_should_read(walk):
    assert walk["p_before"] < 0.001 < 0.05 < walk["p_after"]
    assert "clay" in walk["suspect"].split(".")[0]
    value, u = walk["clay"]
    assert abs(value - walk["true_clay"]) < 2 * u
    assert abs(value - walk["true_clay"]) < abs(walk["read_clay"] - walk["true_clay"]) / 3
    assert all(abs(v - true) <= 3 * u for v, u, true in walk["all_within"])


def test_money_heat_and_budget_add_up(walk):
    assert walk["allocated"] == pytest.approx(walk["paid"])
    assert walk["without_cost"] == ["steam", "gas"]
    cost, u = walk["breakage"]
    assert 0 < u < 0.1 * cost < 0.1 * walk["paid"]
    heat = walk["heat"]
    assert heat["accounted"] + heat["unaccounted"] == pytest.approx(1)
    assert walk["outside"] == 0
    assert walk["spent"] <= 1200
    assert walk["gap"] == pytest.approx(0, abs=1e-9)
    assert walk["lining"] <= 1


def test_the_verified_interval_holds_the_true_saving_and_not_the_promise(walk):
    low, value, high = walk["saving"]
    assert walk["verdict"] == "saved"
    assert low < walk["true_saving"] < high
    assert (
        f"no factory knows: {walk['true_saving']:.0f} GJ; the verified interval holds it" in walk["printed"]
    )
    assert low < value < high < walk["promised"]


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_asks_the_science_for_what_it_has(path):
    """They run for minutes, so no test runs them; a name that moved must show all the same."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sachhon.science"):
            missing = [one.name for one in node.names if not hasattr(import_module(node.module), one.name)]
            assert not missing, f"{path.name}:{node.lineno}: {node.module} has no {', '.join(missing)}"
