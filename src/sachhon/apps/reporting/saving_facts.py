"""The savings of a province for the warehouse: of the records, and apart from them of solutions (`solution_facts`).

Not here: which reports count (`facts`).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.apps.reporting.fact_columns import FactQuery, FactReader
from sachhon.apps.reporting.record_facts import facility_years, not_held
from sachhon.warehouse.batches import batches
from sachhon.warehouse.schema import SAVING

pc = cast(Any, pyarrow.compute)

SAVINGS = FactQuery(
    "saving",
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
    reader: FactReader,
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
    held_years = facility_years(held)
    told: set[tuple[int, int, str, str]] = set()
    for found in reader.read(SAVINGS, years):
        found = found.filter(pc.is_in(found.column("report"), reports))
        for year in ("year", "baseline_year"):
            found = not_held(found, held_years, year)
        own = found.filter(pc.invert(pc.equal(found.column("state"), "reported")))
        keys = own.select(["facility_id", "year", "resource_code", "state"])
        told.update(zip(*keys.to_pydict().values(), strict=True))
        yield found.select(SAVING.schema.names)
    yield from batches(
        "saving", (row for row in of_solutions if (row[0], row[1], row[3], row[4]) not in told)
    )
