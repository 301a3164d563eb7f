"""Balances that hold products of two unknowns: flow × concentration, flow × share.

g(x) = L x + Σ f x_i x_j + c,      J = ∂g/∂x
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.sums import sums

LITTLE = 1e-3  # of a variable's unit: streams that carry nothing are closed to a share of this
ROUNDING = 1e-13  # of a variable's unit


@dataclass(frozen=True)
class System:
    """g(x) = L x + Σ f x_i x_j + c: rows are balances, columns variables; the products as parallel arrays."""

    linear: Floats  # (rows, variables)
    row: Ints
    left: Ints
    right: Ints
    factor: Floats
    constant: Floats  # (rows,)
    unit: Floats | None = None  # what the variables are counted in, if not in their own units

    def residual(self, x: Floats) -> Floats:
        return self.linear @ x + sums(self.row, self._products(x), len(self.constant)) + self.constant

    def holds(self, x: Floats) -> Floats:
        """Σ of the sizes of what each balance holds."""
        held = sums(self.row, np.abs(self._products(x)), len(self.constant))
        return np.abs(self.linear) @ np.abs(x) + held + np.abs(self.constant)

    def carried(self, x: Floats) -> Floats:
        """That, and a little: what its residual is measured by."""
        little = np.abs(self.linear).max(axis=1, initial=0.0)
        np.maximum.at(little, self.row, np.abs(self.factor))
        return self.holds(x) + LITTLE * little

    def jacobian(self, x: Floats) -> Floats:
        out = self.linear.copy()
        x = np.where(np.abs(x) < ROUNDING, 0.0, x)  # what a flow of nothing leaves must not tell its content
        np.add.at(out, (self.row, self.left), self.factor * x[self.right])
        np.add.at(out, (self.row, self.right), self.factor * x[self.left])
        return out

    def loads(self, hidden: Bools) -> tuple[Ints, Ints]:
        """(partner, variable) of each of the `hidden` that stands in the products with one partner and nowhere else."""
        n = self.linear.shape[1]
        pairs = np.unique(np.stack([self.left, self.right]), axis=1)
        ends = np.concatenate([pairs, pairs[::-1]], axis=1)
        alone = hidden & ~self.linear.any(axis=0) & (np.bincount(ends[1], minlength=n) == 1)
        # of two that stand in one product alone, neither is told: the second goes with the first
        ends = ends[:, alone[ends[1]] & ~alone[ends[0]]]
        return ends[0], ends[1]

    def in_units(self, unit: Floats) -> System:
        """The same system for x counted in units."""
        factor = self.factor * unit[self.left] * unit[self.right]
        return replace(self, linear=self.linear * unit, factor=factor, unit=unit)

    def _products(self, x: Floats) -> Floats:
        return self.factor * x[self.left] * x[self.right]
