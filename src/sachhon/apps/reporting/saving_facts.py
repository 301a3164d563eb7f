"""The savings of a province for the warehouse: of the records, and apart from them of solutions (`solution_facts`).

Not here: which reports count (`facts`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.apps.reporting.fact_texts import TextQuery, texts
from sachhon.warehouse.batches import batches
from sachhon.warehouse.schema import SAVING
from sachhon.warehouse.text import text_batch

pc = cast(Any, pyarrow.compute)

_YEARS = 10_000  # more than any year, so that a facility and a year make one number

SAVINGS = TextQuery(
    {
        "report": "s.report_id",
        "facility_id": "r.facility_id",
        "year": "r.year",
        "baseline_year": "s.baseline_year",
        "resource_code": "c.code",
        "state": "s.state",
        "unit": "c.unit",
        **{name: f"s.{name}" for name in SAVING.schema.names[6:]},
    },
    pa.schema([pa.field("report", pa.int64(), nullable=False), *SAVING.schema]),
    joined="JOIN reporting_annualreport r ON r.facility_id = f.id"
    " JOIN reporting_saving s ON s.report_id = r.id JOIN registry_resource c ON c.id = s.resource_id",
    where="r.year BETWEEN %s AND %s",
)


def saving_batches(
    province: str,
    facilities: Sequence[int],
    years: tuple[int, int],
    counting: Collection[int],
    held: Collection[tuple[int, int]],
    of_solutions: Iterable[tuple],
) -> Iterator[pa.RecordBatch]:
    """Savings of the reports that count, neither of nor against a year whose report is held.

    `of_solutions` are rows of savings of solutions, estimated or verified: one stands back where its report says the
    same of the resource itself.
    """
    reports = pa.array(counting, pa.int64())
    held_years = pa.array([facility * _YEARS + year for facility, year in held], pa.int64())
    told: set[tuple[int, int, str, str]] = set()
    for text in texts(SAVINGS, province, facilities, years):
        found = text_batch(text, SAVINGS.schema, "saving")
        found = found.filter(pc.is_in(found.column("report"), reports))
        for year in ("year", "baseline_year"):
            found = found.filter(pc.invert(pc.is_in(_facility_year(found, year), held_years)))
        own = found.filter(pc.invert(pc.equal(found.column("state"), "reported")))
        keys = own.select(["facility_id", "year", "resource_code", "state"])
        told.update(zip(*keys.to_pydict().values(), strict=True))
        yield found.select(SAVING.schema.names)
    yield from batches(
        "saving", (row for row in of_solutions if (row[0], row[1], row[3], row[4]) not in told)
    )


def _facility_year(batch: pa.RecordBatch, year: str) -> pa.Array:
    """Facility and year of each row as one number."""
    facilities, years = batch.column("facility_id"), batch.column(year)
    return pc.add(pc.multiply(facilities, _YEARS), years.cast(pa.int64()))
