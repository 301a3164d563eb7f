"""Enterprise size by the decree in force on a day.

The thresholds are rows of `sizes.csv`; a missing figure gives "unknown" only where it could change the answer.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from .facts import Fact, FactNotFound, facts

Size = Literal["micro", "small", "medium", "large", "unknown"]


@dataclass(frozen=True)
class SizeRule:
    """Upper limits of one size class (None: not a criterion), in force for one sector group."""

    sector_group: str
    size: Size
    rule: str
    employees_max: int | None
    revenue_max: int | None
    capital_max: int | None
    fact: Fact


def size_class(
    sector_group: str, employees: int | None, revenue_vnd: int | None, capital_vnd: int | None, on: date
) -> Size:
    """Return the size class of an enterprise; `sector_group` is industry, agriculture or trade."""
    rules = size_rules(sector_group, on)
    if rules[0].rule == "capital_first":
        return _capital_first(rules, employees, capital_vnd)
    for rule in rules:
        fits = _labour_and_money(rule, employees, revenue_vnd, capital_vnd)
        if fits is None:
            return "unknown"
        if fits:
            return rule.size
    return "large"


@cache
def size_rules(sector_group: str, on: date) -> tuple[SizeRule, ...]:
    """Return the rules in force, from the smallest class up, each with the fact that cites its decree."""
    found = tuple(
        SizeRule(
            sector_group,
            _size(f.extra["size"]),
            f.extra["rule"],
            _int(f.extra["employees_max"]),
            _int(f.extra["revenue_max"]),
            _int(f.extra["capital_max"]),
            f,
        )
        for f in facts("sizes", on)
        if f.extra["sector_group"] == sector_group
    )
    if not found:
        raise FactNotFound(f"sizes.{sector_group}.micro", on, _first(sector_group))
    return found


def _labour_and_money(
    rule: SizeRule, employees: int | None, revenue: int | None, capital: int | None
) -> bool | None:
    """Few enough people, and revenue or capital small enough; None where a missing figure decides."""
    labour = _within(employees, rule.employees_max)
    money = (_within(revenue, rule.revenue_max), _within(capital, rule.capital_max))
    if labour is False or money == (False, False):
        return False
    if labour and True in money:
        return True
    return None


def _capital_first(rules: tuple[SizeRule, ...], employees: int | None, capital: int | None) -> Size:
    """Micro by people alone; above that capital decides, and people where capital is not known."""
    micro, *others = rules
    if employees is None:
        return "unknown"
    if _within(employees, micro.employees_max):
        return micro.size
    for rule in others:
        fits = (
            _within(employees, rule.employees_max) if capital is None else _within(capital, rule.capital_max)
        )
        if fits:
            return rule.size
    return "large"


def _within(value: int | None, limit: int | None) -> bool | None:
    return None if value is None or limit is None else value <= limit


def _int(text: str) -> int | None:
    return int(text) if text else None


def _size(text: str) -> Size:
    sizes: dict[str, Size] = {"micro": "micro", "small": "small", "medium": "medium"}
    return sizes[text]


def _first(sector_group: str) -> Fact | None:
    return next((f for f in facts("sizes") if f.extra["sector_group"] == sector_group), None)
