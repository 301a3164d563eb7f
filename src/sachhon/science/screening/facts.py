"""What a quick assessment puts in: answers, resources with benchmarks, options. Facts are the caller's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


class Answer(StrEnum):
    """Answer to a checklist item: is the good practice followed? No answer is `unknown`, never a yes."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Item:
    """A good practice asked about: the resource it saves, its weight, the options that bring it about."""

    code: str
    resource: str
    answer: Answer = Answer.UNKNOWN
    weight: float = 1.0
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            object.__setattr__(
                self, "answer", Answer(self.answer)
            )  # a plain "yes" is the answer of that name
        except ValueError:
            raise ScienceError(
                f"{self.code}: the answer {self.answer!r} is unknown; give one of {', '.join(Answer)}.",
                f"{self.code}: không có câu trả lời {self.answer!r}; hãy cho một trong {', '.join(Answer)}.",
            ) from None


@dataclass(frozen=True)
class Part:
    """A part of a resource: its share of the resource's cost and of its quantity, 0 to 1 each."""

    code: str
    of_cost: float
    of_quantity: float


@dataclass(frozen=True)
class Resource:
    """Yearly quantity (in `unit`) and cost (VND) of a resource, and its specific consumption against a
    benchmark. poor … best : any of them may be None (not known); `specific` None: not measured.

    higher_is_better : for yields and the like, where poor is the lowest figure. parts : what it is made of (coal,
    diesel), each with its share of cost and of quantity; none where it is of one piece.
    """

    code: str
    quantity: float
    cost_vnd: float
    unit: str = ""
    specific: float | None = None
    poor: float | None = None
    average: float | None = None
    good: float | None = None
    best: float | None = None
    higher_is_better: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Option:
    """A measure: the share of its resource that it saves (0.02 is 2 %), low to high, and payback in years.

    parts : the parts of the resource it acts on, None for all of it; with none of them its saving cannot be told.
    alternative : of options with the same word a site carries out one, so only the largest of them counts.
    """

    code: str
    resource: str
    saving_low: float
    saving_high: float
    payback_years: float | None = None
    parts: tuple[str, ...] | None = None
    alternative: str = ""


@dataclass(frozen=True)
class Settings:
    """How points are given; the weights are ours, no standard sets them, and are shown with every score.

    practice : share of a resource's points given by its checklist, the rest by its benchmark. partly : how
    much of a gap "partly" is. high_share, medium_share : potential over the cost of all resources from which a
    priority is high or medium. quick_payback : years up to which an option counts as quick. overlap : what each
    further option of a resource, by size, still counts against the one before; 1: they fight no loss in common.
    """

    practice: float = 0.5
    partly: float = 0.5
    high_share: float = 0.03
    medium_share: float = 0.01
    quick_payback: float = 1.0
    overlap: float = 0.7

    def departures(self, lang: Literal["vi", "en"] = "vi") -> tuple[str, ...]:
        """Every setting that differs from the default, in words."""
        usual, verb = Settings(), "thay cho" if lang == "vi" else "instead of"

        def shown(settings: Settings, name: str) -> str:
            text = f"{getattr(settings, name):g}"
            return text.replace(".", ",") if lang == "vi" else text

        return tuple(
            f"{_NAMES[one.name][lang == 'en']}: {shown(self, one.name)} {verb} {shown(usual, one.name)}"
            for one in fields(self)
            if getattr(self, one.name) != getattr(usual, one.name)
        )

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.practice, self.partly, self.overlap)):
            raise ScienceError(
                "practice, partly and overlap are shares: give figures from 0 to 1.",
                "practice, partly và overlap là các phần: hãy cho số từ 0 đến 1.",
            )
        if not 0 <= self.medium_share <= self.high_share <= 1:
            raise ScienceError(
                "medium_share and high_share are shares from 0 to 1, the high one not below the other.",
                "medium_share và high_share là các phần từ 0 đến 1, phần cao không thấp hơn phần kia.",
            )
        if not self.quick_payback >= 0:
            raise ScienceError(
                f"quick_payback is {self.quick_payback}; give years, 0 or more.",
                f"quick_payback là {comma(self.quick_payback)}; hãy cho số năm, từ 0 trở lên.",
            )


_NAMES = {
    "practice": ("phần điểm của phiếu hỏi", "share of the checklist"),
    "partly": ("mức hở của câu trả lời một phần", "gap of the answer partly"),
    "high_share": ("ngưỡng ưu tiên cao", "limit of a high priority"),
    "medium_share": ("ngưỡng ưu tiên trung bình", "limit of a medium priority"),
    "quick_payback": ("hoàn vốn nhanh (năm)", "quick payback (years)"),
    "overlap": ("phần còn tính của giải pháp kế tiếp", "what a further option still counts"),
}
