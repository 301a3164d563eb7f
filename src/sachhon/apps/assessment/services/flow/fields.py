"""What may stand in each field of a flow-sheet's row, read from what a person typed or a file holds.

Every way in (form, canvas, paste, workbook, JSON) comes through `read`: the same words refuse the same mistake.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Cause,
    Measurement,
    PlanTask,
    Process,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.assessment.models.flow import ENERGY, GOODS
from sachhon.apps.assessment.models.flow_kinds import ROWS
from sachhon.apps.assessment.services.errors import FieldsWrong
from sachhon.apps.assessment.services.flow.readers import Place
from sachhon.apps.assessment.services.flow.row_fields import FIELDS
from sachhon.apps.assessment.services.flow.units import (
    WrongUnit,
    content_factor,
    flow_factor,
)


def read(kind: str, raw: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The values of the fields named in `raw`; `FieldsWrong` says all that is wrong with them at once."""
    values, wrong = {}, {}
    for name, given in raw.items():
        reader = FIELDS[kind].get(name)
        if reader is None:
            wrong[name] = _("“%(name)s” is no field of this row.") % {"name": name}
            continue
        try:
            values[name] = reader(given, place)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise FieldsWrong(wrong)
    return values


def field_label(kind: str, name: str) -> str:
    """What people call a field of a row."""
    columns = {f.name: f for f in ROWS[kind]._meta.get_fields()}
    return str(columns[name].verbose_name) if name in columns else name


def settle(row: models.Model) -> None:
    """Checks a row as a whole, and fills what follows from the rest; `FieldsWrong` as above."""
    if isinstance(row, Stream):
        _settle_stream(row)
    elif isinstance(row, Measurement):
        _settle_measurement(row)
    elif isinstance(row, StockLevel):
        _settle_stock(row)
    elif isinstance(row, TransferShare):
        _settle_share(row)
    elif isinstance(row, Process):
        _settle_process(row)
    elif isinstance(row, PlanTask) and row.starts and row.ends and row.ends < row.starts:
        raise FieldsWrong({"ends": _("The task ends before it begins: choose a later last day.")})
    elif isinstance(row, Cause) and row.because_id and row.because.stream_id != row.stream_id:
        raise FieldsWrong({"because": _("Choose a cause of the same stream.")})


def _settle_process(row: Process) -> None:
    above, seen = row.parent, {row.pk}
    while above is not None:
        if above.pk in seen:
            raise FieldsWrong({"parent": _("A process cannot lie inside itself: choose another one.")})
        seen.add(above.pk)
        above = above.parent


def _settle_stream(row: Stream) -> None:
    if row.source_id is None and row.target_id is None:
        raise FieldsWrong(
            {"target": _("A stream needs a process at one end at least: choose where it goes.")}
        )
    if row.source_id == row.target_id:
        raise FieldsWrong({"target": _("The stream leads back to where it starts: choose another process.")})
    if row.use in (Stream.Use.INTERNAL, Stream.Use.OPEN):
        row.use = _use_of(row)


def _use_of(row: Stream) -> str:
    """What follows from the ends alone; of what leaves, only waste says itself what it is."""
    if row.source_id is None:
        return Stream.Use.INPUT
    if row.target_id is not None:
        return Stream.Use.INTERNAL
    return Stream.Use.LOSS if row.kind == Stream.Kind.WASTE else Stream.Use.OPEN


def _settle_measurement(row: Measurement) -> None:
    stream, resource = row.stream, row.stream.resource.code if row.stream.resource else ""
    if row.layer == GOODS and stream.kind == Stream.Kind.ENERGY and row.what == row.What.FLOW:
        row.layer = ENERGY if not carries_goods(stream) else GOODS
    if row.what == row.What.CONTENT and row.layer == GOODS:
        raise FieldsWrong({"layer": _("A content is the content of a substance or of energy: choose which.")})
    if is_zero_percent(row):
        raise FieldsWrong(
            {
                "spread": _(
                    "A share of 0 is 0 and would make this reading exact: give the uncertainty in the unit of the "
                    "reading, the smallest amount it would have shown, say."
                )
            }
        )
    factor = content_factor if row.what == row.What.CONTENT else flow_factor
    try:
        factor(row.unit, row.layer, resource, stream.kind, row.assessment.data_to)
    except WrongUnit as error:
        raise FieldsWrong({"unit": str(error)}) from None


def _settle_stock(row: StockLevel) -> None:
    if row.moment == StockLevel.Moment.OPENING and row.period:
        raise FieldsWrong(
            {"period": _("What lay there at the beginning is of the whole period: leave the month empty.")}
        )
    try:
        flow_factor(
            row.unit, row.layer, row.resource.code if row.resource else "", "material", row.assessment.data_to
        )
    except WrongUnit as error:
        raise FieldsWrong({"unit": str(error)}) from None


def _settle_share(row: TransferShare) -> None:
    if row.stream.source_id is None:
        raise FieldsWrong(
            {"stream": _("This stream leaves no process: a share is of what flows into one. Choose another.")}
        )
    if row.share is not None and row.share > 100:
        raise FieldsWrong({"share": _("No more than all can leave: write at most 100.")})
    if row.layer == GOODS and not carries_goods(row.stream):
        raise FieldsWrong({"layer": _("This stream carries no mass: choose energy or a substance.")})


def is_zero_percent(row: Measurement) -> bool:
    """Whether a reading of 0 has an uncertainty in percent or by class, which is none. What the books say is a count
    of what was entered, and 0 % says on purpose that it is exact."""
    return row.value == 0 and row.spread > 0 and row.spread_kind != row.Spread.ABSOLUTE and not row.records


def carries_goods(stream: Stream) -> bool:
    """Whether a stream has a part in the balance of mass: energy only where it says so, the rest unless it denies."""
    named = stream.layers.split(",")
    return "goods" in named if stream.kind == Stream.Kind.ENERGY else "-goods" not in named
