"""What a cost matrix taken from a balance depends on: flows, prices and costs, with their covariance, and its slope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.balance.flowsheet import GOODS
from sachhon.science.balance.flowsheet_parts import Key
from sachhon.science.balance.flowsheet_result import FlowsheetResult
from sachhon.science.mfca.allocation import KINDS
from sachhon.science.uncertainty import Measured, ScienceError

STEP = 1e-5  # of an input's size, for the slope; the matrix is a ratio of polynomials, so 1e-10 is left


@dataclass(frozen=True)
class Price:
    """Of a stream that enters (or of the stock of a process), for a unit of a layer; in all periods, or in one.

    One for each stream, layer and period; prices on different layers (fat and protein of milk) add up.
    """

    stream: str
    price: float
    uncertainty: float = 0.0
    layer: str = GOODS
    period: str | None = None


@dataclass(frozen=True)
class CentreCost:
    """What a process cost over a period; a number, or one with its standard uncertainty. Several add up."""

    process: str
    energy: float | Measured = 0.0
    system: float | Measured = 0.0
    waste_management: float | Measured = 0.0
    period: str = ""


class Inputs:
    """Everything the cost matrix depends on, as one vector with a covariance matrix."""

    def __init__(self, result: FlowsheetResult, prices: Sequence[Price], costs: Sequence[CentreCost]) -> None:
        kinds = ("flow", "change")
        known = [key for key in result.assembly.keys if key[0] in kinds]
        layers = {GOODS, *(price.layer for price in prices)}
        self.keys: list[Key] = [key for key in known if key[1] in layers]
        hidden = [q.name for q in map(result.quantity, self.keys) if not np.isfinite(q.uncertainty)]
        if hidden:
            raise ScienceError(
                f"{', '.join(hidden[:4])} cannot be told from what is measured, so its cost cannot either; "
                "see what `to_measure` advises.",
                f"không suy ra được {', '.join(hidden[:4])} từ những gì đã đo, nên cũng không tính được chi "
                "phí của nó; hãy xem lời khuyên của `to_measure`.",
            )
        value = [result.quantity(key).value for key in self.keys]
        size = len(value)
        extra: list[Measured] = []
        for k, price in enumerate(prices):
            self.keys.append(("price", str(k)))
            extra.append(Measured(price.price, price.uncertainty))
        for k, cost in enumerate(costs):
            for kind in KINDS[1:]:
                self.keys.append((kind, str(k)))
                amount = getattr(cost, kind)
                extra.append(amount if isinstance(amount, Measured) else Measured(float(amount), 0.0))
        self.value = np.array([*value, *(one.value for one in extra)])
        self.covariance = np.zeros((len(self.value),) * 2)
        self.covariance[:size, :size] = result.covariance(self.keys[:size])
        ends = np.arange(size, len(self.value))
        self.covariance[ends, ends] = np.square([one.standard_uncertainty for one in extra])

    def at(self, x: np.ndarray) -> dict[Key, float]:
        return dict(zip(self.keys, x.tolist(), strict=True))

    def matters(self, k: int, period: str) -> bool:
        key = self.keys[k]
        return bool(self.covariance[k, k] > 0) and (key[0] not in ("flow", "change") or key[3] == period)


def slope_of(table: Callable[[np.ndarray], np.ndarray], inputs: Inputs, period: str) -> np.ndarray:
    """Central differences for every uncertain input of the period."""
    out = np.zeros((len(table(inputs.value)), len(inputs.value)))
    for k in range(len(inputs.value)):
        if not inputs.matters(k, period):
            continue
        step = STEP * max(abs(inputs.value[k]), np.sqrt(inputs.covariance[k, k]))
        x = inputs.value.copy()
        x[k] += step
        above = table(x)
        x[k] -= 2 * step
        out[:, k] = (above - table(x)) / (2 * step)
    return out
