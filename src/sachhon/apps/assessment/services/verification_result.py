"""The saving of a verification: the months of the records against a baseline model, as plain JSON.

The records of the registry are read by month: the consumption of one resource, the output of every product as
drivers. `science.intensity` tries the baseline models and says what can be said.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from sachhon import __version__
from sachhon.apps.assessment.models import Verification
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.services.errors import kept
from sachhon.apps.assessment.services.flow.disclosure import secret_prices
from sachhon.apps.registry.models import Flow, Record
from sachhon.science.energy import EnergyUse, net_saving
from sachhon.science.intensity import Baseline, cusum_of_fit, fit_baseline, verify
from sachhon.science.uncertainty import ScienceError

SEASONAL_FROM = 24  # months of baseline below which no yearly wave is tried: a year fits itself
Month = tuple[int, int]


@dataclass(frozen=True)
class Months:
    """Complete months of a facility: consumption (n,), drivers product → (n,), the records behind and what they say."""

    months: list[Month]
    consumption: np.ndarray
    drivers: Mapping[str, np.ndarray]
    records: list[int]
    cost_vnd: int | None
    priced: Decimal
    seen: tuple[tuple, ...]


def read_months(row: Verification, first: datetime.date, last: datetime.date) -> Months:
    """The months of a period that have the consumption; a product not made that month is 0, one not recorded NaN."""
    records = Record.objects.filter(facility=row.facility, year__range=(first.year, last.year))
    wanted = [
        r
        for r in records.select_related("product", "resource").order_by("year", "month")
        if (first.year, first.month) <= (r.year, r.month) <= (last.year, last.month)
    ]
    used = [r for r in wanted if r.flow == Flow.CONSUMPTION and r.resource_id == row.resource_id]
    made = [r for r in wanted if r.flow == Flow.OUTPUT]
    months = sorted({(r.year, r.month) for r in used})
    quantity = {m: float(sum(r.quantity for r in used if (r.year, r.month) == m)) for m in months}
    recorded = {(r.year, r.month) for r in made}
    drivers = {
        name: np.array([_output(made, name, m) if m in recorded else np.nan for m in months])
        for name in sorted({r.product.name for r in made})
    }
    priced = [r for r in used if r.cost_vnd is not None]
    return Months(
        months,
        np.array([quantity[m] for m in months]),
        drivers,
        [r.pk for r in used] + [r.pk for r in made if (r.year, r.month) in quantity],
        sum(r.cost_vnd for r in priced) if priced else None,
        sum((r.quantity for r in priced), Decimal(0)),
        tuple(_as_seen(r) for r in (*used, *made)),
    )


def seen_digest(before: Months, after: Months) -> str:
    """A digest of all that the records of both periods say: another one means that they were changed."""
    text = json.dumps(sorted(map(list, (*before.seen, *after.seen)), key=repr), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_seen(record: Record) -> tuple:
    item = record.resource_id if record.flow == Flow.CONSUMPTION else record.product_id
    amount = f"{record.quantity.normalize():f}"
    return record.flow, item, record.meter, record.year, record.month, amount, record.cost_vnd


def computed(row: Verification) -> dict:
    """The result as plain JSON; `{"problem": words}` where none can be had, with every model tried."""
    before = read_months(row, row.baseline_from, row.baseline_to)
    after = read_months(row, row.report_from, row.report_to)
    if not before.months or not after.months:
        return {"problem": "no_months"}
    names = [n for n in before.drivers if n in after.drivers]
    calendar = np.array([m for _y, m in before.months]) if len(before.months) >= SEASONAL_FROM else None
    try:
        baseline = fit_baseline(before.consumption, {n: before.drivers[n] for n in names}, month=calendar)
        if baseline.chosen is None:
            return {"problem": "no_model", **_tried(baseline)}
        report_calendar = np.array([m for _y, m in after.months])
        found = verify(
            baseline,
            {n: after.drivers[n] for n in names},
            after.consumption,
            month=report_calendar,
            confidence=row.confidence / 100,
        )
    except ScienceError as error:
        return kept(error)
    fit = baseline.chosen.fit
    result = {
        "saving": found.saving.value,
        "low": found.low,
        "high": found.high,
        "expected": found.expected,
        "actual": found.actual,
        "relative": found.relative,
        "verdict": str(found.verdict),
        "words_vi": found.words("vi"),
        "words_en": found.words("en"),
        "months": found.months,
        "left_out": found.left_out,
        "outside": list(found.outside),
        "ashrae": found.ashrae_accepts,
        "baseline_months": fit.n,
        "r2": fit.r2,
        "cv_rmse": fit.cv_rmse,
        **_tried(baseline),
        **_series(row, baseline, before, after, names),
        "records": before.records + after.records,
        "seen": seen_digest(before, after),
        "function_version": __version__,
    }
    return result | _worth(row, after, found.saving.value)


def _tried(baseline: Baseline) -> dict:
    chosen = baseline.chosen
    return {
        "model_vi": chosen.model.words("vi") if chosen else "",
        "model_en": chosen.model.words("en") if chosen else "",
        "tried_vi": list(baseline.explain("vi")),
        "tried_en": list(baseline.explain("en")),
    }


def _series(row: Verification, baseline: Baseline, before: Months, after: Months, names: list[str]) -> dict:
    """Actual and expected of every complete month, and the cumulative sum of the report months with its band."""
    fit = baseline.chosen.fit
    both, parts = [], []
    for part in (before, after):
        calendar = np.array([m for _y, m in part.months], dtype=float)
        rows = baseline.rows({n: part.drivers[n] for n in names}, calendar)
        whole = np.isfinite(rows).all(axis=1)
        kept = [m for m, ok in zip(part.months, whole, strict=True) if ok]
        chart = cusum_of_fit(fit, rows[whole], part.consumption[whole], confidence=row.confidence / 100)
        both += [
            [*month, float(used), float(used - difference)]
            for month, used, difference in zip(kept, part.consumption[whole], chart.difference, strict=True)
        ]
        parts.append((kept, chart))
    kept, chart = parts[1]
    return {
        "series": both,
        "cusum": [
            [*month, float(d), float(c), float(b)]
            for month, d, c, b in zip(kept, chart.difference, chart.cumulative, chart.band, strict=True)
        ],
        "signals": [[*kept[s.since], s.better] for s in chart.signals],
    }


def _worth(row: Verification, after: Months, saving: float) -> dict:
    """The money at the facility's own price of the report months (else a reference's), TOE and CO₂."""
    own = facility_facts.Used(
        row.resource, len(after.months), Decimal(0), after.cost_vnd, after.priced, tuple(after.records)
    )
    price = facility_facts.price_of(row.resource.code, own, row.report_to)
    toe, co2 = facility_facts.toe_and_co2(row.resource.code, row.report_to)
    use = EnergyUse(
        row.resource.code, saving, float(toe.value) if toe else None, float(co2.value) if co2 else None
    )
    effect = net_saving([use])
    facts = [facility_facts.fact_row(f) for f in (price.fact, toe, co2) if f is not None]
    return {
        "price": price.vnd,
        "own_price": price.own,
        "secret_price": price.own and row.resource.code in secret_prices(row.assessment),
        "vnd": None if price.vnd is None else round(saving * price.vnd),
        "toe": effect.toe.value if toe else None,
        "co2_t": effect.co2_t.value if co2 else None,
        "facts": facts,
    }


def _output(made: list[Record], name: str, month: Month) -> float:
    return float(sum(r.quantity for r in made if r.product.name == name and (r.year, r.month) == month))
