"""Writing monthly records: always with a history, always as a batch that can be undone as a whole.

Not for parsing or unit conversion: the rows given here are already in the unit of their resource or product.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from sachhon.apps.people import audit
from sachhon.apps.registry.models import Facility, Product, Record, RecordChange, Resource
from sachhon.apps.registry.signals import records_changed

TRACKED = ("quantity", "entered_quantity", "entered_unit", "cost_vnd", "source", "quality")


@dataclass(frozen=True)
class RecordRow:
    """One month of one thing, ready to be stored. Exactly one of `resource` and `product` is given."""

    year: int
    month: int
    flow: str
    quantity: Decimal
    resource: Resource | None = None
    product: Product | None = None
    meter: str = ""
    entered_quantity: str = ""
    entered_unit: str = ""
    cost_vnd: int | None = None
    source: str = "report"
    quality: str = "good"
    file_name: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def identity(self) -> tuple:
        return (
            self.year,
            self.month,
            self.flow,
            self.resource.pk if self.resource else None,
            self.product.pk if self.product else None,
            self.meter,
        )


def row_of(record: Record, **changes) -> RecordRow:
    """A stored record as a row to be written again, with what is to change in it."""
    names = ("year", "month", "flow", "quantity", "resource", "product", "meter", *TRACKED[1:])
    return RecordRow(**{name: getattr(record, name) for name in names} | changes)


@dataclass(frozen=True)
class Written:
    """What a write did."""

    created: int
    changed: int
    unchanged: int


class UndoRefused(Exception):
    """The batch cannot be undone; `str()` says why."""


@transaction.atomic
def write_records(actor, facility: Facility, rows: Sequence[RecordRow], *, batch: str = "") -> Written:
    """Stores `rows` at `facility`: new ones are made, different ones changed, equal ones left alone.

    Each change is kept in RecordChange with the cell it came from. Writing the same rows twice changes
    nothing the second time. Two rows with one identity in a single call are a mistake of the caller
    (ValueError). Signals ``records_changed`` with the years touched.
    """
    wanted = {row.identity: row for row in rows}
    if len(wanted) != len(rows):
        raise ValueError("two rows for the same month and thing")
    years = {row.year for row in rows}
    existing = {_identity(record): record for record in facility.records.filter(year__in=years)}
    created, changed, changes = [], [], []
    for identity, row in wanted.items():
        record = existing.get(identity)
        if record is None:
            record = Record(facility=facility, year=row.year, month=row.month, flow=row.flow, meter=row.meter)
            record.resource, record.product = row.resource, row.product
            before = None
            created.append(record)
        else:
            before = _state(record)
        _apply(record, row)
        after = _state(record)
        if before == after:
            continue
        if before is not None:
            record.version += 1
            changed.append(record)
        changes.append((record, before, after, row))
    Record.objects.bulk_create(created, batch_size=500)
    stamp = timezone.now()
    for record in changed:
        record.updated_at = stamp
    Record.objects.bulk_update(changed, [*TRACKED, "version", "updated_at"], batch_size=500)
    RecordChange.objects.bulk_create(
        [
            RecordChange(
                record=record,
                facility=facility,
                record_key=list(_identity(record)),
                actor=actor,
                batch=batch,
                before=before,
                after=after,
                file_name=row.file_name[:255],
                sheet=row.sheet[:64],
                cell=row.cell[:255],
            )
            for record, before, after, row in changes
        ],
        batch_size=500,
    )
    if changes:
        _tell(facility, {record.year for record, *_ in changes})
    return Written(len(created), len(changed), len(rows) - len(created) - len(changed))


def delete_record(actor, record: Record, *, batch: str = "") -> None:
    """Removes one record; its history stays and says who removed it. Under `batch`, `undo_batch` brings it back."""
    delete_records(actor, record.facility, [record], batch=batch)


@transaction.atomic
def delete_records(actor, facility: Facility, records: Iterable[Record], *, batch: str = "") -> None:
    """Removes records of one facility, each with its history. Signals ``records_changed`` once for all."""
    years = set()
    for record in records:
        RecordChange.objects.create(
            facility=facility,
            record_key=list(_identity(record)),
            actor=actor,
            batch=batch,
            before={**_state(record), "evidence": record.evidence.name},
        )
        audit.record(actor, "record.delete", record, before=audit.snapshot(record))
        years.add(record.year)
        record.delete()
    if years:
        _tell(facility, years)


@transaction.atomic
def undo_batch(actor, batch: str) -> int:
    """Takes back everything done under `batch`, deletions too; returns how many records went back.

    A record that somebody changed or removed after the batch is not touched: the undo is refused as a whole,
    naming it.
    """
    changes = list(
        RecordChange.objects.filter(batch=batch, undone_at__isnull=True).select_related("record", "facility")
    )
    touched: dict[int, tuple[Facility, set[int]]] = {}
    for change in sorted(changes, key=lambda c: c.pk, reverse=True):
        if change.after is None:
            _bring_back(change)
        else:
            _take_back(change)
        facility, years = touched.setdefault(change.facility_id, (change.facility, set()))
        years.add(change.record_key[0])
    RecordChange.objects.filter(pk__in=[c.pk for c in changes]).update(undone_at=timezone.now())
    for facility, years in touched.values():
        audit.record(actor, "records.undo", facility, after={"batch": batch, "records": len(changes)})
        _tell(facility, years)
    return len(changes)


def _take_back(change: RecordChange) -> None:
    """Undoes a record that was made or changed."""
    record = change.record
    if record is None:
        removed = _same_record(change, later=True).filter(after__isnull=True, undone_at=None).first()
        if removed is not None and (removed.batch or change.before is not None):
            raise UndoRefused(_words(change))
        return  # made by the batch, removed by hand since: it is gone already
    if _state(record) != change.after:
        raise UndoRefused(f"{record.facility.code} {record} v{record.version}")
    if change.before is None:
        record.delete()
        return
    _restore(record, change.before)
    record.version += 1
    record.save()


def _bring_back(change: RecordChange) -> None:
    """Undoes a deletion; the record has its earlier history again, so that earlier batches can be undone too."""
    year, month, flow, resource, product, meter = change.record_key
    identity = {
        "year": year, "month": month, "flow": flow, "resource_id": resource, "product_id": product, "meter": meter,
    }  # fmt: skip
    if change.facility.records.filter(**identity).exists():
        raise UndoRefused(_words(change))
    record = Record(facility=change.facility, **identity)
    _restore(record, change.before)
    record.evidence = change.before.get("evidence", "")
    record.save()
    earlier = _same_record(change, later=False)
    removed = earlier.filter(after__isnull=True).order_by("-pk").first()
    if removed is not None:
        earlier = earlier.filter(pk__gt=removed.pk)
    earlier.filter(record=None).update(record=record)


def _same_record(change: RecordChange, *, later: bool):
    """The changes of the record that `change` is of, after it or before it; told by its key, once it is gone."""
    same = RecordChange.objects.filter(facility=change.facility, record_key=change.record_key)
    return same.filter(pk__gt=change.pk) if later else same.filter(pk__lt=change.pk)


def _words(change: RecordChange) -> str:
    year, month, *_rest = change.record_key
    return f"{change.facility.code} {month:02d}/{year}"


def _tell(facility: Facility, years: Iterable[int]) -> None:
    records_changed.send(sender=Record, facility=facility, years=sorted(years))


def _identity(record: Record) -> tuple:
    return (record.year, record.month, record.flow, record.resource_id, record.product_id, record.meter)


def _apply(record: Record, row: RecordRow) -> None:
    record.quantity = row.quantity.quantize(Decimal("0.000001"))
    record.entered_quantity = row.entered_quantity[:64]
    record.entered_unit = row.entered_unit[:64]
    record.cost_vnd = row.cost_vnd
    record.source = row.source
    record.quality = row.quality


def _state(record: Record) -> dict:
    state = {name: getattr(record, name) for name in TRACKED}
    state["quantity"] = str(state["quantity"].quantize(Decimal("0.000001")))
    return state


def _restore(record: Record, state: dict) -> None:
    for name in TRACKED:
        setattr(record, name, state[name])
    record.quantity = Decimal(state["quantity"])
