"""Every published expression says the same on DuckDB and on Spark: same rows, same types, same nulls."""

from __future__ import annotations

import inspect
from decimal import Decimal

import pytest

from sachhon.warehouse.publish import open_snapshot
from sachhon.warehouse.rollup import Scope, Target, consumption, reporting, results, savings, targets
from sachhon.warehouse.rollup import scope as scopes

SCOPE = Scope(2024, province_code="20")
SHARE = Target("aware", "aware", "facilities", Decimal(90))
SIZES = Target("cp_unit", "cp_unit", "facilities_of_size", Decimal(70), sizes=("medium", "large"))
POTENTIAL = Target("potential", "applying", "with_potential", Decimal(50))
SAVING = Target(
    "saving", "saving", "applying", Decimal(8), share=Decimal(50), states=("verified", "reported")
)

EXPRESSIONS = {
    "facilities": lambda w: scopes.facilities(w, SCOPE),
    "of_facilities": lambda w: scopes.of_facilities(w.table("need"), scopes.facilities(w, SCOPE)),
    "target_counts": lambda w: targets.target_counts(w, SCOPE, SHARE),
    "target_counts of sizes": lambda w: targets.target_counts(w, SCOPE, SIZES, "trade"),
    "target_counts with potential": lambda w: targets.target_counts(w, SCOPE, POTENTIAL, "size_class"),
    "target_counts of savings": lambda w: targets.target_counts(w, SCOPE, SAVING),
    "counted_facilities": lambda w: targets.counted_facilities(w, SCOPE, SIZES),
    "counted_facilities of savings": lambda w: targets.counted_facilities(w, SCOPE, SAVING),
    "counted_savings": lambda w: results.counted_savings(w, SCOPE, SAVING),
    "facility_results": lambda w: results.facility_results(w, SCOPE, SAVING),
    "energy_by_facility": lambda w: targets.energy_by_facility(w, SCOPE, SAVING),
    "best_savings": lambda w: savings.best_savings(w, SCOPE, ("verified", "reported")),
    "saving_sums": lambda w: savings.saving_sums(w, SCOPE),
    "saving_sums cut": lambda w: savings.saving_sums(w, SCOPE, by_resource=True, by="size_class"),
    "relative_sums": lambda w: savings.relative_sums(w, SCOPE, ("verified", "reported")),
    "solution_sums": lambda w: savings.solution_sums(w, SCOPE),
    "record_sums": lambda w: consumption.record_sums(w, SCOPE, "consumption"),
    "record_sums of years": lambda w: consumption.record_sums(w, SCOPE, "output", [2023, 2024]),
    "energy_counts": lambda w: consumption.energy_counts(w, SCOPE, [2023, 2024]),
    "paired_records": lambda w: consumption.paired_records(w, SCOPE, 2023),
    "saving_sums of those applying": lambda w: savings.saving_sums(w, SCOPE, applying=True),
    "facility_intensities": lambda w: consumption.facility_intensities(w, SCOPE),
    "counts": lambda w: reporting.counts(w, SCOPE),
    "counts by group": lambda w: reporting.counts(w, SCOPE, "size_class"),
    "need_counts": lambda w: reporting.need_counts(w, SCOPE),
    "need_texts": lambda w: reporting.need_texts(w, SCOPE),
    "estimated_facilities": lambda w: reporting.estimated_facilities(w, SCOPE),
}


def comparable(rows):
    """Rows in an order of their own, floats at 12 digits; True is not 1, 1 is not Decimal(1)."""
    return sorted(
        tuple(
            (name, type(value).__name__, f"{value:.12g}" if isinstance(value, float) else str(value))
            for name, value in row.items()
        )
        for row in rows
    )


@pytest.fixture(scope="session")
def spark(snapshot_root):
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'sachhon[spark]'")
    with open_snapshot(snapshot_root, engine="spark") as opened:
        yield opened


def test_every_published_expression_is_among_those_compared():
    named = {name.split()[0] for name in EXPRESSIONS}
    published = {
        name
        for module in (scopes, targets, results, savings, consumption, reporting)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and function.__annotations__.get("return") == "Any"
    }
    assert published == named


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_has_rows_to_compare_and_no_nan(warehouse, name):
    rows = warehouse.rows(EXPRESSIONS[name](warehouse))
    assert rows
    assert all(value == value for row in rows for value in row.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_duckdb_and_spark_give_the_same_rows(warehouse, spark, name):
    one = warehouse.rows(EXPRESSIONS[name](warehouse))
    other = spark.rows(EXPRESSIONS[name](spark))
    assert comparable(one) == comparable(other)
