"""What was chosen, how good it is, what it uses, and what one more unit of a limit would be worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sachhon.science.portfolio.cause import Reason
from sachhon.science.portfolio.greedy import ROUNDING, profits
from sachhon.science.portfolio.highs import row_sizes
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.options import VALUE
from sachhon.science.portfolio.reasons import reasons_of
from sachhon.science.portfolio.search import Found, prices_of, relative_gap
from sachhon.science.portfolio.words import limit_name, number, price_sentence
from sachhon.science.uncertainty import ScienceError

PROVEN = 1e-6
"""Gap below which a choice is called proven best; the solver keeps a row no nearer than that."""


@dataclass(frozen=True)
class Use:
    """How far a limit is used: `price` is what the aim gains per unit of it (the relaxation's shadow price).

    For a target `used` is what is saved and a price says what each unit asked for costs.
    """

    limit: Limit
    used: float
    price: float

    @property
    def left(self) -> float:
        """What is not used, or saved beyond the target."""
        rest = self.limit.amount - self.used
        return -rest if self.limit.kind == "target" else rest

    @property
    def binding(self) -> bool:
        """Whether the limit costs something."""
        return self.price > 0

    def sentence(self, lang: str = "vi") -> str:
        """The limit, what is used of it and its price, in words."""
        return price_sentence(self.limit, self.used, self.price, lang)


@dataclass(frozen=True)
class Portfolio:
    """A choice that keeps all limits.

    chosen : codes in the order of the options; starts : code → year of its start; aim : what was maximised;
    bound : proven, no choice has a greater aim; totals : value and savings by resource, interactions counted; cost and
    staff : by year; uses : the limits; cvar : of the value, where scenarios were given.
    """

    chosen: tuple[str, ...]
    starts: Mapping[str, int]
    aim: float
    bound: float
    totals: Mapping[str, float]
    cost: tuple[float, ...]
    staff: tuple[float, ...]
    uses: tuple[Use, ...]
    cvar: float | None
    model: Model = field(repr=False)
    found: Found = field(repr=False)

    @property
    def gap(self) -> float:
        """Proven relative distance to the optimum; 0 is the optimum."""
        return relative_gap(self.bound, self.aim)

    def why(self, code: str, lang: str = "vi") -> str:
        """Why an option is in or out, and if out what would have to change."""
        return self.reason(code).sentence(lang)

    def reason(self, code: str) -> Reason:
        """The same with its figures."""
        if code not in self.model.number:
            raise ScienceError(
                f"{code!r} is none of the options; they are {', '.join(self.model.number)}.",
                f"{code!r} không phải là giải pháp nào; các giải pháp là {', '.join(self.model.number)}.",
            )
        return reasons_of(self.model, self.found, [self.model.number[code]])[0]

    def reasons(self) -> tuple[Reason, ...]:
        """Of every option."""
        return tuple(reasons_of(self.model, self.found, range(len(self.model.options))))

    def summary(self, lang: str = "vi") -> str:
        """What was chosen and how sure it is, in a sentence or two."""
        percent = number(100 * self.gap, lang, 3)
        count, worth = len(self.chosen), number(self.aim, lang)
        if lang == "vi":
            proof = (
                "đã chứng minh là tốt nhất"
                if self.gap < PROVEN
                else f"cách mức tốt nhất không quá {percent}%"
            )
            tight = ", ".join(limit_name(use.limit, lang) for use in self.uses if use.binding)
            return f"Chọn {count} giải pháp, mục tiêu đạt {worth} ({proof})." + (
                f" Bị chặn bởi: {tight}." if tight else ""
            )
        proof = "proven best" if self.gap < PROVEN else f"within {percent}% of the best"
        tight = ", ".join(limit_name(use.limit, lang) for use in self.uses if use.binding)
        return f"{count} option{'' if count == 1 else 's'} chosen, aim {worth} ({proof})." + (
            f" Held back by: {tight}." if tight else ""
        )


def portfolio_of(model: Model, found: Found) -> Portfolio:
    """The result of a search that found something."""
    assert found.x is not None
    columns = len(model.option)
    x = found.x[:columns]
    both = found.x[columns : columns + len(model.joint)]
    inside = np.flatnonzero(x > 0.5)
    picked = np.sort(model.option[inside])
    activity = model.programme.a[: len(model.limits)] @ found.x if model.limits else np.zeros(0)
    activity = np.where(
        np.abs(activity) > ROUNDING * row_sizes(model.programme)[: len(activity)], activity, 0.0
    )
    uses = tuple(
        Use(limit, float(used), abs(float(price)))
        for limit, used, price in zip(model.limits, activity, prices_of(model, found), strict=True)
    )
    return Portfolio(
        tuple(model.options[i].code for i in picked.tolist()),
        {model.options[int(model.option[c])].code: int(model.start[c]) for c in inside.tolist()},
        found.objective,
        found.bound,
        _totals(model, inside, both),
        tuple(float(amount) for amount in x @ model.cost),
        tuple(float(amount) for amount in x @ model.staff),
        uses,
        None if model.scenarios is None else model.scenarios.cvar(profits(model, x, both)),
        model,
        found,
    )


def _totals(model: Model, inside: np.ndarray, both: np.ndarray) -> dict[str, float]:
    totals: dict[str, float] = {VALUE: 0.0}
    for column in inside.tolist():
        i = int(model.option[column])
        option = model.options[i]
        value = option.value if model.scenarios is None else float(model.scenarios.expected[i])
        totals[VALUE] += value * float(model.discount[column])
        for resource, amount in option.savings.items():
            totals[resource] = totals.get(resource, 0.0) + amount
    for name in (VALUE, *model.joint.savings):
        totals[name] = totals.get(name, 0.0) + float(model.joint.amount(name) @ both)
    return totals
