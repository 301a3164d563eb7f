"""What begins when: prerequisites and years of start, against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import Limits, Option, Settings, choose

YEARS = 3
BUDGET = (8.0, 6.0, 7.0)


@pytest.mark.parametrize("method", ["exact", "fast"])
@pytest.mark.parametrize(("start", "chosen"), [(0, {"meter": 0, "base": 0}), (1, {"base": 1})])
def test_what_an_option_needs_begins_no_later_where_each_has_one_year_of_start(method, start, chosen):
    options = [Option("meter", 5, 1, requires=("base",)), Option("base", 3, 1, starts=(start,))]
    found = choose(options, Limits(budget=[10, 10]), settings=Settings(method=method))
    assert found.starts == chosen
    if "meter" not in chosen:
        assert "no choice within the limits holds it" in found.why("meter", "en")


def random_options(random: np.random.Generator, most_starts: int) -> list[Option]:
    def starts() -> tuple[int, ...]:
        count = int(random.integers(1, most_starts + 1))
        return tuple(sorted(random.choice(YEARS, count, replace=False).tolist()))

    return [
        Option(
            f"o{i}",
            float(random.integers(-3, 15)),
            float(random.integers(1, 7)),
            starts=starts(),
            requires=tuple(f"o{j}" for j in range(i) if random.random() < 0.3),
        )
        for i in range(5)
    ]


def best_of_all(options: list[Option], rate: float) -> float:
    worth = []
    for starts in itertools.product(*((None, *o.starts) for o in options)):
        begun = {o.code: s for o, s in zip(options, starts, strict=True) if s is not None}
        chosen = [o for o in options if o.code in begun]
        if any(code not in begun or begun[code] > begun[o.code] for o in chosen for code in o.requires):
            continue
        spent = [sum(o.cost for o in chosen if begun[o.code] == t) for t in range(YEARS)]
        if all(used <= most for used, most in zip(spent, BUDGET, strict=True)):
            worth.append(sum(o.value / (1 + rate) ** begun[o.code] for o in chosen))
    return max(worth)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_no_choice_that_keeps_the_order_of_starts_is_better(seed, most_starts):
    options = random_options(np.random.default_rng(seed), most_starts)
    found = choose(options, Limits(budget=BUDGET), settings=Settings(rate=0.1))
    for option in options:
        for code in option.requires if option.code in found.starts else ():
            assert found.starts[code] <= found.starts[option.code]
    assert found.aim == pytest.approx(best_of_all(options, 0.1), abs=1e-6)
