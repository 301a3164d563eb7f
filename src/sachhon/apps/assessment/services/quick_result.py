"""The result of a quick assessment: computed when something that it rests on has changed, and kept.

It is a cache of what follows from answers, figures and library, so that reading it may bring it up to date; of a
signed assessment it stays as it was signed. Every number of it is a figure that opens to its lineage
(quick_lineage.py).
"""

import dataclasses
import hashlib
import json
from decimal import Decimal

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, AssessmentState, QuickResult, QuickSheet
from sachhon.apps.assessment.queries.quick_bricks import counted, wants_standard
from sachhon.apps.assessment.queries.quick_compared import ALL_ENERGY, of_kind
from sachhon.apps.assessment.queries.quick_figures import KINDS, Figures, figures, specific
from sachhon.apps.assessment.services import quick_lineage
from sachhon.apps.assessment.services.quick_score import LEVELS, Advised, Outcome, outcome
from sachhon.science import screening

VERSION = 4  # of the rules that judge and of what stands in `content`


@transaction.atomic
def current(assessment: Assessment, sheet: QuickSheet) -> QuickResult:
    """The result as it stands, computed anew if something under it changed and it is not signed yet."""
    stored = QuickResult.objects.filter(sheet=sheet).first()
    if stored is not None and assessment.state == AssessmentState.SIGNED:
        return stored
    found = figures(sheet)
    content = _content(sheet, found, out := outcome(sheet, found))
    fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    if stored is not None and stored.fingerprint == fingerprint:
        return stored
    stored, _created = QuickResult.objects.update_or_create(
        sheet=sheet, defaults={"fingerprint": fingerprint, "content": content}
    )
    quick_lineage.write(assessment, found, out, content)
    return stored


def judged_by_older(kept: QuickResult) -> int | None:
    """The version of the rules that judged a signed result, where it is not today's: opened again it is judged anew."""
    version = kept.content.get("version", 1)
    return version if version < VERSION else None


def _content(sheet: QuickSheet, found: Figures, out: Outcome) -> dict:
    """All of the result as plain data; numbers as text keep their digits."""
    answered = sheet.answers.exclude(answer="").count()
    return {
        "version": VERSION,
        "answered": answered,
        "asked": len(sheet.questions),
        "output": {
            "quantity": _text(found.output),
            "unit": found.product_unit,
            "products": [
                {
                    "name": line.thing.name,
                    "unit": line.thing.unit,
                    "quantity": _text(line.quantity),
                    "typed": line.typed is not None,
                }
                for line in found.outputs
            ],
        },
        "bricks": _bricks(found, sheet),
        "missing": {name: [f"{m:02d}/{y}" for y, m in gone] for name, gone in found.missing.items()},
        "why_not": out.why_not,
        "uses": [_use(kind, found, out, sheet) for kind in KINDS if kind in found.uses],
        "energy": _energy(found, sheet),
        "score": _score(out),
        "points": [] if out.score is None else _points(out.score),
        "questions": []
        if out.score is None
        else [
            {"question": q.source.partition("@")[0], "kind": q.resource, "narrows": round(q.narrows, 3)}
            for q in out.score.questions[:10]
        ],
        "options": [_option(a) for a in out.advised],
        "settings": dataclasses.asdict(screening.Settings()),
    }


def _bricks(found: Figures, sheet: QuickSheet) -> list[dict]:
    """What each product counted as in standard bricks, where a benchmark is per standard brick."""
    products = [line.thing for line in found.outputs if line.quantity]
    if not any(wants_standard(b["unit_code"], products) for b in sheet.benchmarks.values() if b):
        return []
    return [{"name": c.product.name, "value": _text(c.value), "known": c.known} for c in counted(products)]


def _use(kind: str, found: Figures, out: Outcome, sheet: QuickSheet) -> dict:
    use = found.uses[kind]
    benchmark = sheet.benchmarks.get(kind)
    own = specific(use, found)
    told = of_kind(found, kind, benchmark)
    potential = next((p for p in out.score.potentials if p.resource == kind), None) if out.score else None
    levels = {level: benchmark.get(level) for level in LEVELS} if benchmark else {}
    return {
        "kind": kind,
        "unit": use.unit,
        "quantity": _text(use.quantity),
        "cost": use.cost,
        "cost_is_reference": use.cost_is_reference,
        "resources": [
            {
                "name_vi": line.thing.name_vi,
                "name_en": line.thing.name_en or line.thing.name_vi,
                "unit": line.thing.unit,
                "quantity": _text(line.quantity),
                "cost": line.cost,
                "typed": line.typed is not None,
            }
            for line in use.lines
        ],
        "specific": _text(own[0]) if own else None,
        "specific_unit": f"{use.unit}/{found.product_unit}" if found.product_unit else "",
        "benchmark": benchmark,
        "compared": _text(told.value) if told else None,
        "level": _level(told.value, levels, benchmark["higher_is_better"]) if told and benchmark else "",
        "wrong_benchmark": out.dropped_benchmarks.get(kind, ""),
        "potential": None
        if potential is None or potential.basis == "none"
        else {
            "share": [round(x, 6) for x in potential.share],
            "quantity": [_text(Decimal(repr(x))) for x in potential.quantity] if use.quantity else None,
            "vnd": [round(x) for x in potential.vnd],
            "priority": potential.priority,
            "basis": potential.basis,
        },
        "cost_share": round(potential.cost_share, 6) if potential else None,
    }


def _energy(found: Figures, sheet: QuickSheet) -> dict | None:
    """All energy together against its benchmark; None where none is chosen.

    Which of its carriers could be saved it does not tell: so it gives no points and no money of its own.
    """
    benchmark = sheet.benchmarks.get(ALL_ENERGY)
    if not benchmark:
        return None
    told = of_kind(found, ALL_ENERGY, benchmark)
    levels = {level: benchmark.get(level) for level in LEVELS}
    named = [line.thing for line in told.lines] if told else []
    return {
        "benchmark": benchmark,
        "compared": _text(told.value) if told else None,
        "level": _level(told.value, levels, benchmark["higher_is_better"]) if told else "",
        "carriers_vi": [thing.name_vi for thing in named],
        "carriers_en": [thing.name_en or thing.name_vi for thing in named],
    }


def _level(value: Decimal, levels: dict, higher_is_better: bool) -> str:
    """The best of the known levels that the figure reaches; "beyond" where it reaches none.

    Where the level next above is not known it may be that too: "best:poor" lies between the two.
    """
    sign = -1 if higher_is_better else 1
    order = tuple(reversed(LEVELS))
    known = [(level, Decimal(levels[level])) for level in order if levels.get(level)]
    for n, (level, figure) in enumerate(known):
        if sign * value <= sign * figure:
            above = known[n - 1][0] if n else level
            beside = order.index(level) - order.index(above) <= 1
            return level if beside or value == figure else f"{above}:{level}"
    return "beyond" if known else ""


def _score(out: Outcome) -> dict | None:
    if out.score is None:
        return None
    return {
        "low": round(out.score.low, 3),
        "high": round(out.score.high, 3),
        "value": round(out.score.value, 3),
    }


def _points(score: screening.Score) -> list[dict]:
    return [
        {
            "kind": p.resource,
            "source": p.source.partition("@")[0],
            "low": round(p.low, 4),
            "high": round(p.high, 4),
        }
        for p in score.points
        if p.high > 0
    ]


def _option(one: Advised) -> dict:
    option = one.option
    low, high = option.saving_of_resource
    return {
        "code": option.code,
        "version": option.version,
        "name_vi": option.name_vi,
        "name_en": option.name_en,
        "group": option.group,
        "kinds": list(one.by_kind),
        "vnd": [round(x) for x in one.vnd],
        "by_kind": {kind: [round(x) for x in vnd] for kind, vnd in one.by_kind.items()},
        "share": [round(low, 6), round(high, 6)],
        "payback": [_text(option.payback_low_years), _text(option.payback_high_years)],
        "investment_class": option.investment_class,
        "condition_vi": option.condition_vi,
        "condition_en": option.condition_en,
        "effects_vi": option.effects_vi,
        "effects_en": option.effects_en,
        "questions": list(one.questions),
        "unsure": one.unsure,
        "told": one.told,
        "base_vi": option.base_vi,
        "base_en": option.base_en,
        "of_base": [_text(option.low), _text(option.high)],
        "base_share": [_text(option.share_low), _text(option.share_high)],
        "source": option.source,
        "confidence": option.confidence,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{Decimal(f'{value:.9g}'):f}"
