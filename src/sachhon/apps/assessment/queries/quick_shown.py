"""The shapes in which a kept result of a quick assessment is shown: words and numbers ready to print, no rule."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class UseShown:
    """One kind of resource, ready to print."""

    kind: str
    name: str
    unit: str
    quantity: Decimal | None
    cost: int | None
    cost_is_reference: bool
    cost_share: Decimal | None  # percent
    resources: list[dict]
    specific: Decimal | None
    specific_unit: str
    benchmark: str
    benchmark_source: str
    levels: list[tuple[str, Decimal]]
    level: str
    level_code: str
    share: tuple[Decimal, Decimal] | None  # percent
    saving: tuple[Decimal, Decimal] | None
    vnd: tuple[int, int] | None
    priority: str
    priority_code: str
    basis: str
    cost_figure: str
    specific_figure: str
    potential_figure: str
    remark: str


@dataclass(frozen=True)
class EnergyShown:
    """All energy together against its benchmark."""

    name: str
    specific: Decimal | None
    specific_unit: str
    specific_figure: str
    benchmark: str
    levels: list[tuple[str, Decimal]]
    level: str
    remark: str


@dataclass(frozen=True)
class Reason:
    """A question an option answers, as it was answered."""

    text: str
    answer: str
    answer_code: str
    no_means: str
    note: str


@dataclass(frozen=True)
class OptionShown:
    """One option to look at, and why."""

    rank: int
    code: str
    version: int
    name: str
    group: str
    resources: str
    vnd: tuple[int, int] | None
    not_told: str  # why no saving is promised
    reckoned: str  # how the range comes about
    payback: tuple[Decimal | None, Decimal | None]
    condition: str
    effects: str
    reasons: list[Reason]
    unsure: bool
    source: str
    verified: bool
    figure: str


@dataclass(frozen=True)
class PointShown:
    """Points of one question or benchmark."""

    resource: str
    text: str
    low: Decimal
    high: Decimal

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        return self.low, self.high


@dataclass(frozen=True)
class Shown:
    """The whole result in one language."""

    answered: int
    asked: int
    score: tuple[Decimal, Decimal, Decimal] | None  # low, middle, high
    score_figure: str
    uses: list[UseShown]
    energy: EnergyShown | None
    options: list[OptionShown]
    points: list[PointShown]
    open_questions: list[tuple[str, Decimal]]
    remarks: list[str]
    vnd: tuple[int, int] | None
    cost: int | None
    products: list[dict]
    output: Decimal | None
    output_unit: str

    @property
    def score_range(self) -> tuple[Decimal, Decimal] | None:
        return (self.score[0], self.score[2]) if self.score else None
