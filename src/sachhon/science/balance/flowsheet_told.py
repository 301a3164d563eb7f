"""What a flow-sheet tells of one quantity, one suspected reading, one arrow of a Sankey diagram."""

from __future__ import annotations

from dataclasses import dataclass

from sachhon.science.balance.flowsheet_parts import Key
from sachhon.science.balance.settings import Settings


@dataclass(frozen=True)
class Quantity:
    """A value with its standard uncertainty (infinite where unobservable).

    status : "fixed"; "held" at zero, where it would come out below; "redundant", measured and checked by balances;
    "measured", by its meter alone; "observable", computed; "unobservable", one value among many that keep the balances.
    """

    name: str
    value: float
    uncertainty: float
    status: str
    measured: float | None = None


@dataclass(frozen=True)
class Suspected:
    """A reading that balances check, with its measurement test; p_holm is corrected for the number of tests."""

    name: str
    key: Key
    statistic: float
    p_value: float
    p_holm: float
    level: float = Settings.significance

    @property
    def significant(self) -> bool:
        return self.p_holm < self.level


@dataclass(frozen=True)
class Arrow:
    """A flow for a Sankey diagram; "" is outside."""

    source: str
    target: str
    stream: str
    quantity: Quantity
