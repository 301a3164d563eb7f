"""What a balance found: of each stream on each layer, of meters and leaks, of what to measure."""

from dataclasses import dataclass, field

from sachhon.apps.assessment.services.flow.problems import Problem


@dataclass
class Found:
    """What a balance tells of one stream on one layer, in the unit of the layer, over all months together."""

    measured: float | None = None
    measured_u: float | None = None
    value: float | None = None
    uncertainty: float | None = None
    status: str = "unobservable"
    statistic: float = 0.0


@dataclass
class Stock:
    """What a balance tells of the stock of a process on one layer, over all months together, in the layer's unit.

    Each of opening, closing and change as (read, reconciled, standard uncertainty); None where it is not known.
    """

    process: str
    layer: str
    opening: tuple[float | None, float | None, float | None]
    closing: tuple[float | None, float | None, float | None]
    change: tuple[float | None, float | None, float | None]


@dataclass
class Share:
    """A transfer coefficient as it was given and as the balance left it; from 0 to 1."""

    stream: str
    layer: str
    given: float | None
    value: float | None
    uncertainty: float | None


@dataclass
class Suspicion:
    """A meter that reads wrong, or a process that loses or gains past the meters."""

    kind: str  # "meter" or "leak"
    at: str
    layer: str
    size: float
    uncertainty: float
    p: float
    alternatives: list[tuple[str, str, float]] = field(default_factory=list)
    period: str = ""


@dataclass
class Balance:
    """Everything a page, a report and a later step need of a balance."""

    layers: dict[str, dict[str, Found]] = field(default_factory=dict)
    months: dict[str, dict[str, float]] = field(default_factory=dict)  # main layer, by period and stream
    stocks: list[Stock] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    suspicions: list[Suspicion] = field(default_factory=list)
    advice: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    chi2: float = 0.0
    dof: int = 0
    p_value: float = 1.0

    @property
    def solved(self) -> bool:
        return bool(self.layers)
