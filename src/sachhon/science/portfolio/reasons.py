"""Why each option is in or out, in words, and what would have to change.

At the relaxation's prices an option is worth its aim less what it uses of every scarce limit,

    net = aim − Σ_k price_k use_k      (targets pay: price of a target times what it saves)

For an option that is out the first reason that holds is told: forbidden; an option of the same group is in; a
prerequisite is out; its worth is not above zero; it does not fit what is left of a limit; at the prices of the scarce
limits others use them better. Prices are those of the relaxation with fractions allowed: near the truth for many
small options, rough for a few large ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.search import Found
from sachhon.science.portfolio.words import limit_name, number


class Cause(StrEnum):
    """Why an option is in or out."""

    CHOSEN = "chosen"
    FORCED = "forced"
    FOR_TARGET = "for_target"
    FOR_OTHERS = "for_others"
    FORBIDDEN = "forbidden"
    EXCLUDED = "excluded"
    PREREQUISITE = "prerequisite"
    NOT_WORTH = "not_worth"
    DOES_NOT_FIT = "does_not_fit"
    OTHERS_BETTER = "others_better"


@dataclass(frozen=True)
class Reason:
    """Why one option is in or out.

    worth : its aim, on its own; net : less the price of what it uses; others : codes of the options that keep it out or
    need it; limit, missing : the limit it does not fit and by how much.
    """

    code: str
    cause: Cause
    worth: float
    net: float
    others: tuple[str, ...] = ()
    limit: Limit | None = None
    missing: float = 0.0

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        worth, short = (number(x, lang) for x in (self.worth, self.missing))
        name = limit_name(self.limit, lang) if self.limit else ""
        limit = name
        names = ", ".join(self.others)
        loss = number(abs(self.net), lang)
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
                f"{self.code} bị loại vì không có lợi: giá trị {worth}; "
                f"giá trị phải tăng ít nhất {loss} mới đáng chọn.",
                f"{self.code} is out: it does not pay, worth {worth}; its worth would have to rise by {loss} or more.",
            ),
            Cause.DOES_NOT_FIT: (
                f"{self.code} (giá trị {worth}) bị loại vì không đủ {comma(limit)}: thiếu {short}; "
                "phải nới thêm chừng đó, hoặc giảm nhu cầu của giải pháp.",
                f"{self.code} (worth {worth}) is out: it does not fit the {limit}, {short} is missing; "
                "that much more would be needed, or a smaller need.",
            ),
            Cause.OTHERS_BETTER: (
                f"{self.code} (giá trị {worth}) bị loại vì giải pháp khác dùng nguồn lực khan hiếm tốt hơn; "
                f"giá trị phải tăng thêm khoảng {loss}.",
                f"{self.code} (worth {worth}) is out: others use the scarce means better; "
                f"its worth would have to rise by about {loss}.",
            ),
        }
        return words[self.cause][0 if lang == "vi" else 1]


def reasons_of(model: Model, found: Found, which: Iterable[int]) -> list[Reason]:
    """Reasons of the options with these numbers."""
    view = _View(model, found)
    return [view.reason(i) for i in which]


class _View:
    """What all reasons share: activity of the limits, prices, who is in."""

    def __init__(self, model: Model, found: Found) -> None:
        assert found.x is not None
        assert found.relaxation.price is not None
        self.model = model
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
        cause, others, limit, missing = (
            self._in(i, column, worth) if self.inside[i] else self._out(i, column, worth, net)
        )
        if cause is Cause.NOT_WORTH:
            net = min(net, worth)
        return Reason(self.model.options[i].code, cause, worth, net, others, limit, missing)

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

    def _out(
        self, i: int, column: int, worth: float, net: float
    ) -> tuple[Cause, tuple[str, ...], Limit | None, float]:
        model = self.model
        p = model.programme
        if (p.upper[: len(model.option)][model.option == i] == 0).all():
            return Cause.FORBIDDEN, (), None, 0.0
        rivals = [j for j in self.members.get(int(model.group[i]), ()) if self.inside[j]]
        if rivals:
            return Cause.EXCLUDED, tuple(model.options[j].code for j in rivals), None, 0.0
        missing = tuple(code for code in model.options[i].requires if not self.inside[model.number[code]])
        if missing:
            return Cause.PREREQUISITE, missing, None, 0.0
        if worth <= 0:
            return Cause.NOT_WORTH, (), None, 0.0
        left = p.high[: len(model.limits)] - self.activity
        over = np.where(self.target, -np.inf, self.use[column] - left)
        scale = 1e-9 * np.maximum(1.0, np.abs(self.activity))
        if (over > scale).any() and (net >= 0 or not self.price.any()):
            k = int(np.argmax(over))
            return Cause.DOES_NOT_FIT, (), model.limits[k], float(over[k])
        if net < 0:
            return Cause.OTHERS_BETTER, (), None, 0.0
        return Cause.NOT_WORTH if worth <= 0 else Cause.OTHERS_BETTER, (), None, 0.0
