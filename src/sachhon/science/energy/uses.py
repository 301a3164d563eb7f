"""What was used, with the factors that turn it into energy and emissions: the input of `inventory`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sachhon.science.numeric import with_floats
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Scope = Literal[1, 2, 3]


@dataclass(frozen=True)
class Factor:
    """A factor per unit and its relative standard uncertainty; `code` names the one and same factor (with its
    date or version: "grid-2023"), wherever it is used."""

    code: str
    value: float
    uncertainty: float = 0.0

    def __post_init__(self) -> None:
        with_floats(self, "value", "uncertainty")


@dataclass(frozen=True)
class Emission:
    """One gas of a use: kg of gas per unit, its scope, its GWP (None: 1, CO₂), biogenic CO₂ or not.

    `ScienceError` for another scope than 1, 2 or 3.
    """

    scope: Scope
    factor: Factor
    gas: str = "CO2"
    gwp: Factor | None = None
    biogenic: bool = False

    def __post_init__(self) -> None:
        if self.scope not in (1, 2, 3):
            raise ScienceError(
                f"{self.factor.code}: scope {self.scope} is unknown; give 1, 2 or 3.",
                f"{self.factor.code}: không có phạm vi {comma(self.scope)}; hãy cho 1, 2 hoặc 3.",
            )


@dataclass(frozen=True)
class Use:
    """A quantity of a resource. meter : what measured it; the same meter errs the same way ("" : on its own).

    emissions : every gas; an empty tuple says that none is known, `no_emissions` that there are none on site
    or upstream (sunlight, compressed air made from metered electricity).
    """

    resource: str
    quantity: float
    toe: Factor | None = None
    primary_gj: Factor | None = None
    emissions: tuple[Emission, ...] = ()
    quantity_uncertainty: float = 0.0
    meter: str = ""
    no_emissions: bool = False

    def __post_init__(self) -> None:
        with_floats(self, "quantity", "quantity_uncertainty")


@dataclass(frozen=True)
class Missing:
    """A resource that has no factor for `figure` ("toe", "primary_gj" or "emissions")."""

    resource: str
    figure: str
