"""The figures of a quick assessment with what each was computed from: the answer to "Số này từ đâu?".

Codes: ``quick:12:specific:fuel``, ``quick:12:cost:fuel``, ``quick:12:potential:fuel``, ``quick:12:saving:BLR-01`` and
``quick:12:score``, by the number of the assessment. Words come from data/quick_figures.csv.
"""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from sachhon import __version__
from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries.quick_compared import ALL_ENERGY, Compared, of_kind
from sachhon.apps.assessment.queries.quick_figures import Figures, KindUse, factor, specific
from sachhon.apps.assessment.quick_codes import code
from sachhon.apps.assessment.services.quick_score import Outcome
from sachhon.apps.guidance.content import benchmark_scope
from sachhon.apps.registry.models import Figure
from sachhon.documents.numbers import format_number
from sachhon.reference.facts import Fact

FILE = Path(__file__).resolve().parent.parent / "data" / "quick_figures.csv"
IDS_KEPT = 300
LANGS = ("vi", "en")


def write(assessment: Assessment, found: Figures, out: Outcome, content: dict) -> None:
    """Keeps all figures of the result; those of an earlier one that no longer hold are taken away."""
    rows = []
    for use in found.uses.values():
        rows += _of_kind(assessment, use, found, content)
    energy = of_kind(found, ALL_ENERGY, content["energy"]["benchmark"]) if content["energy"] else None
    if energy is not None:
        rows.append(_against(assessment, ALL_ENERGY, energy, content["energy"]["benchmark"]))
    costs = {kind: use.cost for kind, use in found.uses.items()}
    rows += [_saving(assessment, one, costs) for one in content["options"] if any(one["vnd"])]
    if out.score is not None:
        rows.append(_score(assessment, content))
    before = Figure.objects.filter(code__startswith=f"quick:{assessment.pk}:")
    before.exclude(code__in=[row.code for row in rows]).delete()
    for row in rows:
        values = {
            f.name: getattr(row, f.name) for f in Figure._meta.concrete_fields if f.name not in ("id", "code")
        }
        Figure.objects.update_or_create(code=row.code, defaults=values)


def _of_kind(assessment: Assessment, use: KindUse, found: Figures, content: dict) -> list[Figure]:
    told = next(u for u in content["uses"] if u["kind"] == use.kind)
    rows = []
    records = [i for line in use.lines for i in line.record_ids]
    if use.cost is not None:
        terms = [
            _term(f"C{n}", line.thing.name_vi, line.thing.name_en, line.cost, "VND")
            for n, line in enumerate(use.lines, 1)
            if line.cost is not None
        ]
        formula = f"C = {' + '.join(t['symbol'] for t in terms)} = {_short(use.cost)} VND"
        note = "cost_reference" if use.cost_is_reference else ""
        facts = [_fact(line.price_fact) for line in use.lines if line.price_fact is not None]
        rows.append(
            _figure(
                assessment,
                "cost",
                use.kind,
                Decimal(use.cost),
                "VND",
                formula,
                terms,
                records,
                facts,
                note=note,
            )
        )
    against = of_kind(found, use.kind, told["benchmark"])
    if against is not None:
        rows.append(_against(assessment, use.kind, against, told["benchmark"]))
    elif value := specific(use, found):
        unit = told["specific_unit"]
        terms = [
            _word_term("E", "term.use", use.kind, value[1], use.unit),
            _word_term("Q", "term.output", use.kind, value[2], found.product_unit),
        ]
        facts = [_fact(x.factor) for x in use.lines if x.factor is not None and use.unit == "GJ"]
        made = [i for line in found.outputs for i in line.record_ids]
        typed = any(line.typed for line in (*use.lines, *found.outputs))
        rows.append(
            _specific(assessment, use.kind, value, unit, terms, [*records, *made], facts, typed=typed)
        )
    if told["potential"]:
        potential = told["potential"]
        low, high = (Decimal(repr(x)) * 100 for x in potential["share"])
        terms = [
            _word_term("C", "term.cost", use.kind, use.cost, "VND")
            | {"figure": code(assessment, "cost", use.kind) if use.cost is not None else None},
            _word_term("a", "term.share_low", use.kind, low, "%"),
            _word_term("b", "term.share_high", use.kind, high, "%"),
        ]
        formula = f"C·a … C·b = {_short(potential['vnd'][0])} … {_short(potential['vnd'][1])} VND"
        middle = Decimal(sum(potential["vnd"])) / 2
        rows.append(
            _figure(
                assessment,
                "potential",
                use.kind,
                middle,
                "VND",
                formula,
                terms,
                records,
                [],
                function="sachhon.science.screening.score",
                note=f"basis.{potential['basis']}",
                state=Figure.State.ESTIMATED,
            )
        )
    return rows


def _against(assessment: Assessment, kind: str, told: Compared, benchmark: dict) -> Figure:
    """The specific consumption in the benchmark's terms, with its levels among the terms."""
    below = "term.raw_material" if benchmark_scope(benchmark)["per"] == "raw_material" else "term.output"
    terms = [
        _word_term("E", "term.use", kind, told.use, told.use_unit),
        _word_term("Q", below, kind, told.per, told.per_unit),
        *(
            _word_term(level[0].upper(), f"term.{level}", kind, benchmark[level], benchmark["unit_code"])
            for level in ("poor", "average", "good", "best")
            if benchmark.get(level)
        ),
    ]
    burnt = [x.factor for x in told.lines if x.factor is not None and factor("GJ", told.use_unit) is not None]
    ids = [i for line in (*told.lines, *told.per_lines) for i in line.record_ids]
    value = told.value, told.use, told.per
    unit, facts = benchmark["unit_code"], [*(_fact(one) for one in burnt), _library(benchmark)]
    return _specific(assessment, kind, value, unit, terms, ids, facts, typed=told.typed)


def _specific(assessment, kind: str, value, unit: str, terms, ids, facts, *, typed: bool) -> Figure:
    formula = f"E ÷ Q = {_short(value[1])} ÷ {_short(value[2])} = {_short(value[0])}"
    note = "typed" if typed else ""
    return _figure(assessment, "specific", kind, value[0], unit, formula, terms, ids, facts, note=note)


def _saving(assessment: Assessment, one: dict, costs: dict[str, int | None]) -> Figure:
    low, high = one["share"]
    terms = [
        _word_term("a", "term.share_low", one["kinds"][0], Decimal(repr(low)) * 100, "%"),
        _word_term("b", "term.share_high", one["kinds"][0], Decimal(repr(high)) * 100, "%"),
        *(
            _word_term(f"C{n}", "term.cost", kind, costs.get(kind), "VND")
            | {"figure": code(assessment, "cost", kind)}
            for n, kind in enumerate(one["kinds"], 1)
        ),
    ]
    formula = f"Σ min(C·g·a, P₁) … Σ min(C·g·b, P₂) = {_short(one['vnd'][0])} … {_short(one['vnd'][1])} VND"
    middle = Decimal(sum(one["vnd"])) / 2
    row = _figure(
        assessment,
        "saving",
        one["code"],
        middle,
        "VND",
        formula,
        terms,
        [],
        [_library(one)],
        function="sachhon.science.screening.score",
        note="saving",
        state=Figure.State.ESTIMATED,
    )
    row.label_vi, row.label_en = (
        f"{_words()['saving'][lang]}: {one[f'name_{lang}']}"[:255] for lang in LANGS
    )
    return row


def _score(assessment: Assessment, content: dict) -> Figure:
    """The points add up to it; each of the heaviest stands as a term, the rest as one."""
    points = sorted(content["points"], key=lambda p: -(p["low"] + p["high"]))
    terms = []
    for n, point in enumerate(points[:12], 1):
        named = f"{point['source']} · {point['kind']}"
        terms.append(_term(f"p{n}", named, named, Decimal(repr((point["low"] + point["high"]) / 2)), ""))
    rest = points[12:]
    if rest:
        middle = sum((Decimal(repr((p["low"] + p["high"]) / 2)) for p in rest), Decimal(0))
        named = {lang: _words()["term.rest"][lang].replace("{n}", str(len(rest))) for lang in LANGS}
        terms.append(_term("p…", named["vi"], named["en"], middle, ""))
    score = content["score"]
    formula = f"Σ p = {_short(score['low'])} … {_short(score['high'])}"
    return _figure(
        assessment,
        "score",
        "",
        Decimal(repr(score["value"])),
        "",
        formula,
        terms,
        [],
        [],
        function="sachhon.science.screening.score",
        note="score",
    )


def _figure(
    assessment,
    what,
    of,
    value,
    unit,
    formula,
    terms,
    ids,
    facts,
    *,
    function="sachhon.apps.assessment.queries.quick_figures.specific",
    note="",
    state=Figure.State.DERIVED,
) -> Figure:
    facility = assessment.facility
    labels = {
        lang: _words()[what][lang].replace("{kind}", _words().get(f"kind.{of}", {}).get(lang, of))
        for lang in LANGS
    }
    return Figure(
        code=code(assessment, what, of),
        label_vi=labels["vi"][:255],
        label_en=labels["en"][:255],
        value=Decimal(value).quantize(Decimal("0.000000001")),
        unit=unit,
        state=state,
        formula=formula[:512],
        terms=terms,
        records={"count": len(ids), "ids": ids[:IDS_KEPT], "query": {"facility": facility.code}},
        facts=facts,
        function=function,
        function_version=__version__,
        note_vi=_words()[f"note.{note}"]["vi"] if note else "",
        note_en=_words()[f"note.{note}"]["en"] if note else "",
        province_code=facility.province_code,
        facility=facility,
    )


def _word_term(symbol: str, key: str, kind: str, value, unit: str) -> dict:
    named = {lang: _words()[key][lang].replace("{kind}", _words()[f"kind.{kind}"][lang]) for lang in LANGS}
    return _term(symbol, named["vi"], named["en"], value, unit)


def _term(symbol: str, vi: str, en: str, value, unit: str) -> dict:
    number = None if value is None else f"{Decimal(f'{Decimal(str(value)):.9g}'):f}"
    return {
        "symbol": symbol,
        "label_vi": vi,
        "label_en": en or vi,
        "value": number,
        "unit": unit,
        "figure": None,
        "fact": None,
    }


def _fact(fact: Fact) -> dict:
    return {
        "code": fact.full_code,
        "value": str(fact.value),
        "unit": fact.unit,
        "source": fact.source,
        "valid_from": fact.valid_from.isoformat() if fact.valid_from else None,
        "confidence": fact.confidence,
    }


def _library(pinned: dict) -> dict:
    """An entry of the library as it was pinned, with its version."""
    return {
        "code": f"{pinned['code']} (v{pinned['version']}) {pinned['name_vi']}",
        "value": None,
        "unit": "",
        "source": pinned["source"],
        "valid_from": None,
        "confidence": pinned["confidence"],
    }


def _short(value) -> str:
    return format_number(Decimal(f"{Decimal(str(value)):.5g}"), "vi")


@cache
def _words() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
