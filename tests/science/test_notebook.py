"""What a notebook shows: modules that load when asked for, and results that print as a few lines."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sachhon import science
from sachhon.science import equipment


def test_the_science_loads_at_once_and_its_modules_when_asked_for():
    script = (
        "import sys, time; started = time.perf_counter(); import sachhon.science as science\n"
        "spent = time.perf_counter() - started\n"
        "assert not {'numpy', 'scipy', 'django'} & set(sys.modules), sorted(sys.modules)\n"
        "assert science.finance.npv(0.1, [-100, 110]) == 0 or abs(science.finance.npv(0.1, [-100, 110])) < 1e-9\n"
        "assert science.equipment.boiler.direct\n"
        "assert 'django' not in sys.modules\n"
        "print(spent)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.3


@pytest.mark.parametrize("package", [science, equipment])
def test_every_module_is_listed_and_loads(package):
    for name in dir(package):
        getattr(package, name)
    with pytest.raises(AttributeError, match="it has"):
        package.nothing  # noqa: B018


def test_every_package_of_the_science_is_named():
    import pkgutil

    kept = {"lazy", "phrases", "distributions", "allotment", "uncertainty"}  # what the modules are made of
    assert {m.name for m in pkgutil.iter_modules(science.__path__)} - kept <= set(dir(science))
    assert {m.name for m in pkgutil.iter_modules(equipment.__path__)} - {"sheet", "words"} <= set(
        dir(equipment)
    )


def test_results_print_short():
    balance, portfolio = science.balance, science.portfolio
    linear = balance.reconcile_linear([[1, -1, -1]], [10, 6, float("nan")], 1.0)
    assert repr(linear).startswith("LinearResult(estimate=array([10.,  6.,  4.])")
    bounded = balance.reconcile_bounded([[1, -1, -1]], [10, 12, float("nan")], 1.0)
    bilinear = balance.reconcile_bilinear([[1, -1]], [10, 11], 1.0, [[0.1, 0.1]], 1e-4)
    sheet = balance.Flowsheet(
        [balance.Process("mill")],
        [balance.Stream("in", "", "mill"), balance.Stream("out", "mill", "")],
        [balance.Reading("in", 10, 1), balance.Reading("out", 11, 1)],
    ).solve()
    assert (
        repr(sheet)
        == "FlowsheetResult(2 of 2 quantities known, chi2=0.5, dof=1, p_value=0.48, 0 held at zero)"
    )
    chosen = portfolio.choose([portfolio.Option("a", 5, 3)], portfolio.Limits(budget=4))
    for result in (linear, bounded, bilinear, sheet, chosen):
        assert len(repr(result)) < 700, repr(result)
