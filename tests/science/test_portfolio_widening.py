"""How far a limit must grow for an option that does not fit it, against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import Cause, Interaction, Limits, Option, Settings, choose, next_step
from sachhon.science.portfolio.widening import widening_of


def every(options: list[Option], rate: float = 0.0):
    """Codes, cost by year and worth of each choice that keeps groups and prerequisites; o0 and o1 lose 3 together."""
    for starts in itertools.product(*((None, *o.starts) for o in options)):
        chosen = [o for o, s in zip(options, starts, strict=True) if s is not None]
        codes, groups = {o.code for o in chosen}, [o.group for o in chosen if o.group]
        if len(set(groups)) < len(groups) or any(c not in codes for o in chosen for c in o.requires):
            continue
        cost, worth = np.zeros(2), -3.0 * ({"o0", "o1"} <= codes)
        for o, s in zip(options, starts, strict=True):
            if s is not None:
                cost[s] += o.cost
                worth += o.value / (1 + rate) ** s
        yield codes, cost, worth


def least_more(options: list[Option], code: str, over, rate: float = 0.0) -> float | None:
    """The least widening at which a best choice holds the option; over: what a cost lacks, inf if never."""
    told = [(code in codes, max(over(cost), 0.0), worth) for codes, cost, worth in every(options, rate)]
    for more in sorted({d for _, d, _ in told if np.isfinite(d)}):
        within = [(worth, inside) for inside, d, worth in told if d <= more + 1e-9]
        best = max(worth for worth, _ in within)
        if any(inside and worth >= best - 1e-9 for worth, inside in within):
            return more
    return None


def random_options(
    random: np.random.Generator, starts: tuple[tuple[int, ...], ...] = ((0,),)
) -> list[Option]:
    return [
        Option(
            f"o{i}",
            float(random.uniform(-2, 12)),
            float(random.uniform(1, 8)),
            group="g" if random.random() < 0.3 else None,
            requires=(f"o{random.integers(0, i)}",)
            if i and len(starts) == 1 and random.random() < 0.25
            else (),
            starts=starts[int(random.integers(0, len(starts)))],
        )
        for i in range(6)
    ]


def test_less_than_what_is_missing_beside_those_chosen_is_enough_where_another_makes_room():
    options = [Option("a", 10, 6), Option("b", 9.9, 5), Option("c", 5, 4)]
    found = choose(options, Limits(budget=10))
    told = found.reason("b")
    assert (told.cause, told.missing, told.wider.more) == (Cause.DOES_NOT_FIT, 5.0, pytest.approx(1.0))
    assert next_step(found, found.uses[0].limit).amount == 11
    assert "it comes in once that limit grows by 1, to 11." in told.sentence("en")
    assert "giới hạn đó tăng thêm 1 (thành 11) thì được chọn" in told.sentence("vi")
    assert choose(options, Limits(budget=11)).chosen == ("a", "b")
    assert "b" not in choose(options, Limits(budget=10.99)).chosen


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_an_option_comes_in_at_the_widening_told_and_not_before(seed):
    random = np.random.default_rng(seed)
    options = random_options(random)
    budget = float(random.choice([6, 10, 14]))
    pair = [Interaction("o0", "o1", -3.0)]
    found = choose(options, Limits(budget=budget), interactions=pair)
    for reason in found.reasons():
        if reason.cause is not Cause.DOES_NOT_FIT:
            continue
        expected = least_more(options, reason.code, lambda cost: cost.sum() - budget)
        assert reason.wider.more == pytest.approx(expected, abs=1e-6)
        wide = Limits(budget=budget + reason.wider.more + 1e-6)
        assert reason.code in choose(options, wide, interactions=pair).chosen


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.booleans(), st.integers(0, 1))
def test_the_widening_of_one_year_leaves_the_others_or_carries_over(seed, carried, year):
    random = np.random.default_rng(seed)
    options = random_options(random, ((0,), (1,), (0, 1)))
    budget = random.uniform(3, 9, 2)
    pair = [Interaction("o0", "o1", -3.0)]
    limits = Limits(budget=tuple(budget.tolist()), carry_over=carried)
    found = choose(options, limits, interactions=pair, settings=Settings(rate=0.1))

    def over(cost: np.ndarray) -> float:
        lack = np.cumsum(cost - budget) if carried else cost - budget
        other = lack[:year] if carried else np.delete(lack, year)
        return np.inf if (other > 1e-9).any() else float(lack[year:].max() if carried else lack[year])

    for i, option in enumerate(options):
        if option.code in found.chosen:
            continue
        told = widening_of(found.model, found.found, i, year)
        expected = least_more(options, option.code, over, 0.1)
        assert told.more == (np.inf if expected is None else pytest.approx(expected, abs=1e-6))


def test_of_many_options_no_figure_is_told_that_choosing_anew_would_have_to_find():
    random = np.random.default_rng(2)
    worth, cost = random.uniform(1, 9, (2, 200))
    options = [Option(f"p{i}", float(worth[i]), float(cost[i])) for i in range(200)]
    found = choose(options, Limits(budget=60.0), settings=Settings(method="exact"))
    unfit = [r for r in found.reasons() if r.cause is Cause.DOES_NOT_FIT]
    assert unfit
    assert all(r.wider is None for r in unfit)
    assert "how much more it takes depends on the others" in unfit[0].sentence("en")
    assert "còn tùy các giải pháp khác" in unfit[0].sentence("vi")


def test_an_option_that_another_beats_by_nothing_is_said_to_be_as_good():
    found = choose([Option("a", 5, 3), Option("b", 5, 3)], Limits(budget=3))
    (left,) = {"a", "b"} - set(found.chosen)
    assert found.reason(left).wider.more == 0
    assert "another choice that holds it and is worth as much" in found.why(left, "en")
    assert "có lựa chọn khác chứa nó mà mục tiêu cũng bằng thế" in found.why(left, "vi")
