"""The solutions of a mapped file as a table shows them, from the plain form kept with the file."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.reference.catalogue import option_groups
from sachhon.reference.numbers import format_number, sensible_decimals
from sachhon.reference.resources import resource
from sachhon.reference.units import unit_label
from sachhon.workbooks.annual.model import TREATMENT


@dataclass(frozen=True)
class SolutionLine:
    """One solution: what is blank is asked for by the report."""

    name: str
    group: str
    done: datetime.date | None
    investment_vnd: int | None
    saved: tuple[str, ...]
    saving_vnd_per_year: int | None
    year: int


def solution_lines(kept: Iterable[Mapping[str, Any]]) -> list[SolutionLine]:
    """The lines in the order of the file, in the language of the page."""
    return [_line(each) for each in kept]


def _line(kept: Mapping[str, Any]) -> SolutionLine:
    return SolutionLine(
        name=kept["name"],
        group=_group(kept["group"]),
        done=datetime.date.fromisoformat(kept["done"]) if kept["done"] else None,
        investment_vnd=kept["investment_vnd"],
        saved=tuple(_saved(each) for each in kept["savings"]),
        saving_vnd_per_year=kept["saving_vnd_per_year"],
        year=kept["year"],
    )


def _group(code: str) -> str:
    if code == TREATMENT:
        return _("Waste treatment")
    lang = get_language() or "vi"
    return next((fact.name(lang) for fact in option_groups() if fact.code == code), code)


def _saved(saving: Mapping[str, str]) -> str:
    lang = get_language() or "vi"
    quantity = Decimal(saving["quantity"])
    amount = format_number(quantity, lang, sensible_decimals(quantity))
    return f"{amount} {unit_label(saving['unit'], lang)} {resource(saving['resource']).name(lang).lower()}"
