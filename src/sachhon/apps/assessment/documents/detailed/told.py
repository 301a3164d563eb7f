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
    """Million dong, to six digits."""
    return None if vnd is None else Decimal(f"{float(vnd) / MILLION:.6g}")


def decimal(value) -> Decimal | None:
    """A number to six digits."""
    return None if value is None else Decimal(f"{float(value):.6g}")
