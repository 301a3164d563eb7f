"""Sạch Hơn's own way: publish the store to a snapshot, roll it up, write the .docx."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from benchmarks.province.store import LAST_YEAR, PROVINCE

from sachhon.warehouse.batches import batches
from sachhon.warehouse.publish import ByYear, open_snapshot, publish
from sachhon.warehouse.rollup import (
    Scope,
    Target,
    energy_totals,
    facilities_with_estimates,
    group_counts,
    needs,
    record_totals,
    saving_totals,
    solution_totals,
    target_figure,
    trade_intensities,
)
from sachhon.warehouse.rollup.consumption import EnergySum, RecordSum, TradeIntensity
from sachhon.warehouse.rollup.reporting import GroupCount, NeedCount
from sachhon.warehouse.rollup.savings import SavingSum, SolutionSum
from sachhon.warehouse.rollup.targets import TargetFigure

TARGETS = (
    Target("aware", "aware", "facilities", Decimal(90)),
    Target("applying", "applying", "facilities", Decimal(50)),
    Target("cp_unit", "cp_unit", "facilities_of_size", Decimal(70), sizes=("medium", "large")),
    Target("saving", "saving", "applying", Decimal(8), share=Decimal(50), states=("verified", "reported")),
)
CUTS = ("trade", "size_class", "area_key")

TRISTATE = "CASE {0} WHEN 'yes' THEN 1 WHEN 'no' THEN 0 END"
QUERIES = {
    "facility_year": f"""
        SELECT f.id, f.code, f.name, f.province_code, a.key, a.name_vi, s.code, t.code,
               nullif(y.size_class, 'unknown'), y.year, y.employees, f.status = 'operating',
               {TRISTATE.format("f.has_potential")}, {TRISTATE.format("p.aware")}, NULL,
               {TRISTATE.format("p.applying")}, NULL, {TRISTATE.format("p.cp_unit")}, NULL,
               coalesce(r.state, 'none'), CASE WHEN r.state IN ('submitted', 'accepted', 'locked')
                                               THEN r.on_time END
        FROM registry_facilityyear y JOIN registry_facility f ON f.id = y.facility_id
        JOIN registry_area a ON a.id = f.area_id JOIN registry_sector s ON s.id = f.sector_id
        JOIN registry_trade t ON t.id = f.trade_id
        LEFT JOIN programme_facilitystanding p ON p.facility_id = f.id AND p.year = y.year
        LEFT JOIN reporting_annualreport r ON r.facility_id = f.id AND r.year = y.year AND r.revision = 1""",
    "saving": """
        SELECT r.facility_id, r.year, s.baseline_year, c.code, s.state, c.unit, s.quantity, s.expected,
               s.actual, s.relative_pct, s.vnd, s.toe, s.co2_t
        FROM reporting_saving s JOIN reporting_annualreport r ON r.id = s.report_id
        JOIN registry_resource c ON c.id = s.resource_id""",
    "solution": """
        SELECT r.facility_id, r.year, s."group", s."group" <> 'treatment', 'reported', s.investment_vnd,
               s.saving_vnd_per_year, 1
        FROM reporting_reportsolution s JOIN reporting_annualreport r ON r.id = s.report_id""",
    "need": """
        SELECT r.facility_id, r.year, n.kind, n.category, n.text
        FROM reporting_reportneed n JOIN reporting_annualreport r ON r.id = n.report_id""",
}
RECORDS_OF_YEAR = """
        SELECT r.facility_id, r.year, r.month, r.flow, coalesce(c.code, 'p' || r.product_id),
               coalesce(c.kind, 'product'), r.meter, coalesce(c.unit, p.unit), r.quantity, r.cost_vnd, r.quality
        FROM registry_record r LEFT JOIN registry_resource c ON c.id = r.resource_id
        LEFT JOIN registry_product p ON p.id = r.product_id WHERE r.year = ?"""


def publish_store(root: Path) -> int:
    """The store's facts as a snapshot; returns the number of records."""
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    tables = {name: batches(name, raw.execute(sql)) for name, sql in QUERIES.items()}
    stamps = {
        year: f"{count} {last}"
        for year, count, last in raw.execute(
            "SELECT year, count(*), max(updated_at) FROM registry_record GROUP BY year"
        )
    }
    records = ByYear(stamps, lambda year: batches("record", raw.execute(RECORDS_OF_YEAR, [year])))
    facts = {**tables, "record": records, "factor": batches("factor", factors())}
    return publish(facts, root).rows["record"]


def change_last_year() -> None:
    """One record of the last year is corrected in the store, so that the year must be published again."""
    from sachhon.apps.registry.models import Record

    record = Record.objects.filter(year=LAST_YEAR).first()
    assert record is not None
    record.quantity += 1
    record.save()


def factors() -> list[tuple]:
    """TOE and CO₂ factors of each resource and year, from the reference facts."""
    from benchmarks.province.factors import FACTORS

    years = range(LAST_YEAR - 9, LAST_YEAR + 1)
    return [
        (code, year, Decimal(toe), Decimal(kgco2)) for code, (toe, kgco2) in FACTORS.items() for year in years
    ]


@dataclass(frozen=True)
class Rolled:
    """All figures of the report as the roll-up gives them."""

    records: tuple[RecordSum, ...]
    energy: tuple[EnergySum, ...]
    everyone: GroupCount
    groups: dict[str, tuple[GroupCount, ...]]
    group_savings: dict[str, tuple[SavingSum, ...]]
    targets: tuple[TargetFigure, ...]
    savings: tuple[SavingSum, ...]
    saving_totals: tuple[SavingSum, ...]
    solutions: tuple[SolutionSum, ...]
    needs: tuple[NeedCount, ...]
    intensities: tuple[TradeIntensity, ...]
    with_estimates: int


def roll_up(root: Path, years: int) -> Rolled:
    """Every figure of the report from the current snapshot."""
    scope = Scope(LAST_YEAR, province_code=PROVINCE)
    span = list(range(LAST_YEAR - years + 1, LAST_YEAR + 1))
    with open_snapshot(root) as warehouse:
        records = record_totals(warehouse, scope, span)
        return Rolled(
            records=records,
            energy=energy_totals(warehouse, scope, span, records),
            everyone=group_counts(warehouse, scope)[0],
            groups={cut: group_counts(warehouse, scope, cut) for cut in CUTS},
            group_savings={cut: saving_totals(warehouse, scope, by=cut) for cut in CUTS},
            targets=tuple(target_figure(warehouse, scope, target) for target in TARGETS),
            savings=saving_totals(warehouse, scope, by_resource=True),
            saving_totals=saving_totals(warehouse, scope),
            solutions=solution_totals(warehouse, scope),
            needs=needs(warehouse, scope),
            intensities=trade_intensities(warehouse, scope),
            with_estimates=facilities_with_estimates(warehouse, scope),
        )


def comparable(rolled: Rolled) -> dict[str, float]:
    """The figures that the peers compute too, by name."""
    figures: dict[str, float] = {}
    for row in rolled.records:
        figures[f"quantity {row.year} {row.item_code}"] = float(row.quantity)
        figures[f"cost {row.year} {row.item_code}"] = float(row.cost_vnd or 0)
    for total in rolled.energy:
        figures[f"toe {total.year}"] = float(total.toe)
        figures[f"co2 {total.year}"] = float(total.co2_t)
    for cut, groups in rolled.groups.items():
        for group in groups:
            for name in ("facilities", "reported", "aware", "applying", "cp_unit"):
                figures[f"{name} of {cut} {group.group}"] = getattr(group, name)
    for target in rolled.targets[:3]:
        for name in ("denominator", "known", "yes"):
            figures[f"{name} of target {target.code}"] = getattr(target, name)
    for saving in rolled.savings:
        figures[f"saved {saving.state} {saving.resource_code}"] = float(saving.quantity or 0)
        figures[f"saved VND {saving.state} {saving.resource_code}"] = float(saving.vnd or 0)
    for one in rolled.intensities:
        key = f"{one.trade} {one.resource_code} {one.output_unit}"
        figures[f"intensity {key}"] = float(one.mean)
        figures[f"median intensity {key}"] = one.median
    return figures
