"""A facility's own figure in the terms of a benchmark: what the row counts, per what the row is per.

All energy is electricity and every fuel together; a row per tonne of raw material divides by raw material. What a row
counts stands in the library (`counts`, `per`, `products`), nothing of it is guessed from the unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sachhon.apps.assessment.queries.quick_bricks import wants_standard
from sachhon.apps.assessment.queries.quick_figures import (
    ENERGY,
    Figures,
    Line,
    factor,
    months_of_both,
    output_of,
    sum_in,
)
from sachhon.apps.guidance.content import benchmark_scope
from sachhon.reference.families import covers
from sachhon.reference.library import names_one

ALL_ENERGY = "energy"


@dataclass(frozen=True)
class Compared:
    """The figure in the benchmark's unit, what stands above (`use`, in `use_unit`) and below (`per`) the line."""

    value: Decimal
    use: Decimal
    use_unit: str
    per: Decimal
    per_unit: str
    lines: list[Line]
    per_lines: list[Line]

    @property
    def typed(self) -> bool:
        return any(line.typed for line in (*self.lines, *self.per_lines))


def compared(found: Figures, benchmark: Mapping[str, Any]) -> Compared | None:
    """The facility against one benchmark (plain, as a sheet pins it); None where its records do not tell that.

    Over the months for which both sides are known; typed totals count whole. All energy is told only where both
    electricity and a fuel are known (a fuel that is not burnt is typed as 0): one of them alone always looks good.
    """
    row = benchmark_scope(benchmark) | benchmark
    lines = [
        line
        for use in found.uses.values()
        for line in use.lines
        if line.quantity is not None and covers(row["counts"], line.thing.code, line.thing.kind)
    ]
    per_lines = _per(found, row)
    if not lines or not per_lines or (row["resource"] == ALL_ENERGY and not _both(found, lines)):
        return None
    typed = any(line.typed for line in (*lines, *per_lines))
    months = None if typed else months_of_both(lines, per_lines)
    if not typed and not months:
        return None
    wanted = row["unit_code"].partition("/")[0]
    use = sum_in(lines, wanted, months)
    per, per_unit = _amount(row, per_lines, months)
    scale = factor(f"{wanted}/{per_unit}", row["unit_code"]) if per_unit else None
    if not use or not per or scale is None:
        return None
    return Compared(use / per * scale, use, wanted, per, per_unit, lines, per_lines)


def of_kind(found: Figures, kind: str, benchmark: Mapping[str, Any] | None) -> Compared | None:
    """As `compared`, of the benchmark chosen for that kind; None of one that is not of the kind's own use."""
    return compared(found, benchmark) if benchmark and benchmark["resource"] == kind else None


def _both(found: Figures, lines: list[Line]) -> bool:
    mine = {id(line) for line in lines}
    return all(kind in found.uses and any(id(x) in mine for x in found.uses[kind].lines) for kind in ENERGY)


def _per(found: Figures, row: Mapping[str, Any]) -> list[Line]:
    if row["per"] == "raw_material":
        use = found.uses.get("raw_material")
        return [line for line in use.lines if line.quantity is not None] if use else []
    return [
        line
        for line in found.outputs
        if line.quantity is not None and names_one(row["products"], line.thing.name)
    ]


def _amount(row: Mapping[str, Any], lines: list[Line], months) -> tuple[Decimal | None, str]:
    unit = lines[0].thing.unit
    if row["per"] == "raw_material":
        return sum_in(lines, unit, months), unit
    standard = wants_standard(row["unit_code"], [line.thing for line in lines])
    made = output_of(lines, months, standard=standard)
    return made, f"{unit}_qtc" if standard else unit
