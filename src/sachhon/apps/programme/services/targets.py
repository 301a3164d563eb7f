"""From a published snapshot to the results of the plan's targets, each with the figure that explains it.

`compute` reads the roll-ups and writes `TargetResult` rows and `Figure`s; the statistics are those of
`sachhon.science.survey`. Savings of different states are never mixed: each state is a result of its own, and
the one with most facilities is the headline. A figure's code is `target:<target>:<province>:<year>`.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from sachhon import __version__
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.words import province_area, say
from sachhon.apps.registry.models import Figure
from sachhon.documents.numbers import format_number
from sachhon.reference import Fact, Plan, Target, fact, plan_in_force, targets
from sachhon.warehouse.publish import Warehouse
from sachhon.warehouse.rollup import Scope, target_figure, target_members
from sachhon.warehouse.rollup import Target as RollupTarget
from sachhon.warehouse.rollup.targets import TargetFigure

SUPPORTED = frozenset({"facilities", "facilities_of_size", "with_potential", "applying"})
BASES = (TargetResult.Basis.VERIFIED, TargetResult.Basis.REPORTED, TargetResult.Basis.ESTIMATED)
FIGURE_FIELDS = [
    "label_vi", "label_en", "value", "unit", "state", "low", "high", "formula", "terms", "records", "facts",
    "function", "function_version", "note_vi", "note_en", "province_code", "computed_at",
]  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """One result with its figure, before both are stored."""

    target: Target
    basis: str
    headline: bool
    found: TargetFigure | None
    members: dict[str, tuple[int, ...]]


def code_of(target_code: str, province: str, year: int, basis: str = "") -> str:
    """Code of the figure of a target; `basis` for a state of savings that is not the headline."""
    return f"target:{target_code}:{province}:{year}" + (f":{basis}" if basis else "")


def compute(warehouse: Warehouse, province: str, year: int) -> list[TargetResult]:
    """Results of all targets of the plan in force, stored; those of an older computation are replaced."""
    plan = plan_in_force(province, year)
    found = [one for target in targets(plan.code) for one in _computed(warehouse, target, province, year)]
    figures = [_figure(one, province, year) for one in found]
    with transaction.atomic():
        ids = store_figures(figures)
        results = [
            _result(one, plan, province, year, order, ids[figure.code])
            for order, (one, figure) in enumerate(zip(found, figures, strict=True))
        ]
        stale = TargetResult.objects.filter(province_code=province, year=year)
        stale.exclude(target_code__in=[t.code for t in targets(plan.code)]).delete()
        for target in targets(plan.code):
            bases = [r.basis for r in results if r.target_code == target.code]
            stale.filter(target_code=target.code).exclude(basis__in=bases).delete()
        keep = set(ids)
        for old in Figure.objects.filter(
            code__startswith="target:", code__contains=f":{province}:{year}", issued=False
        ):
            if old.code not in keep:
                old.delete()
        TargetResult.objects.bulk_create(
            results,
            update_conflicts=True,
            unique_fields=["target_code", "basis", "province_code", "year"],
            update_fields=[
                "plan_code", "headline", "order", "numerator", "denominator", "known", "undecided", "estimate",
                "in_mean", "low", "high", "share", "probability", "met", "gap_facilities", "figure",
                "members", "computed_at",
            ],
        )  # fmt: skip
    return results


def figures_of(province: str, year: int) -> list[Figure]:
    """The living figures of the targets of a province and year, in the order of the results."""
    rows = TargetResult.objects.filter(province_code=province, year=year).select_related("figure")
    return [r.figure for r in rows.order_by("order") if r.figure is not None]


def store_figures(figures: Sequence[Figure]) -> dict[str, int]:
    """Writes figures over those of an earlier computation; returns code → key. Issued ones are never touched."""
    stamp = timezone.now()
    for figure in figures:
        figure.computed_at = stamp
    Figure.objects.bulk_create(
        figures, batch_size=400, update_conflicts=True, unique_fields=["code"], update_fields=FIGURE_FIELDS
    )
    return dict(Figure.objects.filter(code__in=[f.code for f in figures]).values_list("code", "pk"))


def fact_entry(found: Fact, value: str = "") -> dict:
    """A reference fact as a figure keeps it."""
    return {
        "code": found.full_code,
        "value": value or ("" if found.value is None else str(found.value)),
        "unit": found.unit,
        "source": found.source,
        "valid_from": found.valid_from.isoformat() if found.valid_from else None,
        "confidence": found.confidence,
    }


def term(file_text: tuple[str, str], symbol: str, value, unit: str = "", figure: str | None = None) -> dict:
    """One symbol of a formula; `file_text` is its label in Vietnamese and English."""
    number = None if value is None else f"{Decimal(str(value)):f}"
    return {
        "symbol": symbol,
        "label_vi": file_text[0],
        "label_en": file_text[1],
        "value": number,
        "unit": unit,
        "figure": figure,
        "fact": None,
    }


def percent(share: float | Decimal | None) -> Decimal | None:
    """A share as percent with four digits."""
    if share is None:
        return None
    return (Decimal(str(share)) * 100).quantize(Decimal("0.0001"))


def interval(shown) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Estimate, low, high in percent; without an estimate there is no interval to show."""
    if shown is None or shown.estimate is None:
        return None, None, None
    return percent(shown.estimate), percent(shown.low), percent(shown.high)


def target_text(target: Target) -> str:
    """The value as the plan says it: "≥ 90%" or "8–13%"."""
    low, high = (format_number(v, "vi") for v in (target.value_low, target.value_high))
    sign = "≤" if target.direction == "at_most" else "≥"
    return f"{low}–{high}%" if low != high else f"{sign} {low}%"


def _computed(warehouse: Warehouse, target: Target, province: str, year: int) -> list[Computed]:
    if target.denominator_rule not in SUPPORTED:
        return [Computed(target, "", True, None, {})]
    scope = Scope(year, province_code=province)
    if target.indicator != "saving":
        wanted = _for_rollup(target)
        figure, members = target_figure(warehouse, scope, wanted), target_members(warehouse, scope, wanted)
        return [Computed(target, "", True, figure, dict(members))]
    found = {b: target_figure(warehouse, scope, _for_rollup(target, b)) for b in BASES}
    filled = [b for b in BASES if any(weight(found[b]))] or [TargetResult.Basis.REPORTED]
    first = max(filled, key=lambda b: weight(found[b]))
    ordered = [first, *(b for b in filled if b != first)]
    return [
        Computed(
            target,
            str(b),
            b == first,
            found[b],
            dict(target_members(warehouse, scope, _for_rollup(target, b))),
        )
        for b in ordered
    ]


def weight(found: TargetFigure) -> tuple[int, int]:
    """How much stands behind a figure of savings: facilities in its mean, then those whose state is known."""
    return found.in_mean or 0, found.known


def _for_rollup(target: Target, basis: str = "verified") -> RollupTarget:
    return RollupTarget(
        code=target.code,
        indicator=target.indicator,  # type: ignore[arg-type]
        denominator_rule=target.denominator_rule,  # type: ignore[arg-type]
        low=target.value_low,
        direction=target.direction,  # type: ignore[arg-type]
        sizes=target.scope_sizes,
        states=(basis,),
    )


def _result(one: Computed, plan: Plan, province: str, year: int, order: int, figure: int) -> TargetResult:
    found, is_saving = one.found, one.target.indicator == "saving"
    result = TargetResult(
        plan_code=plan.code,
        target_code=one.target.code,
        basis=one.basis,
        headline=one.headline,
        order=order,
        province_code=province,
        year=year,
        numerator=found.yes if found else 0,
        denominator=found.denominator if found else 0,
        known=found.known if found else 0,
        undecided=found.undecided if found else 0,
        met=found.verdict if found else TargetResult.Met.UNCLEAR,
        # A target that is met within its interval leaves no gap, even where some are not known.
        gap_facilities=None if found is None else 0 if found.verdict == "yes" else found.gap,
        figure_id=figure,
        members={answer: list(ids) for answer, ids in one.members.items()},
        in_mean=found.in_mean if found else None,
    )
    if found is not None:
        shown = found.mean_saving if is_saving else found.estimate
        result.estimate, result.low, result.high = interval(shown)
        result.share = percent(found.estimate.estimate)
        if found.probability is not None:
            result.probability = Decimal(str(found.probability)).quantize(Decimal("0.000001"))
    return result


def _figure(one: Computed, province: str, year: int) -> Figure:
    target, found = one.target, one.found
    basis = "" if one.headline else one.basis
    labels, notes = [], []
    for lang in ("vi", "en"):
        place = province_area(province).name if lang == "vi" else province_area(province).name_en
        words = {"target": target.name(lang), "province": place, "year": year}
        if one.basis:
            words["basis"] = say("figures", f"basis.{one.basis}", lang)
        labels.append(say("figures", "label.basis" if one.basis else "label", lang, **words)[:255])
        notes.append(_note(one, lang)[:512])
    value, low, high = (None, None, None)
    if found is not None:
        value, low, high = interval(found.mean_saving if target.indicator == "saving" else found.estimate)
    return Figure(
        code=code_of(target.code, province, year, basis),
        label_vi=labels[0],
        label_en=labels[1],
        value=value,
        unit="%",
        low=low,
        high=high,
        state=one.basis or Figure.State.DERIVED,
        formula=_formula(one, value),
        terms=_terms(one) if found else [],
        records={"count": 0, "ids": [], "query": {"province": province, "year": year}},
        facts=_facts(target, year),
        function="sachhon.science.survey." + ("ratio" if target.indicator == "saving" else "proportion"),
        function_version=__version__,
        note_vi=notes[0],
        note_en=notes[1],
        province_code=province,
    )


def _formula(one: Computed, value: Decimal | None) -> str:
    if one.found is None or value is None:
        return ""
    shown = format_number(value, "vi", 1)
    if one.target.indicator == "saving":
        return f"R = Σ ΔE / Σ E* = {shown}%"
    return f"p = x / n = {one.found.yes} / {one.found.known} = {shown}%"


def _terms(one: Computed) -> list[dict]:
    found, target = one.found, one.target
    if found is None:
        return []
    is_saving = target.indicator == "saving"
    names = ("with_result", "known", "applying") if is_saving else ("yes", "known", "denominator")
    rows = [
        ("x", names[0], found.yes, ""),
        ("n", names[1], found.known, ""),
        ("N", names[2], found.denominator, ""),
        ("N−n", "unknown", found.unknown, ""),
        ("T", "target", target.value_low, "%"),
    ]
    if is_saving:
        rows.append(("x/n", "share", percent(found.estimate.estimate), "%"))
        if found.energy_sums_toe is not None:
            saved, expected = found.energy_sums_toe
            rows += [
                ("n_E", "in_mean", found.in_mean, ""),
                ("Σ ΔE", "saved_toe", round(saved, 3), "TOE"),
                ("Σ E*", "expected_toe", round(expected, 3), "TOE"),
            ]
    else:
        if found.bounds is not None:
            rows.append(("p₋", "least", percent(found.bounds.low), "%"))
            rows.append(("p₊", "most", percent(found.bounds.high), "%"))
        rows.append(("P", "probability", percent(found.probability), "%"))
        if found.gap is not None and found.verdict != "yes":
            rows.append(("g", "gap", found.gap, ""))
    return [
        term((say("figures", f"term.{key}", "vi"), say("figures", f"term.{key}", "en")), symbol, value, unit)
        for symbol, key, value, unit in rows
    ]


def _note(one: Computed, lang: str) -> str:
    found = one.found
    if found is None:
        return say("figures", "note.unsupported", lang)
    key = "note.saving" if one.target.indicator == "saving" else "note.share"
    text = say(
        "figures", key, lang, unknown=found.unknown, in_mean=found.in_mean or 0, denominator=found.denominator
    )
    if found.undecided:
        text += " " + say("figures", "note.undecided", lang, undecided=found.undecided)
    return text


def _facts(target: Target, year: int) -> list[dict]:
    day = datetime.date(year, 12, 31)
    return [
        fact_entry(fact(f"targets.{target.code}", day), target_text(target)),
        fact_entry(fact(f"judging_rules.{target.judging_rule}", day)),
        fact_entry(fact(f"denominator_rules.{target.denominator_rule}", day)),
    ]
