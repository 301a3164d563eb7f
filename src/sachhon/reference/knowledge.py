"""The library of cleaner production as its data files have it: trades, checklists, options, benchmarks.

The shapes are those of `library`; nothing here knows that the site keeps versions.
"""

from decimal import Decimal
from functools import cache

from .facts import Fact, FactNotFound, facts
from .library import Benchmark, Checklist, LibraryTrade, Option, Question, System

GENERAL = "general"


@cache
def systems() -> dict[str, System]:
    """Return the systems by code, in file order."""
    return {f.code: System(f.code, f.name_vi, f.name_en, *_whose(f.extra)) for f in facts("systems")}


@cache
def library_trades() -> dict[str, LibraryTrade]:
    """Return the trades of the library by code, in file order; "other" is last."""
    return {
        f.code: LibraryTrade(
            f.code,
            f.name_vi,
            f.name_en,
            *(_words(f.extra[k]) for k in ("registry_trades", "vsic", "systems", "utilities")),
        )
        for f in facts("library_trades")
    }


def library_trade_of(registry_trade: str, vsic: str = "") -> str:
    """Return the library's trade for a facility's; its VSIC class decides where the trade says "other".

    >>> library_trade_of("quarry"), library_trade_of("other", "2220"), library_trade_of("other")
    ('stone_lime', 'plastics', 'other')
    """
    found = library_trades().values()
    if registry_trade == "other" and vsic:
        by_class = next((t.code for t in found if vsic in t.vsic), None)
        if by_class:
            return by_class
    return next((t.code for t in found if registry_trade in t.registry_trades), "other")


@cache
def checklists() -> dict[str, Checklist]:
    """Return the checklists by code: the general one and one for each trade that has one."""
    sections = {f.code: f for f in facts("checklist_sections")}
    asked: dict[str, list[Question]] = {}
    for f in facts("checklist_questions"):
        section = sections[f.extra["section"]]
        asked.setdefault(f.extra["checklist"], []).append(_question(f, section))
    return {
        f.code: Checklist(f.code, f.name_vi, f.name_en, f.extra["trade"], tuple(asked[f.code]))
        for f in facts("checklists")
    }


@cache
def library_options() -> dict[str, Option]:
    """Return the options by code."""
    bases = {f.code: f for f in facts("saving_bases")}
    return {f.code: _option(f, bases[f.extra["base"]]) for f in facts("options")}


@cache
def library_benchmarks() -> dict[str, Benchmark]:
    """Return the benchmarks by code."""
    return {f.code: _benchmark(f) for f in facts("benchmarks")}


def arc_group(arc_code: str) -> Fact:
    """Return the row of `arc_codes` that has the longest beginning of this ARC code: its group, or why not CP."""
    found = [f for f in facts("arc_codes") if arc_code.startswith(f.code)]
    if not found:
        raise FactNotFound(f"arc_codes.{arc_code}", None)
    return max(found, key=lambda f: len(f.code))


def arc_cases(arc_code: str = "") -> tuple[Fact, ...]:
    """Return the recommendations of really audited plants, of one ARC code or all."""
    return tuple(f for f in facts("arc_cases") if arc_code in ("", f.extra["arc_code"]))


def _question(f: Fact, section: Fact) -> Question:
    x = f.extra
    return Question(
        f.code, x["checklist"], section.code, section.name_vi, section.name_en, f.name_vi, f.name_en,
        x["no_vi"], x["no_en"], x["help_vi"], x["help_en"], float(x["weight"]), x["resource"], x["group"],
        _words(x["options"]), _words(x["sizes"]), f.source, f.confidence, x["needs"],
    )  # fmt: skip


def _option(f: Fact, base: Fact) -> Option:
    x = f.extra
    return Option(
        f.code, f.name_vi, f.name_en, x["system"], x["group"], x["arc_code"], _words(x["resources"]),
        _words(x["materials"]), _known(f.low), _known(f.high), base.name_vi, base.name_en, _known(base.low),
        _known(base.high), x["investment_class"], _number(x["payback_low_years"]),
        _number(x["payback_high_years"]), x["condition_vi"], x["condition_en"], x["effects_vi"], x["effects_en"],
        f.source, f.confidence, _words(base.extra["acts_on"]), x["alternative"],
    )  # fmt: skip


def _benchmark(f: Fact) -> Benchmark:
    x = f.extra
    return Benchmark(
        f.code, f.name_vi, f.name_en, x["system"], x["process_vi"], x["process_en"], x["indicator_vi"],
        x["indicator_en"], x["resource"], x["unit_code"], x["unit_vi"], x["unit_en"], _number(x["poor"]),
        _number(x["average"]), _number(x["good"]), _number(x["best"]), x["higher_is_better"] == "1",
        int(x["year"]), f.valid_from, f.valid_to, x["note_vi"], x["note_en"], f.source, f.confidence,
        _words(x["counts"]), x["per"], _words(x["products"]),
    )  # fmt: skip


def _whose(extra) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return extra["kind"], _words(extra["registry_trades"]), _words(extra["vsic"])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(";") if word)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _known(value: Decimal | None) -> Decimal:
    if value is None:
        raise ValueError("a range of the library needs both ends")
    return value
