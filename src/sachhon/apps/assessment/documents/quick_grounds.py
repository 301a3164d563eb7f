"""What the report of a quick assessment rests on: why each option is named, the method, the library's versions."""

from decimal import Decimal

from sachhon.apps.assessment.models import Assessment, QuickResult, QuickSheet
from sachhon.apps.assessment.queries.quick_shown import Shown
from sachhon.apps.assessment.queries.quick_uses import kind_name
from sachhon.documents.compose import Block, Paragraph, TableBlock
from sachhon.documents.numbers import format_number, format_percent
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words
from sachhon.reference import knowledge, source_in
from sachhon.science import screening


def why(result: Shown, lang: Lang) -> tuple[Block, ...]:
    """Why each option is among those to look at first: the answers, the condition, what to mind."""
    say = words(lang)
    said = []
    for o in result.options:
        reasons = [say("quick.why.reason", question=r.text, answer=r.answer.lower()) for r in o.reasons[:3]]
        said.append(
            say(
                "quick.why",
                rank=o.rank,
                name=o.name,
                group=o.group.lower(),
                because=say("quick.why.because", reasons="; ".join(reasons)),
                condition=say("quick.why.condition", text=o.condition) if o.condition else "",
                effects=say("quick.why.effects", text=o.effects) if o.effects else "",
            )
        )
    return tuple(Paragraph(text) for text in said or [say("quick.none")])


def sources(
    assessment: Assessment, sheet: QuickSheet, result: Shown, kept: QuickResult, lang: Lang
) -> tuple[Block, ...]:
    """The method with its settings, and the versions of the library that were used, with their sources."""
    say, default = words(lang), screening.Settings(**kept.content["settings"])
    method = say(
        "quick.method",
        practice=format_percent(Decimal(str(default.practice)) * 100, lang, 0),
        partly=format_number(Decimal(str(default.partly)), lang, 1),
    )
    if "overlap" in kept.content["settings"]:  # results signed before it was reckoned with say nothing of it
        told = say("quick.method.overlap", overlap=format_number(Decimal(str(default.overlap)), lang, 1))
        method = f"{method} {told}"
    versions = sorted({(q["checklist"], q["version"], q["source"], q["confidence"]) for q in sheet.questions})
    rows = [
        (
            say("quick.lib.checklist", name=knowledge.checklists()[name].name(lang)),
            f"v{n}",
            _source(s, c, lang),
        )
        for name, n, s, c in versions
    ]
    for kind, b in sheet.benchmarks.items():
        name = f"{kind_name(kind)}: {b[f'name_{lang}']}"
        rows.append(
            (name, f"v{b['version']}", _source(f"{b['source']} ({b['year']})", b["confidence"], lang))
        )
    rows += [
        (f"{o.code} {o.name}", f"v{o.version}", _source(o.source, "found" if o.verified else "", lang))
        for o in result.options
    ]
    columns = (
        Column(say("quick.c.what"), width=2.6),
        Column(say("quick.c.version"), width=0.8),
        Column(say("quick.c.source"), width=3),
    )
    table = Table("library", say("quick.t.library"), columns, tuple(rows))
    return (
        Paragraph(method),
        Paragraph(say("quick.code", code=f"quick:{assessment.pk}")),
        TableBlock(say("quick.t.library"), table),
    )


def _source(source: str, confidence: str, lang: Lang) -> str:
    told, doubt = source_in(source, lang), words(lang)("quick.unverified")
    return told if confidence == "found" or doubt in told else f"{told} ({doubt})"
