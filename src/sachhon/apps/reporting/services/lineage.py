"""The figures of a report with everything they were computed from: the answer to "Số này từ đâu?".

Codes: ``saving:LS-0001:2026:electricity``, ``intensity:LS-0001:2026:electricity``, ``toe:LS-0001:2026`` and
``co2:LS-0001:2026``. Words come from data/figures.csv in Vietnamese and English.
"""

from collections.abc import Iterable

from django.utils import timezone

from sachhon import __version__
from sachhon.apps.registry.models import Figure, Resource
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services.factors import reference_factors
from sachhon.apps.reporting.services.figure_parts import (
    fact_row,
    nine,
    record_rows,
    resource_name,
    term,
    text,
    unit_text,
)
from sachhon.apps.reporting.services.months import Amount, FacilityMonths, Mix
from sachhon.documents.numbers import format_difference, format_term
from sachhon.reference.facts import Fact
from sachhon.science.energy import EnergyUse
from sachhon.science.energy import totals as energy_totals
from sachhon.science.intensity import specific_consumption

KINDS = ("saving", "intensity", "toe", "co2")


def saving_code(report: AnnualReport, resource: Resource) -> str:
    """Code of the saving of one resource in a report's year."""
    return f"saving:{report.facility.code}:{report.year}:{resource.code}"


def intensity_code(report: AnnualReport, resource: Resource) -> str:
    """Code of the specific consumption of one resource in a report's year."""
    return f"intensity:{report.facility.code}:{report.year}:{resource.code}"


def total_code(kind: str, report: AnnualReport) -> str:
    """Code of the year's total of TOE or CO₂."""
    return f"{kind}:{report.facility.code}:{report.year}"


def owner(code: str) -> tuple[str, int] | None:
    """(facility code, year) of a figure of this room, None of another's."""
    parts = code.split(":")
    if parts[0] in KINDS and len(parts) >= 3 and parts[2].isdigit():
        return parts[1], int(parts[2])
    return None


def saving(c) -> Figure:
    """The figure of one computed saving (`savings.Computed`)."""
    report, result, unit = c.report, c.result, c.resource.unit
    words = {"year": report.year, "base": c.baseline_year, "resource": c.resource}
    names = {pk: (product.name, product.unit) for pk, product in c.products.items()}
    terms = [term("E0", "term.base_consumption", words, c.base.quantity, unit)]
    for product, amount in c.made_base.items():
        name, product_unit = names[product]
        terms.append(
            term("q0", "term.base_output", {**words, "product": name}, amount.quantity, product_unit)
        )
    for product, amount in c.made_now.items():
        name, product_unit = names[product]
        terms.append(term("q1", "term.output", {**words, "product": name}, amount.quantity, product_unit))
        reference = result.reference_intensities.get(str(product))
        if reference is not None:
            named = {**words, "product": name}
            terms.append(term("e0", "term.reference", named, reference, f"{unit}/{product_unit}"))
    terms += [
        term("E*", "term.expected", words, result.expected, unit),
        term("E1", "term.actual", words, result.actual, unit)
        | {"figure": intensity_code(report, c.resource)},
        term("s", "term.relative", words, result.relative * 100, "%"),
        term("c", "term.coverage", words, result.coverage * 100, "%"),
    ]
    terms += _worth(c, words)
    low, high = (
        result.saving - 1.96 * result.saving_uncertainty,
        result.saving + 1.96 * result.saving_uncertainty,
    )
    note = {}
    for lang in ("vi", "en"):
        parts = []
        if len(c.made_base) > 1 or len(c.made_now) > 1:
            parts.append(text("note.mix", lang, method=text(f"method.{result.method}", lang)))
        if result.excluded:
            left_out = ", ".join(names[int(p)][0] for p in result.excluded)
            parts.append(text("note.excluded", lang, products=left_out))
        note[lang] = " ".join(parts)
    formula = (
        f"E* − E₁ = {format_difference(result.expected, result.actual)} "
        f"{unit_text(unit)}; s = 1 − E₁/E* = {format_term(result.relative * 100)}%"
    )
    ids = [
        *c.base.ids,
        *c.now.ids,
        *(i for a in (*c.made_base.values(), *c.made_now.values()) for i in a.ids),
    ]
    return _figure(
        saving_code(report, c.resource),
        "saving",
        words,
        report,
        value=result.saving,
        unit=unit,
        low=low,
        high=high,
        state=Figure.State.REPORTED,
        formula=formula,
        terms=terms,
        records=record_rows(ids, report, [c.baseline_year, report.year], c.resource),
        facts=c.factors.facts,
        function="sachhon.science.intensity.saving_per_unit",
        note=note,
    )


def intensity(
    report: AnnualReport, resource: Resource, place: FacilityMonths, mix: Mix | None
) -> list[Figure]:
    """The specific consumption of one resource in the report's year; none where it cannot be said."""
    months = place.shared_months(resource.pk, report.year)
    if mix is None or not months:
        return []
    consumed, made = place.consumed(resource.pk, months), place.made(months)
    output = mix.output(made)
    value = specific_consumption(consumed.quantity, output)
    if value is None:
        return []
    words = {"year": report.year, "resource": resource}
    unit = f"{resource.unit}/{mix.unit}"
    doubt = sum(mix.weights.get(p, 1.0) * a.doubt for p, a in made.items()) / output
    half = 1.96 * value * (consumed.relative**2 + doubt**2) ** 0.5
    ids = [*consumed.ids, *(i for amount in made.values() for i in amount.ids)]
    return [
        _figure(
            intensity_code(report, resource),
            "intensity",
            words,
            report,
            value=value,
            unit=unit,
            low=max(value - half, 0),
            high=value + half,
            state=Figure.State.REPORTED,
            formula=f"e = E/q = {format_term(consumed.quantity)} / {format_term(output)} "
            f"= {format_term(value)} {unit_text(unit)}",
            terms=[
                term("E", "term.actual", words, consumed.quantity, resource.unit),
                term("q", "term.weighted_output", words, output, mix.unit),
            ],
            records=record_rows(ids, report, [report.year], resource),
            function="sachhon.science.intensity.specific_consumption",
        )
    ]


def totals(report: AnnualReport, place: FacilityMonths, resources: dict[int, Resource]) -> list[Figure]:
    """TOE and CO₂ of the energy consumed in the report's year."""
    uses, terms, facts, ids, without = [], {"toe": [], "co2": []}, {"toe": [], "co2": []}, [], []
    for pk in place.resources(report.year):
        resource = resources[pk]
        if resource.kind not in ENERGY:
            continue
        amount = place.year_of(place.consumption, pk, report.year)
        toe, co2, _price = reference_factors(resource.code, report.year)
        uses.append(_use(resource.code, amount, toe, co2))
        ids += amount.ids
        if toe is None or co2 is None:
            without.append(resource)
        for kind, fact in (("toe", toe), ("co2", co2)):
            line = term("Q", "term.quantity", {"resource": resource}, amount.quantity, resource.unit)
            terms[kind].append(line | {"fact": fact.full_code if fact else None})
            facts[kind] += [fact] if fact else []
    if not uses:
        return []
    result = energy_totals(uses)
    note = {
        lang: text("note.without", lang, resources=", ".join(resource_name(r, lang) for r in without))
        if without
        else ""
        for lang in ("vi", "en")
    }
    made = []
    for kind, measured, unit in (("toe", result.toe, "TOE"), ("co2", result.co2_t, "tCO2e")):
        low, high = measured.interval()
        made.append(
            _figure(
                total_code(kind, report),
                kind,
                {"year": report.year},
                report,
                value=measured.value,
                unit=unit,
                low=max(low, 0),
                high=high,
                state=Figure.State.REPORTED,
                formula=f"Σ Q·f = {format_term(measured.value)} {unit_text(unit)}",
                terms=terms[kind],
                records=record_rows(ids, report, [report.year], None),
                facts=facts[kind],
                function="sachhon.science.energy.totals",
                note=note,
            )
        )
    return made


ENERGY = frozenset([Resource.Kind.FUEL, Resource.Kind.ELECTRICITY, Resource.Kind.HEAT])


def replace(reports: Iterable[AnnualReport], made: list[Figure], *, keep: set[int]) -> None:
    """Stores the figures of these reports; those that are no longer computed go, an issued one never changes."""
    mine = {(report.facility.code, report.year) for report in reports}
    facilities = {report.facility_id for report in reports}
    known = [
        (pk, code, is_issued)
        for pk, code, is_issued in Figure.objects.filter(facility_id__in=facilities).values_list(
            "pk", "code", "issued"
        )
        if owner(code) in mine
    ]
    issued = {code for _pk, code, is_issued in known if is_issued}
    made = [figure for figure in made if figure.code not in issued]
    codes = {figure.code for figure in made}
    stale = {pk for pk, code, is_issued in known if not is_issued and code not in codes}
    Figure.objects.filter(pk__in=stale - keep).delete()
    stamp = timezone.now()
    for figure in made:
        figure.computed_at = stamp
    Figure.objects.bulk_create(
        made,
        batch_size=400,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "label_vi", "label_en", "value", "unit", "state", "low", "high", "formula", "terms", "records",
            "facts", "function", "function_version", "note_vi", "note_en", "computed_at",
        ],
    )  # fmt: skip


def _figure(code, label, words, report, *, value, low, high, facts=(), note=None, **fields) -> Figure:
    note = note or {"vi": "", "en": ""}
    return Figure(
        code=code,
        label_vi=text(label, "vi", **words),
        label_en=text(label, "en", **words),
        value=nine(value),
        low=nine(low),
        high=nine(high),
        facts=[fact_row(f) for f in facts],
        function_version=__version__,
        note_vi=note["vi"][:512],
        note_en=note["en"][:512],
        province_code=report.facility.province_code,
        facility=report.facility,
        **fields,
    )


def _worth(c, words: dict) -> list[dict]:
    saved, factors = c.result.saving, c.factors
    found = []
    if factors.price is not None:
        key = "term.reference_price" if factors.price_fact else "term.price"
        fact = factors.price_fact.full_code if factors.price_fact else None
        found.append(term("p", key, words, factors.price, f"VND/{c.resource.unit}") | {"fact": fact})
        found.append(term("VND", "term.vnd", words, factors.vnd(saved), "VND"))
    if factors.toe is not None:
        line = term("TOE", "term.toe", words, factors.toe_of(saved), "TOE")
        found.append(line | {"fact": factors.toe.full_code})
    if factors.co2 is not None:
        line = term("CO2", "term.co2", words, factors.co2_of(saved), "tCO2e")
        found.append(line | {"fact": factors.co2.full_code})
    return found


def _use(code: str, amount: Amount, toe: Fact | None, co2: Fact | None) -> EnergyUse:
    return EnergyUse(
        code,
        amount.quantity,
        float(toe.value) if toe else None,
        float(co2.value) if co2 else None,
        amount.relative,
        float(toe.relative_uncertainty or 0) if toe else 0.0,
        float(co2.relative_uncertainty or 0) if co2 else 0.0,
    )
