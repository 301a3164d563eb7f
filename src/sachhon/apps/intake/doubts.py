"""What a room above doubts about the figures a file has just brought, told at the cells they came from."""

from collections.abc import Sequence
from dataclasses import replace

from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.services.doubted import FigureDoubt, doubts_about
from sachhon.apps.registry.services.records import RecordRow
from sachhon.workbooks.problems import Problem


def doubts_of(facility: Facility, rows: Sequence[RecordRow]) -> list[Problem]:
    """The open doubts about the years of `rows`; one about a figure the file does not have bears no cell."""
    if not rows:
        return []
    return [_placed(doubt, rows) for doubt in doubts_about(facility, {row.year for row in rows})]


def _placed(doubt: FigureDoubt, rows: Sequence[RecordRow]) -> Problem:
    of_thing = [row for row in rows if row.year == doubt.year and _thing(row) == doubt.thing]
    row = next((row for row in of_thing if row.month == doubt.month), None)
    row = row or (of_thing[0] if of_thing and not doubt.month else None)
    if row is None:
        return doubt.problem
    cell = row.cell.partition(",")[0].rstrip("…")
    return replace(doubt.problem, sheet=row.sheet or None, cell=cell or None)


def _thing(row: RecordRow) -> tuple[str, int, str]:
    item = row.product if row.flow == "output" else row.resource
    return (row.flow, item.pk, row.meter)
