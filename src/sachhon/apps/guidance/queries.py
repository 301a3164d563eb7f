"""What the rooms above take from the library: always the published version, with its number.

The dataclasses are those of `sachhon.reference.library`; `version` is the number of the version they were read
from, so that an assessment can say what it used. `version_of` gives an older one back.

    checklist_for(trade, size_class)    questions in the order of a walk, general ones first
    options_for(trade, resources)       options of the trade's systems and utilities
    option(code)                        one option
    benchmarks_for(trade)               benchmarks of the trade's systems
    benchmarks_of(facility)             those of them that its figures can be held against
    cases_of(option, province)          anonymous cases of the province that carried an option out
    trade_of(facility)                  the library's trade of a facility
"""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import Q

from sachhon.apps.guidance import content
from sachhon.apps.guidance.cases import Case
from sachhon.apps.guidance.models import Kind, LibraryVersion, State
from sachhon.reference import FactNotFound, knowledge
from sachhon.reference.library import Benchmark, LibraryTrade, Option, Question

__all__ = [
    "Benchmark",
    "LibraryTrade",
    "Option",
    "Question",
    "benchmarks_for",
    "benchmarks_of",
    "cases_of",
    "checklist_for",
    "option",
    "options_for",
    "trade",
    "trade_of",
    "trades",
    "version_of",
]


def trades() -> tuple[LibraryTrade, ...]:
    """The trades of the library, "other" last."""
    return tuple(knowledge.library_trades().values())


def trade(code: str) -> LibraryTrade:
    """One trade of the library; `FactNotFound` for a code that is none."""
    try:
        return knowledge.library_trades()[code]
    except KeyError:
        raise FactNotFound(f"library_trades.{code}", None) from None


def trade_of(facility) -> str:
    """The library's trade of a facility of the registry, by its trade and, where that is "other", its VSIC class."""
    return knowledge.library_trade_of(facility.trade.code, facility.sector.code if facility.sector else "")


def checklist_for(trade: str, size_class: str = "", *, general: bool = True) -> list[Question]:
    """The questions to ask at a facility of that trade and size, in the order of a walk: the general checklist
    (left out with general=False), then the trade's own, where it has one. What its factories do not have (a boiler, at
    a brick kiln) is not asked about. Options that were withdrawn are not named.
    """
    known = knowledge.library_trades().get(trade) or knowledge.library_trades()["other"]
    wanted = [knowledge.GENERAL] * general + [trade]
    found = _published(Kind.CHECKLIST, item__code__in=wanted)
    by_code = {v.item.code: content.checklist_of(v.content, v.number) for v in found}
    asked = [
        question
        for code in wanted
        if code in by_code
        for question in by_code[code].questions
        if question.suits(size_class) and known.has(question.needs)
    ]
    named = {code for question in asked for code in question.options}
    offered = set(_published(Kind.OPTION, item__code__in=named).values_list("item__code", flat=True))
    return [
        question
        if offered.issuperset(question.options)
        else replace(question, options=tuple(code for code in question.options if code in offered))
        for question in asked
    ]


def options_for(trade: str, resources: Collection[str] | None = None, *, facility=None) -> list[Option]:
    """The options of the trade's own systems, then of its utilities, then whatever else its questions point to; with
    `resources` only those that save one of them ("electricity", "fuel", "water", "raw_material", "material", "waste").

    Without `resources` every option that `checklist_for` names is among them, as the screening asks; with `facility`
    only of systems that it has by its trade and VSIC class: no brewer's grain at a tea factory.
    """
    known = knowledge.library_trades().get(trade) or knowledge.library_trades()["other"]
    place = {system: n for n, system in enumerate((*known.systems, *known.utilities))}
    named = {code for question in checklist_for(trade) for code in question.options}
    found = _published(Kind.OPTION).filter(Q(item__system__in=list(place)) | Q(item__code__in=named))
    options = [content.option_of(v.content, v.number) for v in found]
    if resources is not None:
        options = [o for o in options if set(o.resources) & set(resources)]
    if facility is not None:
        options = [o for o in options if _serves(o.system, facility)]
    return sorted(options, key=lambda o: (place.get(o.system, len(place)), o.code))


def option(code: str) -> Option | None:
    """One published option; None where there is none or it was withdrawn."""
    found = _published(Kind.OPTION, item__code=code).first()
    return content.option_of(found.content, found.number) if found else None


def benchmarks_for(trade: str, *, utilities: bool = False) -> list[Benchmark]:
    """The benchmarks of the trade's own systems, with utilities=True also those of boilers, compressed air, and
    the like. A norm that has expired is among them: look at `valid_to`.
    """
    known = knowledge.library_trades().get(trade) or knowledge.library_trades()["other"]
    wanted = [*known.systems, *(known.utilities if utilities else ())]
    by_code = {
        v.item.code: content.benchmarks_of(v.content, v.number)
        for v in _published(Kind.BENCHMARK, item__code__in=wanted)
    }
    return [row for system in wanted for row in by_code.get(system, ())]


def benchmarks_of(facility) -> list[Benchmark]:
    """The benchmarks that a facility's own figures can be held against: of systems that it has by its trade and VSIC
    class, and only those whose numerator and denominator its records tell.
    """
    return [b for b in benchmarks_for(trade_of(facility)) if b.counts and _serves(b.system, facility)]


def _serves(system: str, facility) -> bool:
    vsic = facility.sector.code if facility.sector else ""
    return knowledge.systems()[system].serves(facility.trade.code, vsic)


def cases_of(option: str, province: str) -> list[Case]:
    """The published cases of a province that carried out that option of the library, the newest year first."""
    rows = _published(Kind.CASE, content__option=option, content__province=province)
    found = [content.case_of(v.content, v.number) for v in rows]
    return sorted(found, key=lambda c: (-c.year, c.code))


def version_of(kind: str, code: str, number: int) -> Option | tuple[Question, ...] | tuple[Benchmark, ...]:
    """What a version said, in force or not: an option, the questions of a checklist, the rows of benchmarks."""
    version = LibraryVersion.objects.select_related("item").get(
        item__kind=kind, item__code=code, number=number
    )
    if kind == Kind.OPTION:
        return content.option_of(version.content, number)
    if kind == Kind.CHECKLIST:
        return content.checklist_of(version.content, number).questions
    return content.benchmarks_of(version.content, number)


def _published(kind: str, **filters):
    rows = LibraryVersion.objects.filter(item__kind=kind, state=State.PUBLISHED)
    return rows.filter(**filters).select_related("item").order_by("item__order", "item__code")
