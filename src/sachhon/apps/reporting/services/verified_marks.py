"""What a solution of a report keeps of the verification it was taken over from, in the shape of its origins."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Kind
from sachhon.apps.reporting.models import ReportSolution

PREFIX = "verified"


@dataclass(frozen=True)
class Mark:
    """Where a solution of a report was taken over from, and what was verified there."""

    key: str
    judged_by: str
    first: datetime.date
    last: datetime.date
    kind: str  # of assessment, in words
    codes: str  # "GP-01 + GP-02"
    assessment: int
    savings: tuple[tuple[str, str, Decimal], ...]  # resource, unit, quantity over the measured months
    saving_vnd: int | None
    altered: bool  # the row says other figures now
    expected: Mapping[str, Decimal]  # resource → what the baseline would have used over those months


def mark_of(solution: ReportSolution) -> Mark | None:
    """Where the row was taken over from; None for one that was typed or read from a file."""
    return read_mark(solution.origins, solution.savings, solution.saving_vnd_per_year)


def options_of_key(key: str) -> set[int]:
    """The options of a proposal's key: "option:12+13:2025"."""
    return {int(pk) for pk in key.split(":")[1].split("+") if pk.isdigit()}


def read_mark(origins: Mapping, stored: Sequence[Mapping], stored_vnd: int | None) -> Mark | None:
    """The same from the columns of a row."""
    if PREFIX not in origins:
        return None
    key, judged_by, months = origins[PREFIX]
    kind, codes, assessment = origins[f"{PREFIX}.option"]
    first, last = (datetime.date.fromisoformat(day) for day in months.split("/"))
    savings = tuple(
        (resource, unit, Decimal(quantity))
        for name, (resource, unit, quantity) in origins.items()
        if name.startswith(f"{PREFIX}.savings.")
    )
    money = origins.get(f"{PREFIX}.saving_vnd_per_year")
    vnd = int(money[2]) if money else None
    expected = {
        resource: Decimal(quantity)
        for name, (resource, _unit, quantity) in origins.items()
        if name.startswith(f"{PREFIX}.expected.")
    }
    altered = vnd != stored_vnd or sorted(savings) != sorted(map(_said, stored))
    return Mark(
        key,
        judged_by,
        first,
        last,
        str(Kind(kind).label),
        codes,
        int(assessment),
        savings,
        vnd,
        altered,
        expected,
    )


def _said(saving: Mapping) -> tuple[str, str, Decimal]:
    return saving["resource"], saving["unit"], Decimal(saving["quantity"])
