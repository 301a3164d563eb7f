"""What every chapter of the detailed report is written from, and the small things they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Assessment, Option
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Resource
from sachhon.documents.compose import TableBlock
from sachhon.documents.shapes import Column, Lang, Table

MILLION = 1e6


@dataclass(frozen=True)
class Told:
    """For whom the report is written, of what, in which language."""

    user: User
    assessment: Assessment
    lang: Lang
    options: list[Option]
    names: Mapping[str, Resource]


def told_table(code: str, title: str, columns: list[Column], rows: list[tuple]) -> TableBlock:
    """A table under its title."""
    return TableBlock(title, Table(code, title, tuple(columns), tuple(rows)))


def millions(vnd) -> Decimal | None:
    """Million dong, with all the digits a float holds."""
    return None if vnd is None else decimal(float(vnd) / MILLION)


def decimal(value) -> Decimal | None:
    """A number with all the digits a float holds: it is rounded once, where it is printed."""
    return None if value is None else Decimal(f"{float(value):.15g}")
