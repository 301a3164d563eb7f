"""The same figures by other hands: pandas over the store, and the plain ORM in two ways.

`with_orm_objects` is what a straightforward Django programme does: it walks the rows and adds up in Python
(one query a table, related rows fetched along). `with_orm_sql` lets the database add up where the ORM can
say it (`values().annotate(Sum)`), and only then works in Python. Neither uses the warehouse.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median

from benchmarks.province.store import LAST_YEAR, PROVINCE

KINDS = ("sector", "size", "area")
HANDED_IN = ("submitted", "accepted", "locked")
ENERGY_KINDS = ("electricity", "fuel", "heat")


def with_orm_objects(years: int) -> dict:
    """Everything in Python over model objects."""
    from sachhon.apps.registry.models import Record

    quantity, cost, kinds = Counter(), Counter(), {}
    used, made = Counter(), defaultdict(Counter)
    records = Record.objects.filter(
        facility__province_code=PROVINCE, facility__status="operating", year__gt=LAST_YEAR - years
    ).select_related("resource", "product")
    for record in records.iterator(chunk_size=5000):
        if record.flow == "output":
            if record.year == LAST_YEAR and record.quantity > 0:
                made[record.facility_id][record.product.unit] += record.quantity
            continue
        key = record.year, record.resource.code
        kinds[record.resource.code] = record.resource.kind
        quantity[key] += record.quantity
        cost[key] += record.cost_vnd or 0
        if record.year == LAST_YEAR:
            used[record.facility_id, record.resource.code] += record.quantity
    return _finish(quantity, cost, kinds, used, made)


def with_orm_sql(years: int) -> dict:
    """Sums by the database through the ORM."""
    from django.db.models import Sum

    from sachhon.apps.registry.models import Record

    records = Record.objects.filter(
        facility__province_code=PROVINCE, facility__status="operating", year__gt=LAST_YEAR - years
    ).order_by()
    quantity, cost, kinds = Counter(), Counter(), {}
    totals = records.filter(flow="consumption").values("year", "resource__code", "resource__kind")
    for row in totals.annotate(quantity=Sum("quantity"), cost=Sum("cost_vnd")):
        key = row["year"], row["resource__code"]
        kinds[row["resource__code"]] = row["resource__kind"]
        quantity[key], cost[key] = row["quantity"], row["cost"] or 0
    used, made = Counter(), defaultdict(Counter)
    last = records.filter(year=LAST_YEAR)
    consumed = last.filter(flow="consumption").values("facility_id", "resource__code")
    for row in consumed.annotate(quantity=Sum("quantity")):
        used[row["facility_id"], row["resource__code"]] = row["quantity"]
    produced = last.filter(flow="output", quantity__gt=0).values("facility_id", "product__unit")
    for row in produced.annotate(quantity=Sum("quantity")):
        made[row["facility_id"]][row["product__unit"]] = row["quantity"]
    return _finish(quantity, cost, kinds, used, made)


def with_pandas(years: int) -> dict:
    """The store read into data frames, then grouped."""
    import pandas as pd
    from django.db import connection

    connection.ensure_connection()
    records = pd.read_sql_query(
        "SELECT r.facility_id, r.year, r.flow, c.code, c.kind, p.unit, r.quantity, r.cost_vnd"
        " FROM registry_record r JOIN registry_facility f ON f.id = r.facility_id"
        " LEFT JOIN registry_resource c ON c.id = r.resource_id"
        " LEFT JOIN registry_product p ON p.id = r.product_id"
        " WHERE f.province_code = ? AND f.status = 'operating' AND r.year > ?",
        connection.connection,
        params=(PROVINCE, LAST_YEAR - years),
    )
    consumed = records[records.flow == "consumption"]
    grouped = consumed.groupby(["year", "code"])
    kinds = dict(zip(consumed.code, consumed.kind, strict=True))
    last = records[records.year == LAST_YEAR]
    used = last[last.flow == "consumption"].groupby(["facility_id", "code"]).quantity.sum()
    made: dict = defaultdict(Counter)
    produced = last[(last.flow == "output") & (last.quantity > 0)].groupby(["facility_id", "unit"])
    for (facility, unit), output in produced.quantity.sum().items():
        made[facility][unit] = output
    return _finish(
        grouped.quantity.sum().to_dict(), grouped.cost_vnd.sum().to_dict(), kinds, used.to_dict(), made
    )


def _finish(quantity, cost, kinds, used, made) -> dict:
    """The figures from the sums, and those of facilities and savings (small tables) through the ORM."""
    from sachhon.apps.reporting import facts

    years = {year for year, _resource in quantity}
    factors = {(year, code): (toe, co2) for code, year, toe, co2 in facts.factors(min(years), max(years))}
    figures = {}
    toe, co2 = Counter(), Counter()
    for (year, resource), total in quantity.items():
        figures[f"quantity {year} {resource}"] = float(total)
        figures[f"cost {year} {resource}"] = float(cost[year, resource])
        toe[year] += 0
        if kinds[resource] in ENERGY_KINDS:
            toe_per_unit, kgco2_per_unit = factors.get((year, resource), (None, None))
            toe[year] += float(total) * float(toe_per_unit or 0)
            co2[year] += float(total) * float(kgco2_per_unit or 0) / 1000
    for year in toe:
        figures[f"toe {year}"], figures[f"co2 {year}"] = toe[year], co2[year]
    trades = _facilities(figures)
    _savings(figures, trades)
    groups = defaultdict(list)
    for (facility, resource), consumption in used.items():
        if len(made.get(facility, ())) == 1 and consumption > 0:
            ((unit, output),) = made[facility].items()
            groups[trades[facility], resource, unit].append((float(consumption), float(output)))
    for (trade, resource, unit), pairs in groups.items():
        key = f"{trade} {resource} {unit}"
        figures[f"intensity {key}"] = sum(e for e, _ in pairs) / sum(q for _, q in pairs)
        figures[f"median intensity {key}"] = median(e / q for e, q in pairs)
    return figures


def _facilities(figures: dict) -> dict:
    from sachhon.apps.programme.models import FacilityStanding
    from sachhon.apps.registry.models import FacilityYear
    from sachhon.apps.reporting.models import AnnualReport

    states = dict(AnnualReport.objects.filter(year=LAST_YEAR).values_list("facility_id", "state"))
    standing = {one.facility_id: one for one in FacilityStanding.objects.filter(year=LAST_YEAR)}
    counts: Counter = Counter()
    trades = {}
    rows = FacilityYear.objects.filter(
        year=LAST_YEAR, facility__province_code=PROVINCE, facility__status="operating"
    ).select_related("facility__trade", "facility__area")
    for row in rows:
        facility, judged = row.facility, standing[row.facility_id]
        trades[facility.pk] = facility.trade.code
        groups = dict(zip(KINDS, (facility.trade.code, row.size_class, facility.area.key), strict=True))
        for kind, group in groups.items():
            counts[f"facilities of {kind} {group}"] += 1
            counts[f"reported of {kind} {group}"] += states[facility.pk] in HANDED_IN
            for name in ("aware", "applying", "cp_unit"):
                counts[f"{name} of {kind} {group}"] += getattr(judged, name) == "yes"
        for name in ("aware", "applying", "cp_unit"):
            if name != "cp_unit" or row.size_class in ("medium", "large"):
                answer = getattr(judged, name)
                counts[f"denominator of target {name}"] += 1
                counts[f"known of target {name}"] += answer != "unknown"
                counts[f"numerator of target {name}"] += answer == "yes"
    figures.update(counts)
    return trades


def _savings(figures: dict, trades: dict) -> None:
    from sachhon.apps.reporting.models import Saving

    rows = Saving.objects.filter(report__year=LAST_YEAR, report__state__in=HANDED_IN).select_related(
        "report", "resource"
    )
    for row in rows:
        if row.report.facility_id in trades:
            for name, value in (("saved", row.quantity), ("saved VND", row.vnd)):
                key = f"{name} {row.state} {row.resource.code}"
                figures[key] = figures.get(key, 0.0) + float(value)
