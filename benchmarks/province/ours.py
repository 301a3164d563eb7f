"""Sạch Hơn's own way, as the site goes it: judge, publish, roll up, compute targets, compose, write the .docx."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.province.store import LAST_YEAR, PROVINCE

from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.services import targets
from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.facts import ProvinceFacts, warehouse_root
from sachhon.apps.reporting.services.province.composing import compose
from sachhon.apps.reporting.services.province.figures import keep
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.province.refreshing import MEMORY, refresh
from sachhon.apps.reporting.services.province.rolling import roll
from sachhon.documents.docx import province_report_docx
from sachhon.warehouse.publish import open_snapshot
from sachhon.warehouse.rollup import Scope, trade_intensities

TODAY = date(LAST_YEAR + 1, 1, 31)


def report_from_store(path: Path) -> int:
    """From the operational store to the .docx; returns its size in bytes."""
    computed = refresh(None, PROVINCE, LAST_YEAR, TODAY)
    content = province_report_docx(rollup_data(computed, "vi"))
    path.write_bytes(content)
    return len(content)


def report_from_snapshot(path: Path) -> int:
    """From the published snapshot to the .docx, the steps of `refresh` after publishing."""
    source = ProvinceFacts(PROVINCE, LAST_YEAR, TODAY)
    with open_snapshot(warehouse_root(PROVINCE), memory_limit=MEMORY) as warehouse:
        rolled = roll(warehouse, source)
        results = targets.compute(warehouse, PROVINCE, LAST_YEAR)
    kept = keep(rolled, source)
    data = compose(rolled, results, [*targets.figures_of(PROVINCE, LAST_YEAR), *kept], "vi")
    content = province_report_docx(data)
    path.write_bytes(content)
    return len(content)


def change_last_year() -> None:
    """One record of the last year is corrected in the store, so that the year must be published again."""
    record = Record.objects.filter(year=LAST_YEAR).order_by("pk").first()
    assert record is not None
    record.quantity += Decimal(1)
    record.version += 1
    record.save()


def figures() -> dict[str, float]:
    """The figures of the report that the peers compute too, by name."""
    with open_snapshot(warehouse_root(PROVINCE)) as warehouse:
        rolled = roll(warehouse, ProvinceFacts(PROVINCE, LAST_YEAR, TODAY))
        intensities = trade_intensities(warehouse, Scope(LAST_YEAR, province_code=PROVINCE))
    found: dict[str, float] = {}
    for row in rolled.consumption:
        found[f"quantity {row.year} {row.item_code}"] = float(row.quantity)
        found[f"cost {row.year} {row.item_code}"] = float(row.cost_vnd or 0)
    for total in rolled.energy:
        found[f"toe {total.year}"] = float(total.toe)
        found[f"co2 {total.year}"] = float(total.co2_t)
    for kind, groups in rolled.cuts.items():
        for group in groups:
            for name in ("facilities", "reported", "aware", "applying", "cp_unit"):
                found[f"{name} of {kind} {group.group}"] = getattr(group, name)
    for saving in rolled.savings:
        found[f"saved {saving.state} {saving.resource_code}"] = float(saving.quantity or 0)
        found[f"saved VND {saving.state} {saving.resource_code}"] = float(saving.vnd or 0)
    for result in TargetResult.objects.filter(province_code=PROVINCE, year=LAST_YEAR, basis=""):
        indicator = result.target_code.rsplit(".", 1)[-1]
        for name in ("denominator", "known", "numerator"):
            found[f"{name} of target {indicator}"] = getattr(result, name)
    for one in intensities:
        key = f"{one.trade} {one.resource_code} {one.output_unit}"
        found[f"intensity {key}"] = float(one.mean)
        found[f"median intensity {key}"] = one.median
    return found
