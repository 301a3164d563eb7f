"""The facility's monthly records beside its flow-sheet: what can be taken from them, and what changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Measurement
from sachhon.apps.assessment.services.flow.record_link import PIECE, RecordLink, Row, is_sum, link_of
from sachhon.apps.registry.models import Flow, Record, RecordSource
from sachhon.reference import dimension, facts

RECORDS = "record_spreads"  # table of facts: how far a month's record may lie off, by its source


@dataclass(frozen=True)
class Series:
    """Everything recorded of one thing on one meter in the months of an assessment, oldest first."""

    flow: str
    item: str
    meter: str
    name: str
    unit: str
    resource: str  # its code; "" of a product
    records: tuple[Record, ...]
    missing: tuple[str, ...]  # months of the period without a record

    @property
    def key(self) -> str:
        return f"{self.flow}|{self.item}|{self.meter}"

    @property
    def total(self) -> Decimal:
        return sum((r.quantity for r in self.records), Decimal(0))

    @property
    def counted(self) -> bool:
        """Whether it is counted in pieces, whose weight says what mass that is."""
        return dimension(self.unit) == dimension(PIECE)

    @property
    def missing_words(self) -> str:
        return month_words(self.missing)

    @property
    def flow_word(self) -> str:
        return str(Flow(self.flow).label)

    @property
    def source(self) -> str:
        return source_of(self.records)

    @property
    def source_word(self) -> str:
        return str(RecordSource(self.source).label)

    @property
    def spread(self) -> Decimal:
        return spread_of(self.records)

    def months(self) -> dict[str, list[Record]]:
        out: dict[str, list[Record]] = {}
        for record in self.records:
            out.setdefault(month_of(record), []).append(record)
        return out

    def link(
        self, records: Sequence[Record], first: str, last: str, piece_kg: Decimal | None = None
    ) -> RecordLink:
        rows = tuple(Row(r.pk, month_of(r), r.quantity) for r in records)
        return RecordLink(self.flow, self.item, self.meter, self.unit, first, last, rows, piece_kg)


@dataclass(frozen=True)
class LinkShown:
    """What a page says of a measurement that came from records."""

    count: int
    key: str  # of the series, to take it again
    piece_kg: str  # what one piece was taken to weigh, as a form sends it
    item: str  # for the address of the list of records
    typed_over: bool  # the measurement no longer says what the records said
    total: Decimal  # what they say now
    unit: str
    changed: tuple[str, ...] = field(default=())  # months whose records say something else now

    @property
    def months(self) -> str:
        return month_words(self.changed)


def month_words(months: Iterable[str]) -> str:
    """ "2025-03" as people write it, several with commas."""
    return ", ".join(f"{month[5:]}/{month[:4]}" for month in months)


def month_of(record: Record) -> str:
    return f"{record.year}-{record.month:02d}"


def source_of(records: Sequence[Record]) -> str:
    """The source that most of the quantity comes from."""
    by: dict[str, Decimal] = {}
    for r in records:
        by[r.source] = by.get(r.source, Decimal(0)) + r.quantity
    return max(by, key=lambda source: by[source])


def spread_of(records: Sequence[Record]) -> Decimal:
    """Standard uncertainty of their sum in % of it, to one digit after the point.

    One meter's error is the same in every month: the uncertainties add up, they do not cancel (JCGM 100, 5.2.2
    note 1). Of each record by its source and its quality, whichever is the wider.
    """
    known = {f.code: f.value or Decimal(0) for f in facts(RECORDS)}
    total = sum((r.quantity for r in records), Decimal(0))
    each = [(r.quantity, max(known[r.source], known.get(r.quality, Decimal(0)))) for r in records]
    if not total:
        return max((share for _q, share in each), default=Decimal(0))
    return round(sum((q * share for q, share in each), Decimal(0)) / total, 1)


def series(user, assessment: Assessment) -> list[Series]:
    """What can be taken: products first, then what is consumed, then waste and emissions."""
    first, last = bounds(assessment)
    found: dict[tuple[str, str, str], list[Record]] = {}
    for record in _records(user, assessment):
        if first <= month_of(record) <= last:
            found.setdefault(_key(record), []).append(record)
    order = list(Flow.values)
    months = _months(first, last)
    out = []
    for (flow, item, meter), rows in found.items():
        there = {month_of(r) for r in rows}
        out.append(
            Series(
                flow, item, meter, rows[0].item.name, rows[0].unit,
                rows[0].resource.code if rows[0].resource else "",
                tuple(rows), tuple(m for m in months if m not in there),
            )
        )  # fmt: skip
    return sorted(out, key=lambda s: (order.index(s.flow), s.name, s.meter))


def links(user, assessment: Assessment, rows: Iterable[Measurement]) -> dict[int, LinkShown]:
    """Measurement → what became of its records, for those that came from records."""
    linked = [(m, link) for m in rows if (link := link_of(m))]
    if not linked:
        return {}
    now: dict[tuple[str, str, str], dict[int, Record]] = {}
    for record in _records(user, assessment):
        now.setdefault(_key(record), {})[record.pk] = record
    return {m.pk: _shown(m, link, now.get(link.key, {})) for m, link in linked}


def moved_words(user, assessment: Assessment, rows: Iterable[Measurement]) -> list[tuple[str, str, str, str]]:
    """(level, code, what, cure) of every measurement whose monthly records say something else now."""
    rows = list(rows)
    shown = links(user, assessment, rows)
    return [
        (
            "warning",
            m.code,
            _("The monthly figures behind “%(name)s” changed: %(months)s.")
            % {"name": m.stream.name, "months": link.months},
            _("Take them again on the page of measurements."),
        )
        for m in rows
        if (link := shown.get(m.pk)) and link.changed
    ]


def bounds(assessment: Assessment) -> tuple[str, str]:
    """First and last month of the figures."""
    return f"{assessment.data_from:%Y-%m}", f"{assessment.data_to:%Y-%m}"


def _shown(m: Measurement, link: RecordLink, there: dict[int, Record]) -> LinkShown:
    then: dict[str, Decimal] = {}
    for row in link.rows:
        then[row.month] = then.get(row.month, Decimal(0)) + row.quantity
    now: dict[str, Decimal] = {}
    for record in there.values():
        if link.holds(month := month_of(record)):
            now[month] = now.get(month, Decimal(0)) + record.quantity
    changed = tuple(month for month in sorted(then.keys() | now.keys()) if then.get(month) != now.get(month))
    total = sum(now.values(), Decimal(0))
    return LinkShown(
        len(link.rows),
        "|".join(link.key),
        typed_weight(link.piece_kg),
        link.item,
        not is_sum(m),
        total,
        link.unit,
        changed,
    )


def typed_weight(number: Decimal | None) -> str:
    """The weight of a piece as a person types it."""
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")


def _records(user, assessment: Assessment) -> Iterable[Record]:
    rows = Record.objects.visible_to(user).filter(
        facility=assessment.facility, year__range=(assessment.data_from.year, assessment.data_to.year)
    )
    return rows.select_related("resource", "product").order_by("year", "month", "pk")


def _key(record: Record) -> tuple[str, str, str]:
    item = f"product-{record.product_id}" if record.product_id else record.resource.code
    return record.flow, item, record.meter


def _months(first: str, last: str) -> list[str]:
    year, month = (int(part) for part in first.split("-"))
    out = []
    while (text := f"{year}-{month:02d}") <= last:
        out.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return out
