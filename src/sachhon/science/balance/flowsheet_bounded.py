"""A part of a flow-sheet within its bounds, as the search for gross errors asks for it (`bounded_causes`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.balance.bounded import ActiveBound
from sachhon.science.balance.flowsheet_parts import Part
from sachhon.science.balance.holding import Held
from sachhon.science.balance.linear import LinearResult, chance
from sachhon.science.balance.network import Bools, Floats, Names


@dataclass(frozen=True)
class PartProblem:
    """A part to be asked again, without one meter or with a balance that loses something."""

    part: Part

    @property
    def measured(self) -> Floats:
        return self.part.value

    @property
    def lower(self) -> Floats:
        return self.part.lower

    @property
    def upper(self) -> Floats:
        return np.full(len(self.part.keys), np.inf)

    def variance_of(self, meter: int) -> float:
        """That of one reading."""
        own = self.part.variance
        return float(own[meter] if own.ndim == 1 else own[meter, meter])

    def without(self, meter: int) -> BoundedPart:
        """The same, that meter's reading left out; ScienceError where the rest comes to no end."""
        value = self.part.value.copy()
        value[meter] = np.nan
        return solved(replace(self.part, value=value))

    def leaking(self, node: int) -> BoundedPart:
        """The same with something that leaves the balance or comes in, past all meters."""
        part, names = self.part, self.part.names
        outlet = np.zeros((len(part.rows), 1))
        outlet[node] = -1.0
        touched = part.system.linear[node] != 0
        own = part.variance
        if own.ndim == 1:
            variance = np.append(own, 1.0)
        else:
            variance = np.pad(own, (0, 1))
            variance[-1, -1] = 1.0
        return solved(
            replace(
                part,
                keys=(*part.keys, ("leak", part.rows[node][0])),
                system=replace(part.system, linear=np.hstack([part.system.linear, outlet])),
                value=np.append(part.value, np.nan),
                variance=variance,
                unit=np.append(part.unit, part.unit[touched].max(initial=1.0)),
                names=Names(
                    names.nodes,
                    [*(names.streams or ()), f"leak at {names.node(node)}"],
                    names.nodes_vi,
                    [*(names.streams_vi or ()), f"thất thoát ở {names.node(node, 'vi')}"],
                ),
            )
        )


@dataclass(frozen=True)
class BoundedPart:
    """A part solved within its bounds."""

    problem: PartProblem
    kept: Held

    @property
    def unbounded(self) -> LinearResult:
        return self.kept.free.result

    @property
    def held(self) -> LinearResult:
        return self.kept.solution.result

    @property
    def active(self) -> tuple[ActiveBound, ...]:
        return self.kept.active

    @property
    def estimate(self) -> Floats:
        return self.held.estimate

    @property
    def variance(self) -> Floats:
        return self.held.variance

    @property
    def observable(self) -> Bools:
        return self.held.observable

    @property
    def chi2(self) -> float:
        return self.kept.conditional[0]

    @property
    def dof(self) -> int:
        return self.kept.conditional[1]

    @property
    def p_value(self) -> float:
        return chance(self.chi2, self.dof)


def solved(part: Part) -> BoundedPart:
    """The part solved, nothing below zero that cannot be."""
    return BoundedPart(PartProblem(part), part.keep(part.solve()))
