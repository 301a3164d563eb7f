"""Run by `test_wheel` where nothing but the science and the facts is installed: uses every module of the science.

The worked examples of the concept pages given as arguments, and a call of what none of them uses. Prints the modules
of `sachhon.science` that were used.
"""

import doctest
import importlib.util
import sys

from sachhon import science

for absent in ("django", "duckdb", "openpyxl", "docx", "typer"):
    assert importlib.util.find_spec(absent) is None, f"{absent} is installed"

failed = 0
for page in sys.argv[1:]:
    failed += doctest.testfile(page, module_relative=False, encoding="utf-8").failed
failed += doctest.testmod(science.calendar, extraglobs={"date": science.calendar.date}).failed
assert abs(science.finance.irr([-100.0, 60.0, 60.0]) - 0.1306623862918075) < 1e-9
assert science.plausibility.against_price(1000, 2_000_000, 1500, 3000) == ()
assert science.plausibility.against_price(1000, 2_000_000_000, 1500, 3000)
assert science.swaps.swapped([100.0, 900.0, 50.0], [900.0, 100.0, 50.0]) == ((0, 1),)
used = {name.split(".")[2] for name in sys.modules if name.startswith("sachhon.science.")}
print(" ".join(sorted(used)))
sys.exit(failed > 0)
