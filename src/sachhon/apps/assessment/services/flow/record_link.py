"""The thread from a measurement of a flow-sheet to the monthly records of the facility that it is the sum of.

The measurement keeps which records they were and what they said then, so that it can be told later whether a record
was corrected, came in late or was taken away since.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sachhon.apps.assessment.models import Measurement
from sachhon.reference import convert

_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
MOST_ROWS = 600
PIECE = "cai"  # the unit of what is counted


@dataclass(frozen=True)
class Row:
    """One record as it was when it was taken."""

    pk: int
    month: str  # "2025-03"
    quantity: Decimal


@dataclass(frozen=True)
class RecordLink:
    """Records of one resource or product on one meter over the months `first` … `last`, in `unit`.

    piece_kg : what one piece weighs, where pieces were counted and the measurement is their mass; else None.
    """

    flow: str
    item: str  # code of the resource, or "product-<key>"
    meter: str
    unit: str
    first: str
    last: str
    rows: tuple[Row, ...]
    piece_kg: Decimal | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one series of records from another."""
        return self.flow, self.item, self.meter

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(r.pk for r in self.rows)

    @property
    def total(self) -> Decimal:
        return sum((r.quantity for r in self.rows), Decimal(0))

    def measured(self, quantity: Decimal | None = None) -> tuple[Decimal, str]:
        """The quantity (theirs together, where none is given) as a measurement has it: (value, unit)."""
        amount = self.total if quantity is None else quantity
        if self.piece_kg is None:
            return amount, self.unit
        return convert(amount, self.unit, PIECE) * self.piece_kg, "kg"

    def holds(self, month: str) -> bool:
        return self.first <= month <= self.last

    def as_json(self) -> dict[str, Any]:
        return {
            "flow": self.flow,
            "item": self.item,
            "meter": self.meter,
            "unit": self.unit,
            "first": self.first,
            "last": self.last,
            "piece_kg": None if self.piece_kg is None else str(self.piece_kg),
            "rows": [[r.pk, r.month, str(r.quantity)] for r in self.rows],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "RecordLink":
        """The link that `as_json` wrote; ValueError, TypeError or KeyError where it is none."""
        rows = tuple(Row(int(pk), str(month), Decimal(str(q))) for pk, month, q in given["rows"][:MOST_ROWS])
        first, last = str(given["first"]), str(given["last"])
        if not rows or not all(_MONTH.match(month) for month in (first, last, *(r.month for r in rows))):
            raise ValueError(given)
        weight = None if given.get("piece_kg") is None else Decimal(str(given["piece_kg"]))
        if not all(q.is_finite() for q in (*(r.quantity for r in rows), weight or Decimal(0))):
            raise ValueError(given)
        words = (str(given[name])[:64] for name in ("flow", "item", "meter", "unit"))
        return cls(*words, first, last, rows, weight)


def link_of(measurement: Measurement) -> RecordLink | None:
    """The records a measurement was taken from; None where it was typed."""
    return RecordLink.from_json(measurement.records) if measurement.records else None


def is_sum(measurement: Measurement) -> bool:
    """Whether it still says what its records said: somebody may have typed another value over it."""
    link = link_of(measurement)
    if link is None:
        return False
    value, unit = link.measured()
    return measurement.unit == unit and measurement.value == round(value, 9)
