"""The saving per unit of product of each report against its baseline year, resource by resource.

The arithmetic is `sachhon.science.intensity`; here the records are put in, and the results are kept with
their lineage. Months count only where both the consumption and an output are known. A saving that an expert
verified is left as it was verified. Recomputed whenever the records under it change.
"""

import contextlib
import contextvars
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import transaction
from django.db.models import Min

from sachhon.apps.registry.models import Facility, Figure, Product, Record, Resource
from sachhon.apps.reporting.models import AnnualReport, Saving
from sachhon.apps.reporting.models.saving import RELATIVE_LIMIT
from sachhon.apps.reporting.services import lineage
from sachhon.apps.reporting.services.factors import Factors, factors_of
from sachhon.apps.reporting.services.months import Amount, FacilityMonths, Month, load, mix_of
from sachhon.science.allotment import Months
from sachhon.science.intensity import Period, SavingPerUnit, SavingState, saving_per_unit

CHUNK = 50  # facilities at a time
_waiting: contextvars.ContextVar[dict | None] = contextvars.ContextVar("savings_waiting", default=None)


@dataclass(frozen=True)
class Computed:
    """One resource of one report, computed: what lineage and Saving are made from."""

    report: AnnualReport
    resource: Resource
    baseline_year: int
    result: SavingPerUnit
    base: Amount
    now: Amount
    made_base: dict[int, Amount]
    made_now: dict[int, Amount]
    products: dict[int, Product]
    factors: Factors


@contextlib.contextmanager
def postponed() -> Iterator[None]:
    """Inside, changes of records are only noted; on leaving the outermost one, everything is computed once."""
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set(defaultdict(set))
    try:
        yield
        waiting = _waiting.get()
    finally:
        _waiting.reset(token)
    years = {year for touched in waiting.values() for year in touched}
    if waiting:
        recompute(list(waiting), sorted(years))


def recompute_later(facility: int, year: int) -> None:
    """Notes a facility's year for the end of `postponed`, or computes it now outside of one."""
    waiting = _waiting.get()
    if waiting is None:
        recompute([facility], [year])
    else:
        waiting[facility].add(year)


def on_records_changed(sender, facility: Facility, years: list[int], **kwargs) -> None:
    """Receiver of the registry's signal."""
    with postponed():
        for year in years:
            recompute_later(facility.pk, year)


def recompute(facilities: Iterable[int], years: Iterable[int] | None = None) -> int:
    """Computes the savings of the reports that `years` (None: all) touch, as report or as baseline year.

    Set-based: a handful of queries for many facilities. Returns how many reports were computed.
    """
    ids, count = sorted(set(facilities)), 0
    touched = None if years is None else set(years)
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            count += _recompute(ids[start : start + CHUNK], touched)
    return count


def first_year(facility: Facility) -> int | None:
    """The first year with records: the baseline where the report names none."""
    return facility.records.aggregate(first=Min("year"))["first"]


def standing_reports(facilities: Iterable[int]) -> list[AnnualReport]:
    """The newest sent revision of each facility and year."""
    sent = AnnualReport.objects.filter(facility_id__in=list(facilities), first_submitted_at__isnull=False)
    newest = {(r.facility_id, r.year): r for r in sent.select_related("facility").order_by("revision")}
    return list(newest.values())


def _recompute(facilities: list[int], touched: set[int] | None) -> int:
    first = dict(
        Record.objects.filter(facility_id__in=facilities)
        .values_list("facility_id")
        .annotate(first=Min("year"))
        .values_list("facility_id", "first")
    )
    standing, reports = standing_reports(facilities), []
    for report in standing:
        base = report.baseline_year or first.get(report.facility_id, report.year)
        if touched is None or touched & {report.year, base}:
            reports.append((report, base))
    _forget_unsent(facilities, standing, touched)
    if not reports:
        return 0
    months = load(facilities, {y for report, base in reports for y in (report.year, base)})
    products = defaultdict(list)
    for product in Product.objects.filter(facility_id__in=facilities):
        products[product.facility_id].append(product)
    resources = Resource.objects.in_bulk({r for place in months.values() for r in place.consumption})
    computed, figures = [], []
    for report, base in reports:
        place, made = months.get(report.facility_id, FacilityMonths()), products[report.facility_id]
        for pk in place.resources(report.year):
            resource = resources[pk]
            figures += lineage.intensity(report, resource, place, mix_of(made))
            if base < report.year and (found := _compute(report, base, resource, place, made)) is not None:
                computed.append(found)
        figures += lineage.totals(report, place, resources)
    _store(reports, computed, figures)
    return len(reports)


def _compute(
    report: AnnualReport, base: int, resource: Resource, place: FacilityMonths, products: list[Product]
) -> Computed | None:
    then, now = place.shared_months(resource.pk, base), place.shared_months(resource.pk, report.year)
    if not then or not now:
        return None
    result = per_unit(resource, then, now, place, products)
    if result.state is not SavingState.COMPUTED:
        return None
    consumed_then, consumed_now = place.consumed(resource.pk, then), place.consumed(resource.pk, now)
    made_then, made_now = place.made(then), place.made(now)
    factors = factors_of(resource, report.year, consumed_now.price)
    by_id = {p.pk: p for p in products}
    return Computed(
        report, resource, base, result, consumed_then, consumed_now, made_then, made_now, by_id, factors
    )


def per_unit(
    resource: Resource, then: list[Month], now: list[Month], place: FacilityMonths, products: list[Product]
) -> SavingPerUnit:
    """The saving of one resource between the months of two years, or the state that says what is missing."""
    consumed_then, consumed_now = place.consumed(resource.pk, then), place.consumed(resource.pk, now)
    made_then, made_now = place.made(then), place.made(now)
    declared = {str(p.pk): float(p.norm_weight) for p in products}
    same_unit = len({p.unit for p in products if p.pk in made_then or p.pk in made_now}) == 1
    return saving_per_unit(
        Period(
            _quantities(made_then),
            consumed_then.quantity,
            consumption_uncertainty=consumed_then.relative,
            output_uncertainty=_doubt(made_then),
            months=_monthly(place, resource.pk, then, list(made_then)),
        ),
        Period(
            _quantities(made_now),
            consumed_now.quantity,
            consumption_uncertainty=consumed_now.relative,
            output_uncertainty=_doubt(made_now),
        ),
        norms=declared if any(w != 1 for w in declared.values()) else None,
        weights=declared if same_unit else None,
    )


def _quantities(made: dict[int, Amount]) -> dict[str, float]:
    return {str(product): amount.quantity for product, amount in made.items()}


def _doubt(made: dict[int, Amount]) -> float:
    whole = sum(amount.quantity for amount in made.values())
    return sum(amount.doubt for amount in made.values()) / whole if whole else 0.0


def _monthly(place: FacilityMonths, resource: int, months: list, products: list[int]) -> Months:
    outputs = np.array(
        [[place.outputs[m].get(p, Amount()).quantity for p in products] for m in months], dtype=float
    )
    consumption = np.array([place.consumption[resource][m].quantity for m in months], dtype=float)
    return Months(tuple(map(str, products)), outputs, consumption)


def _store(reports: list, computed: list[Computed], figures: list[Figure]) -> None:
    ids = [report.pk for report, _base in reports]
    verified = {
        (s.report_id, s.resource_id): s.figure_id
        for s in Saving.objects.filter(report_id__in=ids, state=Saving.State.VERIFIED)
    }
    # What an expert verified stays as verified; an older revision keeps what it was accepted with.
    computed = [c for c in computed if (c.report.pk, c.resource.pk) not in verified]
    made = [*figures, *(lineage.saving(c) for c in computed)]
    lineage.replace([r for r, _base in reports], made, keep={f for f in verified.values() if f})
    by_code = dict(Figure.objects.filter(code__in=[f.code for f in made]).values_list("code", "pk"))
    keep = {(c.report.pk, c.resource.pk) for c in computed} | set(verified)
    stored = Saving.objects.filter(report_id__in=ids).values_list("pk", "report_id", "resource_id")
    Saving.objects.filter(pk__in=[pk for pk, *key in stored if tuple(key) not in keep]).delete()
    Saving.objects.bulk_create(
        [_saving(c, by_code[lineage.saving_code(c.report, c.resource)]) for c in computed],
        update_conflicts=True,
        unique_fields=["report", "resource"],
        update_fields=[
            "baseline_year", "expected", "actual", "quantity", "relative_pct", "relative_low_pct",
            "relative_high_pct", "coverage_pct", "vnd", "toe", "co2_t", "figure",
        ],
    )  # fmt: skip


def _saving(c: Computed, figure: int) -> Saving:
    result, quantity = c.result, c.result.saving
    low, high = result.relative_measured.interval()
    return Saving(
        report=c.report,
        resource=c.resource,
        baseline_year=c.baseline_year,
        expected=_six(result.expected),
        actual=_six(result.actual),
        quantity=_six(quantity),
        relative_pct=_percent(result.relative),
        relative_low_pct=_percent(low),
        relative_high_pct=_percent(high),
        coverage_pct=_percent(result.coverage, "0.001"),
        vnd=c.factors.vnd(quantity),
        toe=c.factors.toe_of(quantity),
        co2_t=c.factors.co2_of(quantity),
        figure_id=figure,
    )


def _six(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.000001"))


def _percent(share: float, step: str = "0.0001") -> Decimal:
    # Pages say "beyond" for a relative saving that lies at the limit (`Saving.is_beyond`).
    return Decimal(str(max(-RELATIVE_LIMIT, min(RELATIVE_LIMIT, share * 100)))).quantize(Decimal(step))


def _forget_unsent(facilities: list[int], standing: list[AnnualReport], touched: set[int] | None) -> None:
    """Removes the figures of years whose report was undone."""
    sent = {(r.facility.code, r.year) for r in standing}
    gone = []
    for pk, code in Figure.objects.filter(facility_id__in=facilities, issued=False).values_list("pk", "code"):
        own = lineage.owner(code)
        if own is not None and own not in sent and (touched is None or own[1] in touched):
            gone.append(pk)
    Figure.objects.filter(pk__in=gone).delete()
