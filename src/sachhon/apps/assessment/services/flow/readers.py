"""What a person typed into one field, as a value; a mistake is told in words that say what to write instead."""

import contextlib
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models.flow import ENERGY, GOODS
from sachhon.apps.assessment.models.flow_kinds import ROWS
from sachhon.apps.assessment.services.flow.record_link import RecordLink
from sachhon.apps.assessment.services.flow.units import (
    unit_code,
)
from sachhon.apps.registry.models import Resource
from sachhon.reference.text import fold
from sachhon.workbooks.numbers import parse_number

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_MONTH_VN = re.compile(r"^(?:T|tháng\s*)?(0?[1-9]|1[0-2])\s*[/.-]\s*(\d{4})$", re.IGNORECASE)

Reader = Callable[[Any, "Place"], Any]


@dataclass
class Place:
    """The assessment whose rows may be named, by id or by code; rows of one reading are looked up once."""

    assessment: Assessment
    rows: dict[str, list] = field(default_factory=dict)

    def find(self, kind: str, wanted: Any):
        """The row of that id, code or name, which is not removed."""
        if kind not in self.rows:
            self.rows[kind] = list(ROWS[kind].objects.filter(assessment=self.assessment, removed=False))
        text = str(wanted).strip()
        by_key = [r for r in self.rows[kind] if text in (str(r.pk), r.code)]
        return (
            by_key or [r for r in self.rows[kind] if fold(getattr(r, "name", "")) == fold(text)] or [None]
        )[0]

    def add(self, kind: str, row) -> None:
        """A row that was made since."""
        if kind in self.rows:
            self.rows[kind].append(row)

    def forget(self) -> None:
        """Rows were changed: look again."""
        self.rows.clear()


def as_text(most: int, needed: bool = False, lines: bool = False) -> Reader:
    def reader(given: Any, place: Place) -> str:
        text = str(given if given is not None else "").strip()
        text = text.replace("\r\n", "\n") if lines else " ".join(text.split())
        if needed and not text:
            raise ValueError(_("Write something here."))
        if len(text) > most:
            raise ValueError(_("At most %(n)s characters fit here.") % {"n": most})
        return text

    return reader


def as_number(places: int, needed: bool = False, negative: bool = False) -> Reader:
    def reader(given: Any, place: Place) -> Decimal | None:
        if given is None or str(given).strip() == "":
            if needed:
                raise ValueError(_("Give a number."))
            return None
        number = parse_number(given, "en" if get_language() == "en" else "vi")
        if number is None:
            raise ValueError(_("“%(text)s” is no number: write 1.234,5.") % {"text": str(given)[:40]})
        if number < 0 and not negative:
            raise ValueError(_("A quantity is not below zero: turn the stream round instead."))
        if abs(number) >= Decimal(10) ** 14:
            raise ValueError(_("The number is too large: choose a larger unit."))
        return round(number, places)

    return reader


def as_place(given: Any, place: Place) -> float | None:
    if given in (None, ""):
        return None
    number = float(given)
    if not abs(number) < 1e6:
        raise ValueError(_("The place on the canvas is out of reach."))
    return round(number, 1)


def as_one_of(choices: type[models.TextChoices]) -> Reader:
    def reader(given: Any, place: Place) -> str:
        wanted = fold(str(given).strip())
        for value, label in choices.choices:
            if wanted in (value, fold(str(label))):
                return value
        offered = ", ".join(str(label) for label in choices.labels)
        raise ValueError(
            _("“%(text)s” is not offered here: choose one of %(offered)s.")
            % {"text": str(given)[:40], "offered": offered}
        )

    return reader


def as_row(kind: str, needed: bool = False) -> Reader:
    def reader(given: Any, place: Place):
        if given in (None, "", "–"):
            if needed:
                raise ValueError(_("Choose a process.") if kind == "process" else _("Choose a stream."))
            return None
        found = place.find(kind, given)
        if found is None:
            raise ValueError(
                _("There is no “%(text)s” in this flow-sheet: choose one of the list.")
                % {"text": str(given)[:40]}
            )
        return found

    return reader


def as_yes(given: Any, place: Place) -> bool:
    return given in (True, 1, "1", "on", "true", "True", "x", "X", "yes", "có")


def as_unit(given: Any, place: Place) -> str:
    return unit_code(str(given))


def as_resource(given: Any, place: Place) -> Resource | None:
    if given in (None, ""):
        return None
    found = Resource.objects.filter(code=str(given).strip()).first() or next(
        (r for r in Resource.objects.all() if fold(r.name_vi) == fold(str(given))), None
    )
    if found is None:
        raise ValueError(_("The resource “%(text)s” is not in the catalogue.") % {"text": str(given)[:40]})
    return found


def as_day(given: Any, place: Place) -> datetime.date | None:
    text = str(given or "").strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return datetime.datetime.strptime(text, form).date()  # noqa: DTZ007  (a day, not a moment)
    raise ValueError(_("“%(text)s” is no day: write 05/03/2026.") % {"text": text[:40]})


def as_layers(given: Any, place: Place) -> str:
    names = [part.strip() for part in re.split(r"[,;\s]+", str(given or "")) if part.strip()]
    known = {GOODS, ENERGY, "-goods"}
    for name in names:
        if name not in known and place.find("layer", name) is None:
            raise ValueError(
                _("The substance “%(text)s” is not in this flow-sheet: add it first.") % {"text": name}
            )
    return ",".join(names)


def as_layer(given: Any, place: Place) -> str:
    name = str(given or "").strip() or GOODS
    if name in (GOODS, ENERGY):
        return name
    found = place.find("layer", name)
    if found is None:
        raise ValueError(
            _("The substance “%(text)s” is not in this flow-sheet: add it first.") % {"text": name}
        )
    return found.code


def as_month(given: Any, place: Place) -> str:
    text = str(given or "").strip()
    if not text:
        return ""
    if turned := _MONTH_VN.match(text):
        text = f"{turned[2]}-{int(turned[1]):02d}"
    if not _MONTH.match(text):
        raise ValueError(
            _("“%(text)s” is no month: write 03/2025, or nothing for the whole period.") % {"text": text}
        )
    first, last = (d.strftime("%Y-%m") for d in (place.assessment.data_from, place.assessment.data_to))
    if not first <= text <= last:
        raise ValueError(_("%(month)s lies outside the period of the figures.") % {"month": text})
    return text


def as_records(given: Any, place: Place) -> dict:
    """What record_link.py made of monthly records, unchanged; anything else is no link."""
    if not given:
        return {}
    try:
        return RecordLink.from_json(given).as_json()
    except (ValueError, TypeError, KeyError, ArithmeticError):
        raise ValueError(
            _("These are no monthly records: take them from the facility's figures again.")
        ) from None
