"""The months of a file laid beside the records that are there: which are taken, which stay out, and what is told.

A figure that differs from another source's replaces it, with a warning that names both. It stays out, and is
told, where it would be counted twice, where it knows less than the one it would replace, where it was read from
something less exact (a bill does not replace the meter, whichever comes later), and where the report of its year
was accepted. The money that is there stays where the file says none, whichever figure it stands beside: it was paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from sachhon.apps.intake.told import Telling
from sachhon.apps.registry.models import Facility, Product, Record, RecordChange
from sachhon.apps.registry.services.judged import judged_years
from sachhon.apps.registry.services.records import RecordRow
from sachhon.reference.facts import facts
from sachhon.reference.text import fold


@dataclass(frozen=True)
class Month:
    """A reading in its month, of a thing the registry knows or will know."""

    row: RecordRow
    complete: bool
    spread: bool  # from a quarter, half or year: an even share, not a reading

    @property
    def key(self) -> tuple:
        """Its record's identity; a product that is not stored yet goes by its name."""
        year, month, flow, resource, product, meter = self.row.identity
        if isinstance(self.row.product, Product) and product is None:
            product = fold(self.row.product.name)[:255]
        return (year, month, flow, resource, product, meter)

    @property
    def item(self):
        return self.row.product or self.row.resource

    @property
    def lack(self) -> str:
        """Why it knows less than a figure of the whole month: "share", "gaps" or "part"; a word of `shown`."""
        if self.spread:
            return "share"
        return "gaps" if self.row.quality == "estimated" else "part"

    @property
    def period(self) -> str:
        return f"{self.row.year}-{self.row.month:02d}"

    @property
    def place(self) -> tuple[str, str]:
        return self.row.sheet, self.row.cell


def beside(facility: Facility, months: Sequence[Month], telling: Telling) -> list[RecordRow]:
    """The rows to be written, after a look at the records that stand there; the rest is told."""
    years = {month.row.year for month in months}
    there = list(facility.records.filter(year__in=years).select_related("resource", "product"))
    look = _Look(there, judged_years(facility, years), telling)
    return [row for month in months if (row := look.at(month)) is not None]


class _Look:
    def __init__(self, there: Sequence[Record], judged: set[int], telling: Telling):
        self._judged, self._telling, self._sources = judged, telling, _Sources(there)
        self._same = {_identity(record): record for record in there}
        self._by_thing: dict[tuple, list[Record]] = {}
        for record in there:
            self._by_thing.setdefault(_identity(record)[:-1], []).append(record)

    def at(self, month: Month) -> RecordRow | None:
        """The row to be written for this month, if any."""
        record, row = self._same.get(month.key), month.row
        others = [r for r in self._by_thing.get(month.key[:-1], ()) if bool(r.meter) != bool(row.meter)]
        if others:
            self._tell("error", "total_and_meters", month, others[0])
            return None
        is_same = record is not None and record.quantity == row.quantity.quantize(record.quantity)
        if row.year in self._judged:
            if not is_same:
                self._tell("warning", "judged_year_kept", month, record, source=False)
            return None
        if record is None:
            return row
        # What the file does not say is not lost: a meter's export has no money, the bill before it had.
        row = replace(row, cost_vnd=record.cost_vnd) if row.cost_vnd is None else row
        outranked = _rank(row) < _rank(record)
        if is_same:
            self._tell_cost("cost_kept" if outranked else "cost_replaced", month, record)
            return _as_known(row, record) if outranked else row
        if month.spread or (not month.complete and record.quality == "good"):
            self._tell("warning", "less_known", month, record, why=month.lack)
        elif outranked:
            self._tell("warning", "outranked", month, record, kind=row.source, there=record.source)
            if record.cost_vnd is None and row.cost_vnd is not None:
                self._tell_cost("cost_added", month, record)
                return _as_known(row, record)
        else:
            self._tell("warning", "value_replaced", month, record)
            return row
        return None

    def _tell(self, level, rule: str, month: Month, record: Record | None, *, source=True, **more) -> None:
        figure = (month.period, None if record is None else _text(record.quantity), _text(month.row.quantity))
        said = self._sources.of(record) if record is not None and source else ""
        params = {"item": str(month.item), "unit": month.item.unit, "year": month.row.year, **more}
        self._telling.of_month(level, rule, month.place, figure, source=said, **params)

    def _tell_cost(self, rule: str, month: Month, record: Record) -> None:
        """Another cost than the one that stands there is told, and one where there was none beside a better figure."""
        old, new = record.cost_vnd, month.row.cost_vnd
        if new is None or old == new or (old is None and rule != "cost_added"):
            return
        params = {"item": str(month.item), "year": month.row.year}
        figure = (month.period, None if old is None else str(old), str(new))
        level = "info" if rule == "cost_added" else "warning"
        self._telling.of_month(level, rule, month.place, figure, source=self._sources.of(record), **params)


class _Sources:
    """Where each record's present figure came from, in words, looked up once."""

    def __init__(self, records: Sequence[Record]):
        changes = RecordChange.objects.filter(record__in=records, undone_at=None).select_related("actor")
        self._last = {change.record_id: change for change in changes.order_by("pk")}

    def of(self, record: Record) -> str:
        change = self._last.get(record.pk)
        if change is None:
            return record.get_source_display()
        if change.file_name:
            return change.file_name
        return change.actor.display_name() if change.actor else record.get_source_display()


def _as_known(row: RecordRow, record: Record) -> RecordRow:
    """The record as it is, with the row's cost where it has none: a lesser source makes a figure no less sure."""
    return replace(
        row,
        quantity=record.quantity,
        source=record.source,
        quality=record.quality,
        entered_quantity=record.entered_quantity,
        entered_unit=record.entered_unit,
        cost_vnd=row.cost_vnd if record.cost_vnd is None else record.cost_vnd,
    )


def _rank(figure: RecordRow | Record) -> int:
    """How exact the source is; what is estimated, or of a part of the month, is no better than an estimate."""
    return _ranks()[figure.source if figure.quality == "good" else "estimate"]


@cache
def _ranks() -> dict[str, int]:
    return {fact.code: int(fact.value or 0) for fact in facts("source_ranks")}


def _identity(record: Record) -> tuple:
    return (record.year, record.month, record.flow, record.resource_id, record.product_id, record.meter)


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"
