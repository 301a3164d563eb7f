"""From answers and figures to the score: what the science is given, and what it says as plain data.

Nothing is stored here. A question about management counts for every resource that costs something; an option that
saves two resources is looked at once for each and told as one.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from sachhon.apps.assessment.models import QuickSheet
from sachhon.apps.assessment.queries.quick_compared import of_kind
from sachhon.apps.assessment.queries.quick_figures import KINDS, Figures, KindUse, parts_of
from sachhon.apps.assessment.services.errors import said
from sachhon.apps.guidance.queries import Option, options_for
from sachhon.apps.registry.models import Resource
from sachhon.science import screening
from sachhon.science.screening import Answer, Item
from sachhon.science.uncertainty import ScienceError

FIRST = 10
LEVELS = ("poor", "average", "good", "best")
ALL = "all"


@dataclass(frozen=True)
class Advised:
    """One option to look at, over all resources that it saves."""

    option: Option
    vnd: tuple[float, float]
    by_kind: dict[str, tuple[float, float]]
    questions: tuple[str, ...]
    unsure: bool
    told: bool = True  # False: what it acts on has no figure here, so nothing is promised


@dataclass(frozen=True)
class Outcome:
    """What the screening says; `score` is None where it cannot be told, and `why_not` says why ("no_cost")."""

    score: screening.Score | None
    advised: tuple[Advised, ...]
    why_not: str = ""
    dropped_benchmarks: dict[str, str] = field(default_factory=dict)  # kind: what is wrong with it


def outcome(sheet: QuickSheet, found: Figures) -> Outcome:
    """Scores the facility by its answers, figures and the benchmarks that were chosen."""
    answers = {a.question: a.answer for a in sheet.answers.all()}
    library = {option.code: option for option in options_for(sheet.trade, facility=sheet.assessment.facility)}
    resources, dropped = [], {}
    for kind in KINDS:
        resource, wrong = _resource(kind, found.uses.get(kind), found, sheet.benchmarks.get(kind))
        resources.append(resource)
        if wrong:
            dropped[kind] = wrong
    items, wanted = _items(sheet, answers, library)
    options = [
        screening.Option(
            f"{code}@{kind}",
            kind,
            *_shares(library[code]),
            library[code].payback_years,
            parts=_acted_on(library[code], found.uses.get(kind)),
            alternative=library[code].alternative,
        )
        for code, kinds in wanted.items()
        for kind in kinds
    ]
    told = {o.code for o in options if o.parts}
    costed = any(r.cost_vnd for r in resources)
    if not costed:
        # Without any bill there are no shares of cost and no VND: the order of the options still stands.
        return Outcome(None, _advised_without_cost(items, options, library, told), "no_cost", dropped)
    result = screening.score(resources, items, options)
    return Outcome(result, _advised(result, library, told), "", dropped)


def _resource(
    kind: str, use: KindUse | None, found: Figures, benchmark: dict | None
) -> tuple[screening.Resource, str]:
    if use is None:
        return screening.Resource(kind, 0.0, 0.0), ""
    plain = screening.Resource(
        kind, float(use.quantity or 0), float(use.cost or 0), use.unit, parts=parts_of(use)
    )
    if not benchmark:
        return plain, ""
    own = of_kind(found, kind, benchmark)
    levels = {level: float(benchmark[level]) for level in LEVELS if benchmark.get(level)}
    full = screening.Resource(
        kind,
        plain.quantity,
        plain.cost_vnd,
        use.unit,
        specific=float(own.value) if own else None,
        higher_is_better=bool(benchmark["higher_is_better"]),
        parts=plain.parts,
        **levels,
    )
    try:  # a ladder that does not run one way is left out and named, not a reason to score nothing
        screening.score([screening.Resource("x", 1, 1), full])
    except ScienceError as error:
        return plain, said(error)
    return full, ""


def _items(sheet: QuickSheet, answers: dict[str, str], library: dict[str, Option]):
    """The questions as items, one a resource they speak of, and which resources each option is looked at for."""
    items: list[Item] = []
    wanted: dict[str, set[str]] = defaultdict(set)
    for question in sheet.questions:
        given = answers.get(question["code"]) or Answer.UNKNOWN
        kinds = list(KINDS) if question["resource"] == ALL else [question["resource"]]
        for kind in kinds:
            if kind not in KINDS:
                continue
            linked = []
            for code in question["options"]:
                option = library.get(code)
                if option is None:
                    continue
                saves = [r for r in option.resources if r in KINDS]
                mine = [r for r in saves if r == kind] if question["resource"] == ALL else saves
                wanted[code].update(mine)
                linked += [f"{code}@{r}" for r in mine]
            items.append(
                Item(f"{question['code']}@{kind}", kind, Answer(given), question["weight"], tuple(linked))
            )
    return items, wanted


def _acted_on(option: Option, use: KindUse | None) -> tuple[str, ...]:
    """The resources of the kind that the facility has and that the option acts on, by code."""
    lines = use.lines if use is not None else []
    return tuple(
        line.thing.code
        for line in lines
        if isinstance(line.thing, Resource)
        and (line.quantity or (line.cost and line.quantity is None))
        and option.acts(line.thing.code, line.thing.kind)
    )


def _shares(option: Option) -> tuple[float, float]:
    low, high = option.saving_of_resource
    return max(0.0, min(low, 1.0)), max(0.0, min(high, 1.0))


def _advised(result: screening.Score, library: dict[str, Option], told: set[str]) -> tuple[Advised, ...]:
    return _merge([(a.option, a.vnd, a.items, a.unsure) for a in result.advice], library, told)


def _advised_without_cost(items, options, library, told) -> tuple[Advised, ...]:
    asked: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.answer not in (Answer.YES, Answer.NOT_APPLICABLE):
            for code in item.options:
                asked[code].append(item)
    found = [
        (
            o.code,
            (0.0, 0.0),
            tuple(i.code for i in asked[o.code]),
            all(i.answer is Answer.UNKNOWN for i in asked[o.code]),
        )
        for o in options
        if asked[o.code]
    ]
    known = {o.code: o for o in options}
    found.sort(key=lambda f: (f[3], -sum((known[f[0]].saving_low, known[f[0]].saving_high)), f[0]))
    return _merge(found, library, told)


def _merge(found, library: dict[str, Option], told: set[str]) -> tuple[Advised, ...]:
    """One line an option; its savings over the resources for which they can be told, added up."""
    lines: dict[str, list] = defaultdict(list)
    for line in found:
        lines[line[0].partition("@")[0]].append(line)
    return tuple(
        sorted((_one(library[name], rows, told) for name, rows in lines.items()), key=_order)[:FIRST]
    )


def _one(option: Option, rows: list, told: set[str]) -> Advised:
    known = [row for row in rows if row[0] in told]
    by_kind = {code.partition("@")[2]: vnd for code, vnd, _items, _unsure in known or rows}
    asked = (item.partition("@")[0] for _code, _vnd, items, _unsure in rows for item in items)
    return Advised(
        option,
        (sum(v[0] for v in by_kind.values()), sum(v[1] for v in by_kind.values())),
        by_kind,
        tuple(dict.fromkeys(asked)),
        all(row[3] for row in rows),
        bool(known),
    )


def _order(one: Advised):
    quick = (
        one.option.payback_years is not None
        and one.option.payback_years <= screening.Settings().quick_payback
    )
    low, high = one.option.saving_of_resource
    return one.unsure, not one.told, not quick, -sum(one.vnd), -(low + high), one.option.code
