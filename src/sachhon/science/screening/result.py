"""What a quick assessment tells: points, potential by resource, questions still open, options to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]
Priority = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Point:
    """Points of one source for one resource: low if every open question were answered well, high if badly.

    source : an item's code, or "benchmark". The points of a score add up to it.
    """

    resource: str
    source: str
    low: float
    high: float


@dataclass(frozen=True)
class Potential:
    """What could be saved of a resource in a year: share, quantity (its unit), VND, each (low, high).

    basis : "benchmark", "options", "both" or "none" (nothing known: the range is 0 to 0 and means nothing).
    """

    resource: str
    share: tuple[float, float]
    quantity: tuple[float, float]
    vnd: tuple[float, float]
    cost_share: float
    priority: Priority
    basis: str

    @property
    def middle_vnd(self) -> float:
        return sum(self.vnd) / 2

    def words(self, lang: Language = "vi") -> str:
        """Why it has its priority."""
        cost, low, high = (f"{100 * x:.0f}" for x in (self.cost_share, *self.share))
        if self.basis == "none":
            return (
                f"{self.resource}: chiếm {cost}% chi phí, chưa có căn cứ để ước tính tiềm năng"
                if lang == "vi"
                else f"{self.resource}: {cost} % of cost, nothing yet to estimate a potential from"
            )
        return (
            f"{self.resource}: chiếm {cost}% chi phí, có thể giảm {low}–{high}%"
            if lang == "vi"
            else f"{self.resource}: {cost} % of cost, {low}–{high} % could be saved"
        )


@dataclass(frozen=True)
class Question:
    """An open question and by how many points its answer would narrow the score."""

    resource: str
    source: str
    narrows: float


@dataclass(frozen=True)
class Advice:
    """An option to look at, with its yearly saving in VND (low, high) and the items it answers."""

    option: str
    resource: str
    vnd: tuple[float, float]
    payback_years: float | None
    items: tuple[str, ...]
    unsure: bool

    def words(self, lang: Language = "vi") -> str:
        """Why it stands where it stands."""
        vi = lang == "vi"
        low, high = (f"{x / 1e6:,.0f}" for x in self.vnd)
        if vi:
            low, high = low.replace(",", "."), high.replace(",", ".")
        said = [
            f"{self.option}: {low}–{high} triệu đồng/năm"
            if vi
            else f"{self.option}: {low}–{high} M VND a year"
        ]
        if self.payback_years is not None:
            years = f"{self.payback_years:g}"
            said.append(f"hoàn vốn {years.replace('.', ',')} năm" if vi else f"payback {years} years")
        said.append(("vì mục " if vi else "because of item ") + ", ".join(self.items))
        if self.unsure:
            said.append("mục này chưa được trả lời" if vi else "not answered yet")
        return "; ".join(said)


@dataclass(frozen=True)
class Score:
    """low, high : sums of the points, 0 (nothing to gain) to 100; value : their middle.

    potentials : highest priority first; advice : options in the order to look at; questions : the widest
    first; without_cost : resources left out of the weights because nothing was paid for them.
    """

    low: float
    high: float
    points: tuple[Point, ...]
    potentials: tuple[Potential, ...]
    advice: tuple[Advice, ...]
    questions: tuple[Question, ...]
    without_cost: tuple[str, ...]

    @property
    def value(self) -> float:
        return (self.low + self.high) / 2
