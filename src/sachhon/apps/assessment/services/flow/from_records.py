"""Taking measurements from the facility's monthly records: nobody types a bill a second time.

What is taken twice is renewed, not doubled: the measurement of the same records at the same stream is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Measurement, Stream
from sachhon.apps.assessment.queries.flow_records import Series, bounds, series, source_of, spread_of
from sachhon.apps.assessment.services.errors import FieldsWrong, RowsWrong
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome, change
from sachhon.apps.assessment.services.flow.record_link import link_of
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Record, RecordSource
from sachhon.workbooks.numbers import parse_number

MOST_KG = 100_000  # of a piece
SOURCES = {
    RecordSource.METER: Measurement.Source.METER,
    RecordSource.INVOICE: Measurement.Source.BILL,
    RecordSource.LEDGER: Measurement.Source.BILL,
    RecordSource.REPORT: Measurement.Source.BILL,
    RecordSource.ESTIMATE: Measurement.Source.ESTIMATE,
}


@dataclass(frozen=True)
class Wanted:
    """A series of records (its `key`) for a stream; of what is counted, what one piece weighs as it was typed."""

    key: str
    stream: int
    piece_kg: str = ""


class TakingRefused(Exception):
    """Nothing was taken; `problems` says of each series why."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(text for _key, text in problems))
        self.problems = problems


def take(actor: User, assessment: Assessment, wanted: Sequence[Wanted], *, monthly: bool) -> Outcome:
    """Stores the records of each series as measurements of its stream, in one act: one of the period, or by month."""
    offered = {s.key: s for s in series(actor, assessment)}
    streams = {s.pk: s for s in Stream.objects.filter(assessment=assessment, removed=False)}
    edits, owners, problems = [], [], []
    for one in wanted:
        found, stream = offered.get(one.key), streams.get(one.stream)
        if found is None or stream is None:
            problems.append(
                (one.key, _("These records or this stream are not there any more: load the page again."))
            )
            continue
        if trouble := _other_resource(found, stream):
            problems.append((one.key, trouble))
            continue
        try:
            weight = _weight(found, one.piece_kg)
        except ValueError as error:
            problems.append((one.key, str(error)))
            continue
        mine = _edits(assessment, found, stream, monthly, weight)
        edits += mine
        owners += [one.key] * len(mine)
    if not edits and not problems:
        problems.append(("", _("Choose for at least one line the stream that it is of.")))
    if problems:
        raise TakingRefused(problems)
    try:
        return change(actor, assessment, edits)
    except RowsWrong as wrong:
        told = {(owners[k], text) for k, fields in wrong.rows.items() for text in fields.values()}
    except FieldsWrong as wrong:
        told = {(owners[0], text) for text in wrong.fields.values()}
    raise TakingRefused(sorted(told))


def _other_resource(found: Series, stream: Stream) -> str:
    if stream.resource_id is None or not found.resource or stream.resource.code == found.resource:
        return ""
    return _("“%(stream)s” is a stream of %(its)s, the records are of %(name)s: choose another stream.") % {
        "stream": stream.name, "its": stream.resource.name, "name": found.name,
    }  # fmt: skip


def _weight(found: Series, typed: str) -> Decimal | None:
    if not found.counted or not typed.strip():
        return None
    number = parse_number(typed, "en" if get_language() == "en" else "vi")
    if number is None or not 0 < number < MOST_KG:
        raise ValueError(
            _("“%(text)s” is no weight of a piece: write kilograms such as 1,6.") % {"text": typed[:20]}
        )
    return Decimal(number)


def _edits(
    assessment: Assessment, found: Series, stream: Stream, monthly: bool, weight: Decimal | None
) -> list[Edit]:
    edits = []
    if stream.resource_id is None and found.resource:
        # its density or heating value turns the records into the unit of the balance
        edits.append(Edit("stream", {"resource": found.resource}, stream.pk, stream.version))
    first, last = bounds(assessment)
    groups = found.months() if monthly else {"": list(found.records)}
    there = {}
    for m in Measurement.objects.filter(assessment=assessment, stream=stream, removed=False):
        link = link_of(m)
        if link and "|".join(link.key) == found.key:
            there[m.period] = m
    for month, records in groups.items():
        before = there.get(month)
        values = _values(found, records, stream, month, (month or first, month or last), weight)
        edits.append(
            Edit("measurement", values, before.pk if before else None, before.version if before else 0)
        )
    # by month where it was of the whole period, or the other way round: the two cannot stand beside each other
    edits += [
        Edit("measurement", {"removed": True}, m.pk, m.version)
        for period, m in there.items()
        if bool(period) != monthly
    ]
    return edits


def _values(
    found: Series,
    records: list[Record],
    stream: Stream,
    month: str,
    ends: tuple[str, str],
    weight: Decimal | None,
) -> dict:
    link = found.link(records, *ends, weight)
    value, unit = link.measured()
    return {
        "stream": stream.code,
        "value": value,
        "unit": unit,
        "spread_kind": Measurement.Spread.PERCENT,
        "spread": spread_of(records),
        "spread_at": Measurement.SpreadAt.STANDARD,
        "period": month,
        "source": SOURCES[RecordSource(source_of(records))],
        "meter": found.meter,
        "records": link.as_json(),
    }
