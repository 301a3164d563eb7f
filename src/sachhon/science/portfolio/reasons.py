"""Why each option is in or out, in words, and what would have to change.

At the relaxation's prices an option is worth its aim less what it uses of every scarce limit,

    net = aim − Σ_k price_k use_k      (targets pay: price of a target times what it saves)

For an option that is out the first reason that holds is told: forbidden; it needs more than the whole of a limit; an
option of the same group is in; a prerequisite is out; no choice within the limits holds it; its worth is not above
zero; what it saves is saved by others already (an overlap); it does not fit what is left of a limit; at the prices of
the scarce limits others use them better. Prices are those of the relaxation with fractions allowed, and only choose
between the last two; the rise that would bring an option in is computed by choosing anew (`portfolio.rise`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.rise import Rise, rise_of
from sachhon.science.portfolio.search import Found
from sachhon.science.portfolio.words import limit_name, number


class Cause(StrEnum):
    """Why an option is in or out."""

    CHOSEN = "chosen"
    FORCED = "forced"
    FOR_TARGET = "for_target"
    FOR_OTHERS = "for_others"
    FORBIDDEN = "forbidden"
    IMPOSSIBLE = "impossible"
    EXCLUDED = "excluded"
    PREREQUISITE = "prerequisite"
    NOT_WORTH = "not_worth"
    OVERLAP = "overlap"
    DOES_NOT_FIT = "does_not_fit"
    OTHERS_BETTER = "others_better"


@dataclass(frozen=True)
class Reason:
    """Why one option is in or out.

    worth : its aim, on its own; net : less the price of what it uses; others : codes of the options that keep it out or
    need it; limit, missing : the limit it does not fit and by how much; rise : of its worth that would bring it in,
    where worth decides.
    """

    code: str
    cause: Cause
    worth: float
    net: float
    others: tuple[str, ...] = ()
    limit: Limit | None = None
    missing: float = 0.0
    rise: Rise | None = None

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        worth, short = (number(x, lang) for x in (self.worth, self.missing))
        name = limit_name(self.limit, lang) if self.limit else ""
        limit = name
        names = ", ".join(self.others)
        rise = _rise_words(self.rise, lang) if self.rise else ""
        words = {
            Cause.CHOSEN: (
                f"{self.code} được chọn: giá trị {worth}, nằm trong tập tốt nhất tìm được trong giới hạn.",
                f"{self.code} is in: worth {worth}, one of the best set found within the limits.",
            ),
            Cause.FORCED: (f"{self.code} được chọn vì bắt buộc.", f"{self.code} is in because it must be."),
            Cause.FOR_TARGET: (
                f"{self.code} được chọn để đạt {name}, dù bản thân có giá trị {worth}.",
                f"{self.code} is in for the {name}, though its own worth is {worth}.",
            ),
            Cause.FOR_OTHERS: (
                f"{self.code} (giá trị {worth}) được chọn vì giải pháp được chọn khác cần hoặc hợp với nó: {names}.",
                f"{self.code} (worth {worth}) is in because other chosen options need it or go with it: {names}.",
            ),
            Cause.FORBIDDEN: (f"{self.code} bị loại theo yêu cầu.", f"{self.code} was ruled out."),
            Cause.IMPOSSIBLE: (
                f"{self.code} (giá trị {worth}) bị loại vì cả {comma(limit)} cũng không đủ: thiếu {short}; "
                "giá trị cao đến đâu cũng không chọn được, phải nới giới hạn hoặc giảm nhu cầu của giải pháp."
                if limit
                else f"{self.code} (giá trị {worth}) bị loại vì không lựa chọn nào trong các giới hạn chứa được nó, "
                "dù giá trị cao đến đâu.",
                f"{self.code} (worth {worth}) is out: it needs more than the whole {limit}, {short} beyond it; "
                "no worth would bring it in, only a wider limit or a smaller need."
                if limit
                else f"{self.code} (worth {worth}) is out: no choice within the limits holds it, whatever its worth.",
            ),
            Cause.EXCLUDED: (
                f"{self.code} bị loại vì chỉ chọn được một trong nhóm, và {names} có lợi hơn; "
                f"bỏ {names} thì mới xét được.",
                f"{self.code} is out: only one of its group can be, and {names} serves better; "
                f"it would need {names} out.",
            ),
            Cause.PREREQUISITE: (
                f"{self.code} bị loại vì cần {names}, mà giải pháp đó không được chọn; xem lý do của {names}.",
                f"{self.code} is out: it needs {names}, which is not chosen; see the reason of {names}.",
            ),
            Cause.NOT_WORTH: (
                f"{self.code} bị loại vì không có lợi: giá trị {worth}; {rise}.",
                f"{self.code} is out: it does not pay, worth {worth}; {rise}.",
            ),
            Cause.OVERLAP: (
                f"{self.code} (giá trị {worth} nếu riêng một mình) bị loại vì chồng lấn với {names}, "
                f"đã tiết kiệm phần lớn chỗ đó; {rise}.",
                f"{self.code} (worth {worth} on its own) is out: it overlaps with {names}, which already save much "
                f"of the same; {rise}.",
            ),
            Cause.DOES_NOT_FIT: (
                f"{self.code} (giá trị {worth}) bị loại vì không đủ {comma(limit)}: thiếu {short}; "
                "phải nới thêm chừng đó, hoặc giảm nhu cầu của giải pháp.",
                f"{self.code} (worth {worth}) is out: it does not fit the {limit}, {short} is missing; "
                "that much more would be needed, or a smaller need.",
            ),
            Cause.OTHERS_BETTER: (
                f"{self.code} (giá trị {worth}) bị loại vì giải pháp khác dùng nguồn lực khan hiếm tốt hơn; {rise}.",
                f"{self.code} (worth {worth}) is out: others use the scarce means better; {rise}.",
            ),
        }
        return words[self.cause][0 if lang == "vi" else 1]


def _rise_words(rise: Rise, lang: str) -> str:
    """What its worth must do, rounded up so that the figure told is enough."""
    amount = number(math.ceil(100 * rise.amount - 1e-6) / 100, lang)
    if lang == "vi":
        if rise.amount <= 0 and not rise.proven:
            return "giá trị phải tăng thêm mới được chọn"
        return f"giá trị phải tăng ít nhất {amount}" + (
            " mới được chọn" if rise.proven else ", có thể phải nhiều hơn"
        )
    if rise.amount <= 0 and not rise.proven:
        return "its worth would have to rise"
    return (
        f"its worth would have to rise by {amount} or more"
        if rise.proven
        else f"its worth would have to rise by at least {amount}, perhaps by more"
    )


def reasons_of(model: Model, found: Found, which: Iterable[int]) -> list[Reason]:
    """Reasons of the options with these numbers."""
    view = _View(model, found)
    return [view.reason(i) for i in which]


class _View:
    """What all reasons share: activity of the limits, prices, who is in."""

    def __init__(self, model: Model, found: Found) -> None:
        assert found.x is not None
        assert found.relaxation.price is not None
        self.model, self.found = model, found
        p = model.programme
        count, columns = len(model.limits), len(model.option)
        self.inside = np.zeros(len(model.options), dtype=bool)
        self.inside[model.option[found.x[:columns] > 0.5]] = True
        self.use = p.a[:count].toarray()[:, :columns].T if count else np.zeros((columns, 0))
        self.activity = p.a[:count] @ found.x if count else np.zeros(0)
        self.price = found.relaxation.price[:count]
        self.net = p.c[:columns] - self.use @ self.price
        self.target = np.array([limit.kind == "target" for limit in model.limits], dtype=bool)
        self.members: dict[int, list[int]] = {}
        for i, g in enumerate(model.group.tolist()):
            if g >= 0:
                self.members.setdefault(g, []).append(i)
        self.first = np.full(len(model.options), -1)
        self.first[model.option[::-1]] = np.arange(columns)[::-1]

    def reason(self, i: int) -> Reason:
        column = int(self.first[i])
        worth, net = float(self.model.programme.c[column]), float(self.net[column])
        code = self.model.options[i].code
        if self.inside[i]:
            cause, others, limit, missing = self._in(i, column, worth)
            return Reason(code, cause, worth, net, others, limit, missing)
        return self._out(i, column, Reason(code, Cause.OTHERS_BETTER, worth, net))

    def _in(self, i: int, column: int, worth: float) -> tuple[Cause, tuple[str, ...], Limit | None, float]:
        model = self.model
        if i in model.must:
            return Cause.FORCED, (), None, 0.0
        if worth > 0:
            return Cause.CHOSEN, (), None, 0.0
        slack = self.activity - model.programme.low[: len(model.limits)]
        for k in np.flatnonzero(self.target):
            if self.use[column, k] > slack[k]:
                return Cause.FOR_TARGET, (), model.limits[k], 0.0
        needed = [a for a, b in model.needs.tolist() if b == i and self.inside[a]]
        needed += model.joint.partners(i)
        others = tuple(dict.fromkeys(model.options[j].code for j in needed if self.inside[j]))
        return (Cause.FOR_OTHERS if others else Cause.CHOSEN), others, None, 0.0

    def _out(self, i: int, column: int, told: Reason) -> Reason:
        model, p, worth = self.model, self.model.programme, told.worth
        own = np.flatnonzero(model.option == i)
        if (p.upper[own] == 0).all():
            return replace(told, cause=Cause.FORBIDDEN)
        whole = self._over(own, np.zeros_like(self.activity))
        if whole is not None:
            return replace(told, cause=Cause.IMPOSSIBLE, limit=whole[0], missing=whole[1])
        rivals = [j for j in self.members.get(int(model.group[i]), ()) if self.inside[j]]
        if rivals:
            return replace(told, cause=Cause.EXCLUDED, others=self._codes(rivals))
        missing = tuple(code for code in model.options[i].requires if not self.inside[model.number[code]])
        if missing and worth > 0:
            return replace(told, cause=Cause.PREREQUISITE, others=missing)
        rise = rise_of(model, self.found, i)
        if np.isinf(rise.amount):
            return replace(told, cause=Cause.IMPOSSIBLE)
        if worth <= 0:
            return replace(told, cause=Cause.NOT_WORTH, rise=rise)
        lost, over = self._lost(i), self._over(np.array([column]), self.activity)
        if lost < 0 and (over is None or worth + lost <= 0):
            partners = [j for j in model.joint.partners(i) if self.inside[j]]
            return replace(told, cause=Cause.OVERLAP, others=self._codes(partners), rise=rise)
        if over is not None and (told.net >= 0 or not self.price.any()):
            return replace(told, cause=Cause.DOES_NOT_FIT, limit=over[0], missing=over[1])
        return replace(told, rise=rise)

    def _codes(self, which: list[int]) -> tuple[str, ...]:
        return tuple(self.model.options[j].code for j in which)

    def _over(self, own: np.ndarray, activity: np.ndarray) -> tuple[Limit, float] | None:
        """The limit most overstepped by all of these columns, each alone on top of what is used, and by how much."""
        if not len(activity):
            return None
        left = self.model.programme.high[: len(activity)] - activity
        over = np.where(self.target, -np.inf, self.use[own].min(axis=0) - left)
        over = np.where(over > 1e-9 * np.maximum(1.0, np.abs(activity)), over, -np.inf)
        k = int(np.argmax(over))
        return None if np.isneginf(over[k]) else (self.model.limits[k], float(over[k]))

    def _lost(self, i: int) -> float:
        """What the aim changes by what option i and those chosen do to each other."""
        joint, columns = self.model.joint, len(self.model.option)
        beside = self.inside.copy()
        beside[i] = True
        worth = self.model.programme.c[columns : columns + len(joint)]
        return float(worth @ (joint.of(beside) - joint.of(self.inside)))
