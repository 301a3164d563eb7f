"""What begins when: prerequisites and years of start, against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import Cause, ContradictingLimits, Limits, Option, Settings, choose

YEARS = 3
BUDGET = (8.0, 6.0, 7.0)


@pytest.mark.parametrize("method", ["exact", "fast"])
@pytest.mark.parametrize(("start", "chosen"), [(0, {"meter": 0, "base": 0}), (1, {"base": 1})])
def test_what_an_option_needs_begins_no_later_where_each_has_one_year_of_start(method, start, chosen):
    options = [Option("meter", 5, 1, requires=("base",)), Option("base", 3, 1, starts=(start,))]
    found = choose(options, Limits(budget=[10, 10]), settings=Settings(method=method))
    assert found.starts == chosen
    if "meter" not in chosen:
        assert found.why("meter", "en") == (
            "meter (worth 5) is out for the order: meter can begin in year 1 at the latest, yet needs base begun no "
            "later, which can begin in year 2 at the earliest; let meter begin in year 2 or after, or base in year 1 "
            "or before."
        )
        assert "meter chỉ bắt đầu được muộn nhất năm thứ 1" in found.why("meter", "vi")


def test_orders_of_start_that_contradict_are_told_with_their_years_through_a_chain():
    options = [
        Option("a", 5, 1, requires=("b",), starts=(0, 1)),
        Option("b", 5, 1, requires=("c",), starts=(0, 1, 2)),
        Option("c", 5, 1, starts=(2,)),
    ]
    with pytest.raises(ContradictingLimits) as error:
        choose(options, Limits(budget=[10, 10, 10], must=("a",)))
    (order,) = error.value.orders
    assert (order.code, order.last, order.required, order.first) == ("a", 1, "b", 2)
    assert "let a begin in year 3 or after, or b in year 2 or before" in error.value.words("en")
    assert "a needs b;" not in error.value.words("en")
    assert "hãy cho a bắt đầu từ năm thứ 3 trở đi" in error.value.words("vi")


@pytest.mark.parametrize("required", [(), ("a",)])
def test_options_that_require_each_other_or_begin_together_contradict_nothing(required):
    options = [
        Option("a", 5, 1, requires=("b",), starts=(0, 1)),
        Option("b", 5, 1, requires=required, starts=(1, 2)),
    ]
    assert choose(options, Limits(budget=[10, 10, 10], must=("a",))).starts == {"a": 1, "b": 1}


def test_what_is_beyond_a_budget_counts_what_the_option_requires():
    options = [
        Option("a", 50, 12, requires=("b",)),
        Option("b", -1, 7, requires=("c",)),
        Option("c", -1, 2),
        Option("d", 1, 1),
    ]
    told = choose(options, Limits(budget=10)).reason("a")
    assert (told.cause, told.missing, told.others) == (Cause.IMPOSSIBLE, 11.0, ("b", "c"))
    assert "with what it requires (b, c) it needs more than the whole budget of year 1, 11 beyond" in (
        told.sentence("en")
    )
    assert "cho nó cùng những gì nó cần (b, c): thiếu 11" in told.sentence("vi")
    assert "a" in choose(options, Limits(budget=10 + told.missing)).chosen


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
