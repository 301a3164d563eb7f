"""The national targets by sector (less raw material and fuel), for the facilities of those sectors in a province.

Beside the province's own plan: its targets count all facilities, these count those of a sector the country's plan
names, found by their VSIC code. Each sector has a result and a figure for the state of savings known of most
facilities; `sector:<target>:<sector>:<province>:<year>` is the figure's code.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from sachhon import __version__
from sachhon.apps.programme.models import SectorResult, TargetResult
from sachhon.apps.programme.services.targets import (
    BASES,
    fact_entry,
    interval,
    percent,
    store_figures,
    target_text,
    term,
    weight,
)
from sachhon.apps.programme.words import province_area, say
from sachhon.apps.registry.models import Figure
from sachhon.documents.numbers import format_number
from sachhon.reference import (
    FactNotFound,
    Plan,
    Target,
    TargetSector,
    fact,
    plan_in_force,
    resources,
    sector_target,
    target_sectors,
)
from sachhon.warehouse.publish import Warehouse
from sachhon.warehouse.rollup import Scope, target_figure
from sachhon.warehouse.rollup import Target as RollupTarget
from sachhon.warehouse.rollup.targets import TargetFigure, figure_of_nobody, sector_codes

KINDS = ("raw_material", "fuel", "material")  # what the plan speaks of: nguyên, nhiên, vật liệu


@dataclass(frozen=True)
class _Computed:
    target: Target
    sector: TargetSector
    basis: str
    found: TargetFigure


def national(year: int) -> tuple[Plan, Target, tuple[TargetSector, ...]] | None:
    """The country's plan of a year, its target on the way, and the sectors it names; None where it has none."""
    try:
        plan = plan_in_force("", year)
    except FactNotFound:
        return None
    target, sectors = sector_target(plan.code, year), target_sectors(plan.code)
    return (plan, target, sectors) if target and sectors else None


def code_of(target: str, sector: str, province: str, year: int) -> str:
    """Code of the figure of one sector."""
    return f"sector:{target}:{sector}:{province}:{year}"


def compute(warehouse: Warehouse, province: str, year: int) -> list[SectorResult]:
    """The results of every sector, stored in place of those of an older computation."""
    known = national(year)
    scope = Scope(year, province_code=province)
    found = [] if known is None else _found(warehouse, known[1], known[2], scope)
    figures = [_figure(one, province, year) for one in found]
    with transaction.atomic():
        ids = store_figures(figures)
        SectorResult.objects.filter(province_code=province, year=year).delete()
        Figure.objects.filter(
            code__startswith="sector:", code__endswith=f":{province}:{year}", issued=False
        ).exclude(code__in=ids).delete()
        results = [
            _result(one, known[0].code, order, province, year, ids[figure.code])
            for order, (one, figure) in enumerate(zip(found, figures, strict=True))
            if known is not None
        ]
        SectorResult.objects.bulk_create(results)
    return results


def figures_of(province: str, year: int) -> list[Figure]:
    """The living figures of the sectors that have facilities in the province, in the order of the results."""
    rows = SectorResult.objects.filter(province_code=province, year=year).select_related("figure")
    return [r.figure for r in rows.order_by("order") if r.denominator and r.figure is not None]


def _found(
    warehouse: Warehouse, target: Target, sectors: Sequence[TargetSector], scope: Scope
) -> list[_Computed]:
    """Each sector at the basis that most of its facilities have. A province has few of them: the rest is not asked."""
    there = sector_codes(warehouse, scope)
    codes = tuple(resource.code for resource in resources() if resource.kind in KINDS)
    computed = []
    for sector in sectors:
        asked = RollupTarget(
            code=f"{target.code}.{sector.code}",
            indicator="saving",
            denominator_rule="sector",
            low=target.value_low,
            sectors=sector.vsic,
            resources=codes,
        )
        if not any(code.startswith(sector.vsic) for code in there):
            computed.append(_Computed(target, sector, TargetResult.Basis.REPORTED, figure_of_nobody(asked)))
            continue
        by_basis = {
            str(basis): target_figure(warehouse, scope, replace(asked, states=(basis,))) for basis in BASES
        }
        basis = max(by_basis, key=lambda each: (*weight(by_basis[each]), each == TargetResult.Basis.REPORTED))
        computed.append(_Computed(target, sector, basis, by_basis[basis]))
    return computed


def _result(one: _Computed, plan: str, order: int, province: str, year: int, figure: int) -> SectorResult:
    found = one.found
    result = SectorResult(
        plan_code=plan,
        target_code=one.target.code,
        sector=one.sector.code,
        basis=one.basis,
        order=order,
        province_code=province,
        year=year,
        numerator=found.yes,
        denominator=found.denominator,
        known=found.known,
        met=found.verdict,
        figure_id=figure,
    )
    result.estimate, result.low, result.high = interval(found.mean_saving)
    return result


def _figure(one: _Computed, province: str, year: int) -> Figure:
    target, found = one.target, one.found
    labels = [
        say(
            "figures", "label.sector", lang, target=target.name(lang), sector=one.sector.name(lang),
            basis=say("figures", f"basis.{one.basis}", lang), year=year,
            province=province_area(province).name if lang == "vi" else province_area(province).name_en,
        )[:255]
        for lang in ("vi", "en")
    ]  # fmt: skip
    value, low, high = interval(found.mean_saving)
    return Figure(
        code=code_of(target.code, one.sector.code, province, year),
        label_vi=labels[0],
        label_en=labels[1],
        value=value,
        unit="%",
        low=low,
        high=high,
        state=one.basis,
        formula="" if value is None else f"R = Σ ΔE / Σ E* = {format_number(value, 'vi', 1)}%",
        terms=_terms(one),
        records={"count": 0, "ids": [], "query": {"province": province, "year": year}},
        facts=_facts(one, year),
        function="sachhon.science.survey.ratio",
        function_version=__version__,
        note_vi=say(
            "figures", "note.sector", "vi", in_mean=found.in_mean or 0, denominator=found.denominator
        )[:512],
        note_en=say(
            "figures", "note.sector", "en", in_mean=found.in_mean or 0, denominator=found.denominator
        )[:512],
        province_code=province,
    )


def _terms(one: _Computed) -> list[dict]:
    found = one.found
    rows = [
        ("x", "sector_with_result", found.yes, ""),
        ("n", "known", found.known, ""),
        ("N", "sector_facilities", found.denominator, ""),
        ("N−n", "unknown", found.unknown, ""),
        ("T", "target", one.target.value_low, "%"),
    ]
    if found.known:
        rows.append(("x/n", "share", percent(found.estimate.estimate), "%"))
    if found.energy_sums_toe is not None and found.energy_sums_toe[1]:
        saved, expected = found.energy_sums_toe
        rows += [
            ("n_E", "in_mean", found.in_mean, ""),
            ("Σ ΔE", "sector_saved_toe", round(saved, 3), "TOE"),
            ("Σ E*", "expected_toe", round(expected, 3), "TOE"),
        ]
    return [
        term((say("figures", f"term.{key}", "vi"), say("figures", f"term.{key}", "en")), symbol, value, unit)
        for symbol, key, value, unit in rows
    ]


def _facts(one: _Computed, year: int) -> list[dict]:
    day = datetime.date(year, 12, 31)
    return [
        fact_entry(fact(f"targets.{one.target.code}", day), target_text(one.target)),
        fact_entry(fact(f"target_sectors.{one.sector.code}", day), ", ".join(one.sector.vsic)),
        fact_entry(fact(f"judging_rules.{one.target.judging_rule}", day)),
        fact_entry(fact(f"denominator_rules.{one.target.denominator_rule}", day)),
    ]
