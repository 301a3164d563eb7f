"""What the pages of the library show: the filtered list, an item with its versions, a trade at a glance."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from sachhon.apps.guidance import content as contents
from sachhon.apps.guidance import queries
from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.words import lang, word
from sachhon.documents.charts import benchmark_ladders, to_svg
from sachhon.reference import FactNotFound, knowledge, source_in
from sachhon.reference.knowledge import arc_cases, arc_group
from sachhon.reference.library import Benchmark, Option, Question
from sachhon.reference.text import fold


@dataclass(frozen=True)
class Wanted:
    """The filters of the list as the address has them; "" is no filter."""

    q: str = ""
    kind: str = ""
    trade: str = ""
    group: str = ""
    resource: str = ""
    state: str = ""
    sort: str = ""


SORTS = {"code": "code", "name": "search_key", "kind": "kind", "state": "state"}


def item_list(user, wanted: Wanted) -> QuerySet[LibraryItem]:
    """The items that match, found without tone marks."""
    rows = LibraryItem.objects.visible_to(user)
    for part in fold(wanted.q).split():
        rows = rows.filter(search_key__contains=part)
    if wanted.kind in Kind.values:
        rows = rows.filter(kind=wanted.kind)
    if wanted.trade in knowledge.library_trades():
        trade = knowledge.library_trades()[wanted.trade]
        rows = rows.filter(Q(system__in=[*trade.systems, *trade.utilities]) | Q(trade=trade.code))
    if wanted.group:
        rows = rows.filter(group=wanted.group)
    if wanted.resource:
        rows = rows.filter(resources__contains=f";{wanted.resource};")
    if wanted.state == "conflict":
        rows = rows.exclude(file_content=None)
    elif wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    key = SORTS.get(wanted.sort.removeprefix("-"))
    if key is None:
        return rows.order_by("kind", "order", "code")
    return rows.order_by(f"-{key}" if wanted.sort.startswith("-") else key, "order")


def the_version(user, item: LibraryItem, number: int | None) -> LibraryVersion | None:
    """The version asked for, else the one in force, else the newest; drafts only for those who keep the library."""
    rows = item.versions.select_related("written_by", "reviewed_by", "published_by", "ended_by", "item")
    if not user.may("guidance.library.edit"):
        rows = rows.filter(state__in=[State.PUBLISHED, State.REPLACED])
    if number is not None:
        return rows.filter(number=number).first()
    return rows.filter(state=State.PUBLISHED).first() or rows.order_by("-number").first()


def versions_of(user, item: LibraryItem) -> list[LibraryVersion]:
    """All versions this person may see, newest first."""
    rows = item.versions.select_related("written_by", "reviewed_by", "published_by", "ended_by")
    if not user.may("guidance.library.edit"):
        rows = rows.filter(state__in=[State.PUBLISHED, State.REPLACED])
    return list(rows.order_by("-number"))


def option_page(version: LibraryVersion) -> dict:
    """An option in words, with its place in the American programme and the questions that point to it."""
    option = contents.option_of(version.content, version.number)
    low, high = option.saving_of_resource
    return {
        "option": option,
        "site_low": Decimal(str(100 * low)),
        "site_high": Decimal(str(100 * high)),
        "group": word("group", option.group),
        "system": word("system", option.system),
        "resources": ", ".join(word("resources", r) for r in option.resources),
        "materials": ", ".join(word("materials", r) for r in option.materials),
        "source": source_in(option.source, lang()),
        "confidence": word("confidence", option.confidence),
        "investment": word("investment_class", option.investment_class),
        "arc": _arc(option.arc_code),
        "cases": [
            {
                "name": c.name(lang()), "plant": c.extra["plant"], "saving": int(c.extra["saving_usd"]),
                "cost": int(c.extra["cost_usd"]), "payback": Decimal(c.extra["payback_years"]),
                "done": c.extra["implemented"] == "1", "source": source_in(c.source, lang()),
            }
            for c in arc_cases(option.arc_code)
            if option.arc_code
        ],
        "asked": _questions_pointing_to(option.code),
        "other_lang": "vi" if lang() == "en" else "en",
    }  # fmt: skip


def checklist_sections(questions: tuple[Question, ...] | list[Question]) -> list[dict]:
    """The questions by place, in the order of the walk, numbered through."""
    sections: dict[str, dict] = {}
    for number, question in enumerate(questions, 1):
        name = question.section_name(lang())
        section = sections.setdefault(name, {"name": name, "rows": []})
        section["rows"].append(
            {
                "number": number, "question": question, "text": question.text(lang()),
                "no": question.no_means(lang()), "help": question.help(lang()),
                "resource": word("resource", question.resource), "group": word("group", question.group),
                "sizes": ", ".join(word("sizes", s) for s in question.sizes),
            }
        )  # fmt: skip
    return list(sections.values())


def benchmark_rows(rows: tuple[Benchmark, ...] | list[Benchmark]) -> list[dict]:
    """Benchmarks in words."""
    return [
        {
            "bench": row, "process": row.process(lang()), "indicator": row.indicator(lang()),
            "unit": row.unit(lang()), "note": row.note(lang()), "source": source_in(row.source, lang()),
            "confidence": word("confidence", row.confidence),
        }
        for row in rows
    ]  # fmt: skip


def charts(rows: tuple[Benchmark, ...] | list[Benchmark]) -> list[dict]:
    """At most two small charts: energy, and the rest."""
    energy = tuple(r for r in rows if r.resource in ("electricity", "fuel", "energy"))
    rest = tuple(r for r in rows if r.resource not in ("electricity", "fuel", "energy"))
    found = (
        _chart("bench-energy", _("Energy: from poor to best"), energy, lang()),
        _chart("bench-rest", _("Water and materials: from poor to best"), rest, lang()),
    )
    return [chart for chart in found if chart is not None]


def used_by(version: LibraryVersion) -> list[Option]:
    """The published options that a checklist's questions point to, in the order they are first named."""
    codes = dict.fromkeys(code for q in version.content["questions"] for code in q["options"])
    found = {code: queries.option(code) for code in codes}
    return [option for option in found.values() if option is not None]


@lru_cache(maxsize=128)
def _chart(code: str, title: str, rows: tuple[Benchmark, ...], language: str) -> dict | None:
    """Drawn once for the same rows: a drawing takes longer than all the rest of the page."""
    chart = benchmark_ladders(code, title, rows, language)
    if chart is None:
        return None
    svg = mark_safe(to_svg(chart, look="page"))  # noqa: S308 - vl-convert escapes texts
    return {"svg": svg, "title": title, "alt": chart.description}


def _arc(code: str) -> dict | None:
    if not code:
        return None
    try:
        heading = arc_group(code)
    except FactNotFound:
        return {"code": code, "name": "", "group": ""}
    return {"code": code, "name": heading.name(lang()), "group": word("group", heading.extra["group"])}


def _questions_pointing_to(code: str) -> list[dict]:
    rows = LibraryVersion.objects.filter(item__kind=Kind.CHECKLIST, state=State.PUBLISHED).select_related(
        "item"
    )
    return [
        {"item": version.item, "text": q[f"text_{lang()}"], "code": q["code"]}
        for version in rows
        for q in version.content["questions"]
        if code in q["options"]
    ]
