"""What is wrong with a content: gathered, each with the place and the cure. The words are in data/messages.csv.

The same checks stand before a draft is saved from a form, before a file is taken in, and before a review.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cache

from sachhon.apps.guidance.fields import FIELDS, label
from sachhon.apps.guidance.models import Kind, LibraryItem
from sachhon.apps.guidance.services.benchmark_scope import scope_faults
from sachhon.apps.guidance.services.cp_rule import is_cleaner_production
from sachhon.reference import (
    CONFIDENCES,
    FactNotFound,
    investment_classes,
    knowledge,
    option_groups,
    pint_registry,
    resources,
)
from sachhon.reference.families import families
from sachhon.workbooks.problems import Problem

ARC = re.compile(r"\d\.\d{2,4}")
RESOURCES = ("electricity", "fuel", "water", "raw_material", "material", "waste")
SIZES = ("micro", "small", "medium", "large")
LADDER = ("poor", "average", "good", "best")
_LOOKERS: list[Callable[[dict], Iterator[Problem]]] = []


def look_at_cases(look: Callable[[dict], Iterator[Problem]]) -> None:
    """A room above says what gives a factory away in the words of a case."""
    _LOOKERS.append(look)


def problems_of(kind: str, content: dict) -> list[Problem]:
    """Everything wrong with an item's content."""
    if kind in (Kind.OPTION, Kind.CASE):
        return list(part_problems(kind, content))
    parts = content["questions"] if kind == Kind.CHECKLIST else content["rows"]
    found = [problem for part in parts for problem in part_problems(kind, part)]
    codes = [part["code"] for part in parts]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    found += [_error("library_twice", code, code=code) for code in twice]
    if not parts:
        found.append(_error("library_empty", content["code"]))
    return found


def part_problems(kind: str, part: dict) -> Iterator[Problem]:
    """What is wrong with one option, question or benchmark row."""
    yield from _filled(kind, part)
    yield from _OF_KIND[Kind(kind)](part)
    if part.get("confidence") not in CONFIDENCES:
        yield _wrong(part, "confidence")


def _filled(kind: str, part: dict) -> Iterator[Problem]:
    for field in FIELDS[kind]:
        if field.needed and part.get(field.name) in (None, "", []):
            yield _error("library_missing", part["code"], field=label(field.name), code=part["code"])


def _option(part: dict) -> Iterator[Problem]:
    for name, known in (
        ("system", knowledge.systems()),
        ("group", _groups()),
        ("investment_class", _classes()),
    ):
        if part[name] and part[name] not in known:
            yield _wrong(part, name)
    yield from _list(part, "resources", RESOURCES)
    yield from _list(part, "acts_on", {*families(), *(r.code for r in resources())})
    for low, high, most in (("low", "high", 100), ("share_low", "share_high", 100)):
        yield from _range(part, low, high, most)
    yield from _range(part, "payback_low_years", "payback_high_years", 100)
    if part["arc_code"]:
        try:
            knowledge.arc_group(part["arc_code"])
            known = bool(ARC.fullmatch(part["arc_code"]))
        except FactNotFound:
            known = False
        if not known:
            yield _wrong(part, "arc_code")
    refusal = is_cleaner_production(part["name_vi"], part["arc_code"]) or is_cleaner_production(
        part["name_en"]
    )
    if refusal:
        params = {"kind_vi": refusal.name_vi, "reason_vi": refusal.reason_vi}
        params |= {"kind_en": refusal.name_en, "reason_en": refusal.reason_en}
        yield _error("library_not_cp", part["code"], name=part["name_vi"], code=part["code"], **params)


def _question(part: dict) -> Iterator[Problem]:
    if part["group"] and part["group"] not in _groups():
        yield _wrong(part, "group")
    if part["resource"] and part["resource"] not in (*RESOURCES, "all"):
        yield _wrong(part, "resource")
    if part["weight"] not in (1, 2, 3):
        yield _wrong(part, "weight")
    yield from _list(part, "sizes", SIZES)
    if part.get("needs") and part["needs"] not in knowledge.systems():
        yield _wrong(part, "needs")
    known = set(
        LibraryItem.objects.filter(kind=Kind.OPTION, code__in=part["options"]).values_list("code", flat=True)
    )
    yield from _list(part, "options", known)
    for name in ("text_vi", "text_en"):
        if part[name] and not part[name].strip().endswith("?"):
            yield _error("library_no_question", part["code"], field=label(name), code=part["code"])


def _benchmark(part: dict) -> Iterator[Problem]:
    if part["resource"] and part["resource"] not in (*RESOURCES, "energy"):
        yield _wrong(part, "resource")
    marks = [_number(part[name]) for name in LADDER if part[name] not in (None, "")]
    if not marks:
        yield _error("library_no_mark", part["code"], code=part["code"])
    elif None in marks:
        yield _wrong(part, "poor")
    elif marks != sorted(marks, reverse=not part["higher_is_better"]):
        yield _error("library_ladder", part["code"], code=part["code"])
    yield from _list(part, "counts", {*families(), *(r.code for r in resources())})
    for name in scope_faults(part):
        yield _wrong(part, name)
    if part["unit_code"] and not _parses(part["unit_code"]):
        yield _wrong(part, "unit_code")
    if not 1950 <= int(part["year"] or 0) <= 2100:
        yield _wrong(part, "year")


def _case(part: dict) -> Iterator[Problem]:
    """What the rooms above find in a case: only they know the factory that its words must not give away."""
    for look in _LOOKERS:
        yield from look(part)


_OF_KIND = {Kind.OPTION: _option, Kind.CHECKLIST: _question, Kind.BENCHMARK: _benchmark, Kind.CASE: _case}


def _list(part: dict, name: str, known) -> Iterator[Problem]:
    for value in part.get(name, ()):  # a version of before a field was asked for has none of it
        if value not in known:
            yield _error("library_unknown", part["code"], field=label(name), value=value, code=part["code"])


def _range(part: dict, low: str, high: str, most: int) -> Iterator[Problem]:
    ends = [_number(part[name]) if part[name] not in (None, "") else None for name in (low, high)]
    texts = [part[name] for name in (low, high)]
    for name, end, text in zip((low, high), ends, texts, strict=True):
        if text not in (None, "") and (end is None or not 0 <= end <= most):
            yield _wrong(part, name)
            return
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        yield _error("library_range", part["code"], field=label(low), other=label(high), code=part["code"])


def _wrong(part: dict, name: str) -> Problem:
    return _error(
        "library_wrong", part["code"], field=label(name), value=str(part.get(name)), code=part["code"]
    )


def _error(rule: str, cell: str, **params) -> Problem:
    return Problem("error", rule, params=params)


def _number(value) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@cache
def _groups() -> frozenset[str]:
    return frozenset(f.code for f in option_groups())


@cache
def _classes() -> frozenset[str]:
    return frozenset(f.code for f in investment_classes())


def _parses(unit: str) -> bool:
    if unit in ("pct", "1"):
        return True
    try:
        pint_registry().parse_units(unit)
    except Exception:  # pint has a family of errors for what it cannot read, tokenizer's included
        return False
    return True
