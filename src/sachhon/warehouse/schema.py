"""The fact tables of the warehouse: what the operational store publishes, column by column.

Each table is a pyarrow schema and a primary key. A snapshot (`sachhon.warehouse.publish`) holds exactly
these tables; a roll-up (`sachhon.warehouse.rollup`) reads nothing else. The schemas say what a column
means once, for both engines.

Rules that keep DuckDB and Spark of one mind:

- no NaN and no infinity anywhere: what is unknown is null;
- official figures (quantities, TOE, CO₂) are decimals and are summed as decimals, never as floats;
- a period is an integer year and an integer month (1 to 12) of Asia/Ho_Chi_Minh, never a timestamp;
- yes / no / unknown is 1 / 0 / null in an int8, so that a sum counts the yes and a count the known.

Not here: where the facts come from (`apps/*/queries.py` build the batches) and how they are rolled up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

QUANTITY = pa.decimal128(20, 6)
"""A quantity in its unit: 14 digits before the point, 6 after."""

FACTOR = pa.decimal128(20, 10)
"""A conversion factor: TOE or kg CO₂ per unit."""

PERCENT = pa.decimal128(12, 4)
"""A share in percent, 12.3456 for 12.3456 %; negative when consumption per unit rose."""

WORD = pa.dictionary(pa.int32(), pa.string())
"""A word out of few, in a table of many rows: its place among them is kept, to be read as the word itself."""


@dataclass(frozen=True)
class TableSpec:
    """One fact table: its name, its columns, the key that makes a row unique (empty: rows may repeat), and
    the words allowed in columns of a closed vocabulary."""

    name: str
    schema: pa.Schema
    key: tuple[str, ...]
    vocabulary: Mapping[str, frozenset[str]]


def _field(name: str, kind: pa.DataType, meaning: str, *, optional: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=optional, metadata={"meaning": meaning})


SIZE_CLASSES = ("micro", "small", "medium", "large")
REPORT_STATES = ("none", "draft", "submitted", "returned", "accepted", "locked")
SAVING_STATES = ("estimated", "reported", "verified")
FLOWS = ("consumption", "output", "waste", "emission")
ITEM_KINDS = (
    "product",
    "raw_material",
    "fuel",
    "material",
    "electricity",
    "water",
    "heat",
    "waste",
    "emission",
)
QUALITIES = ("good", "estimated", "suspect")
NEED_KINDS = ("difficulty", "request")

FACILITY_YEAR = TableSpec(
    "facility_year",
    pa.schema(
        [
            _field("facility_id", pa.int64(), "key of the facility in the store"),
            _field("facility_code", pa.string(), "code shown to people"),
            _field("name", pa.string(), "name of the facility"),
            _field("province_code", pa.string(), "province, General Statistics code"),
            _field("area_key", pa.string(), "commune in force today, also for older years"),
            _field("commune_name", pa.string(), "name of that commune"),
            _field("sector_code", pa.string(), "VSIC code"),
            _field("trade", pa.string(), "trade code, coarser than VSIC"),
            _field(
                "size_class",
                pa.string(),
                "by the decree of that year; null unknown",
                optional=True,
            ),
            _field("year", pa.int16(), "calendar year"),
            _field("employees", pa.int32(), "people employed", optional=True),
            _field("operating", pa.bool_(), "operated in that year"),
            _field("has_potential", pa.bool_(), "has potential for cleaner production", optional=True),
            _field("aware", pa.int8(), "aware of CP: 1 yes, 0 no, null unknown", optional=True),
            _field("aware_evidence", pa.string(), "what shows it", optional=True),
            _field("applying", pa.int8(), "applying CP: 1 yes, 0 no, null unknown", optional=True),
            _field("applying_evidence", pa.string(), "what shows it", optional=True),
            _field("cp_unit", pa.int8(), "has a CP unit: 1 yes, 0 no, null unknown", optional=True),
            _field("cp_unit_evidence", pa.string(), "what shows it", optional=True),
            _field("report_state", pa.string(), "of the annual report; none: not begun"),
            _field("submitted_on_time", pa.bool_(), "null when not submitted", optional=True),
        ]
    ),
    key=("facility_id", "year"),
    vocabulary={"size_class": frozenset(SIZE_CLASSES), "report_state": frozenset(REPORT_STATES)},
)

RECORD = TableSpec(
    "record",
    pa.schema(
        [
            _field("facility_id", pa.int64(), "key of the facility in the store"),
            _field("year", pa.int16(), "calendar year"),
            _field("month", pa.int8(), "1 to 12; 0 when only the whole year is known"),
            _field("flow", WORD, "consumption, output, waste, emission"),
            _field("item_code", WORD, "code of the resource, product or waste"),
            _field("item_kind", WORD, "product, or the kind of the resource"),
            _field("meter", pa.string(), "tells several meters of one item apart; empty when there is one"),
            _field("unit", WORD, "unit of the quantity, the item's standard unit"),
            _field("quantity", QUANTITY, "quantity in that unit"),
            _field("cost_vnd", pa.int64(), "cost in VND", optional=True),
            _field("quality", WORD, "good, estimated (a month not yet over, a guess) or suspect"),
        ]
    ),
    key=("facility_id", "year", "month", "flow", "item_code", "meter"),
    vocabulary={
        "flow": frozenset(FLOWS),
        "item_kind": frozenset(ITEM_KINDS),
        "quality": frozenset(QUALITIES),
    },
)

SAVING = TableSpec(
    "saving",
    pa.schema(
        [
            _field("facility_id", pa.int64(), "key of the facility in the store"),
            _field("year", pa.int16(), "report year"),
            _field("baseline_year", pa.int16(), "year compared against"),
            _field("resource_code", pa.string(), "code of the resource saved"),
            _field("state", pa.string(), "estimated (engineering), reported (factory), verified (expert)"),
            _field("unit", pa.string(), "unit of quantity, expected and actual"),
            _field("quantity", QUANTITY, "saved: expected minus actual; negative when consumption rose"),
            _field("expected", QUANTITY, "consumption the baseline intensities would give", optional=True),
            _field("actual", QUANTITY, "consumption of the report year", optional=True),
            _field("relative_pct", PERCENT, "quantity / expected in percent", optional=True),
            _field("vnd", pa.int64(), "saving in VND", optional=True),
            _field("toe", QUANTITY, "saving in TOE; null when not energy", optional=True),
            _field("co2_t", QUANTITY, "saving in tonnes of CO₂; null when no factor", optional=True),
        ]
    ),
    key=("facility_id", "year", "resource_code", "state"),
    vocabulary={"state": frozenset(SAVING_STATES)},
)

SOLUTION = TableSpec(
    "solution",
    pa.schema(
        [
            _field("facility_id", pa.int64(), "key of the facility in the store"),
            _field("year", pa.int16(), "year carried out"),
            _field("group_code", pa.string(), "one of the eight option groups, or treatment"),
            _field("is_cp", pa.bool_(), "cleaner production, not treatment"),
            _field("state", pa.string(), "estimated, reported or verified"),
            _field("investment_vnd", pa.int64(), "investment in VND", optional=True),
            _field("saving_vnd", pa.int64(), "yearly saving in VND", optional=True),
            _field("count", pa.int32(), "solutions in this row, 1 for a row each"),
        ]
    ),
    key=(),
    vocabulary={"state": frozenset(SAVING_STATES)},
)

NEED = TableSpec(
    "need",
    pa.schema(
        [
            _field("facility_id", pa.int64(), "key of the facility in the store"),
            _field("year", pa.int16(), "report year"),
            _field("kind", pa.string(), "difficulty or request"),
            _field("category", pa.string(), "category code, empty when none was chosen"),
            _field("text", pa.string(), "in the factory's words"),
        ]
    ),
    key=(),
    vocabulary={"kind": frozenset(NEED_KINDS)},
)

FACTOR_TABLE = TableSpec(
    "factor",
    pa.schema(
        [
            _field("resource_code", pa.string(), "code of the resource"),
            _field("year", pa.int16(), "year the factor holds for"),
            _field("toe_per_unit", FACTOR, "TOE per standard unit; null when not energy", optional=True),
            _field("kgco2_per_unit", FACTOR, "kg CO₂ per standard unit; null when unknown", optional=True),
        ]
    ),
    key=("resource_code", "year"),
    vocabulary={},
)

TABLES: Mapping[str, TableSpec] = {
    spec.name: spec for spec in (FACILITY_YEAR, RECORD, SAVING, SOLUTION, NEED, FACTOR_TABLE)
}
"""Every table of a snapshot by name; a snapshot holds all of them, an absent one is published empty."""
