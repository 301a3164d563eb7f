"""Why each option is in or out, and what would have to change.

At the relaxation's prices an option is worth its aim less what it uses of every scarce limit,

    net = aim − Σ_k price_k use_k      (targets pay: price of a target times what it saves)

For an option that is out the first reason that holds is told: forbidden; it needs, with what it requires, more than the
whole of a limit; it must begin before what it requires can; an option of the same group is in; a prerequisite is out;
no choice within the limits holds it; its worth is not above zero; what it saves is saved by others already (an
overlap); it makes the bad tail of the scenarios worse by more than it gains; with it a least saving would be missed,
for it uses more of that resource; it does not fit what is left of a limit, and more of that would bring it in; at the
prices of the scarce limits others use them better. Prices are those of the relaxation with fractions allowed, and only
choose between the last two; how far the limit must grow, or its worth rise, is computed by choosing anew
(`portfolio.widening`, `portfolio.rise`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from sachhon.science.portfolio.cause import Cause, Reason
from sachhon.science.portfolio.greedy import allowance, profits
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.order import brought, orders
from sachhon.science.portfolio.rise import rise_of
from sachhon.science.portfolio.search import NOTHING, Found, prices_of
from sachhon.science.portfolio.widening import widening_of


def reasons_of(model: Model, found: Found, which: Iterable[int]) -> list[Reason]:
    """Reasons of the options with these numbers."""
    view = _View(model, found)
    return [view.reason(i) for i in which]


class _View:
    """What all reasons share: activity of the limits, prices, who is in."""

    def __init__(self, model: Model, found: Found) -> None:
        assert found.x is not None
        self.model, self.found = model, found
        p = model.programme
        count, columns = len(model.limits), len(model.option)
        self.nothing = NOTHING * float(np.abs(p.c).max(initial=0.0))
        self.inside = np.zeros(len(model.options), dtype=bool)
        self.inside[model.option[found.x[:columns] > 0.5]] = True
        self.use = p.a[:count].toarray()[:, :columns].T if count else np.zeros((columns, 0))
        self.activity = p.a[:count] @ found.x if count else np.zeros(0)
        self.price = prices_of(model, found)
        self.net = p.c[:columns] - self.use @ self.price
        self.target = np.array([limit.kind == "target" for limit in model.limits], dtype=bool)
        self.members: dict[int, list[int]] = {}
        for i, g in enumerate(model.group.tolist()):
            if g >= 0:
                self.members.setdefault(g, []).append(i)
        self.columns = found.x[:columns]
        self.first = np.full(len(model.options), -1)
        self.first[model.option[::-1]] = np.arange(columns)[::-1]

    def reason(self, i: int) -> Reason:
        column = int(self.first[i])
        code, worth, net = (
            self.model.options[i].code,
            float(self.model.worth[column]),
            float(self.net[column]),
        )
        told = Reason(code, Cause.OTHERS_BETTER, worth, net)
        return self._in(i, column, told) if self.inside[i] else self._out(i, column, told)

    def _in(self, i: int, column: int, told: Reason) -> Reason:
        model = self.model
        if i in model.must:
            return replace(told, cause=Cause.FORCED)
        if told.worth > 0:
            return replace(told, cause=Cause.CHOSEN)
        slack = self.activity - model.programme.low[: len(model.limits)]
        for k in np.flatnonzero(self.target):
            if self.use[column, k] > slack[k]:
                return replace(told, cause=Cause.FOR_TARGET, limit=model.limits[k])
        needed = [a for a, b in model.needs.tolist() if b == i and self.inside[a]]
        needed += model.joint.partners(i)
        others = tuple(dict.fromkeys(model.options[j].code for j in needed if self.inside[j]))
        if others:
            return replace(told, cause=Cause.FOR_OTHERS, others=others)
        tail = -self._tail(i, np.flatnonzero((model.option == i) & (self.columns > 0.5)), 0.0)
        return replace(told, cause=Cause.HEDGE if tail > self.nothing else Cause.CHOSEN, tail=tail)

    def _out(self, i: int, column: int, told: Reason) -> Reason:
        model, p, worth = self.model, self.model.programme, told.worth
        own = np.flatnonzero(model.option == i)
        if (p.upper[own] == 0).all():
            return replace(told, cause=Cause.FORBIDDEN)
        edges, bundle = brought(model, [i])
        need = np.sum([self.use[model.option == j].min(axis=0) for j in bundle], axis=0)
        whole = self._over(need, np.zeros_like(self.activity))
        if whole is not None:
            others = self._codes(sorted(bundle - {i}))
            return replace(told, cause=Cause.IMPOSSIBLE, limit=whole[0], missing=whole[1], others=others)
        late = orders(model, edges)
        if late:
            return replace(told, cause=Cause.IMPOSSIBLE, orders=late)
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
        lost, over = self._lost(i), self._over(self.use[column], self.activity)
        tail = self._tail(i, np.array([column]), 1.0)
        if worth + lost > 0 and self._risky(i, column, tail):
            return replace(told, cause=Cause.RISK, tail=tail, rise=rise)
        if lost < 0 and (over is None or worth + lost <= 0):
            partners = [j for j in model.joint.partners(i) if self.inside[j]]
            return replace(told, cause=Cause.OVERLAP, others=self._codes(partners), rise=rise)
        broken = self._broken(i, column)
        if broken is not None:
            return replace(told, cause=Cause.BREAKS_TARGET, limit=broken[0], missing=broken[1], rise=rise)
        if over is not None and (told.net >= -self.nothing or not self.price.any()):
            wider = widening_of(model, self.found, i, model.limits.index(over[0]))
            if wider is None or np.isfinite(wider.more):
                return replace(told, cause=Cause.DOES_NOT_FIT, limit=over[0], missing=over[1], wider=wider)
        return replace(told, limit=self._scarcest(column), rise=rise)

    def _risky(self, i: int, column: int, tail: float) -> bool:
        """Whether what is gained on the average is lost in the bad tail, as the aim weighs the two."""
        scenarios, c = self.model.scenarios, self.model.programme.c
        if scenarios is None:
            return False
        weight = float(c[len(self.model.worth)]) / scenarios.unit  # of the tail, in the aim
        gain = float(c[column] + self._joint(i, c[None])[0])
        return gain + weight * tail <= self.nothing

    def _tail(self, i: int, columns: np.ndarray, to: float) -> float:
        """What the mean of the bad scenarios changes when these columns of option i are set; 0 without scenarios."""
        model = self.model
        if model.scenarios is None:
            return 0.0
        x, beside = self.columns.copy(), self.inside.copy()
        x[columns], beside[i] = to, to > 0
        now, then = (
            model.scenarios.cvar(profits(model, one, model.joint.of(inside)))
            for one, inside in ((self.columns, self.inside), (x, beside))
        )
        return then - now

    def _broken(self, i: int, column: int) -> tuple[Limit, float] | None:
        """The least saving that would be missed by the most with this option beside those chosen, and by how much."""
        if not self.target.any():
            return None
        change = self.use[column] + self._joint(i, self.model.programme.a[: len(self.activity)])
        short = self.model.programme.low[: len(self.activity)] - self.activity - change
        # a choice may lack a little that counts as nothing: only an option that takes from the saving breaks it
        short = np.where(self.target & (change < 0), short, -np.inf)
        k = int(np.argmax(short))
        little = allowance(self.model.programme)[k]
        return None if short[k] <= little else (self.model.limits[k], float(short[k]))

    def _scarcest(self, column: int) -> Limit | None:
        """The limit whose price takes the most of the option's worth."""
        if not len(self.price):
            return None
        paid = self.use[column] * self.price
        k = int(np.argmax(paid))
        return self.model.limits[k] if paid[k] > self.nothing else None

    def _codes(self, which: list[int]) -> tuple[str, ...]:
        return tuple(self.model.options[j].code for j in which)

    def _over(self, need: np.ndarray, activity: np.ndarray) -> tuple[Limit, float] | None:
        """The limit most overstepped by this need of each on top of what is used, and by how much."""
        if not len(activity):
            return None
        high = self.model.programme.high[: len(activity)]
        left = high - activity
        over = np.where(self.target, -np.inf, need - left)
        over = np.where(over > 1e-9 * np.maximum(np.abs(high), np.abs(activity)), over, -np.inf)
        k = int(np.argmax(over))
        return None if np.isneginf(over[k]) else (self.model.limits[k], float(over[k]))

    def _lost(self, i: int) -> float:
        """What the aim changes by what option i and those chosen do to each other."""
        return float(self._joint(i, self.model.worth[None])[0])

    def _joint(self, i: int, rows: np.ndarray) -> np.ndarray:
        """What option i and those chosen do to each other changes in these rows over all columns."""
        joint, columns = self.model.joint, len(self.model.option)
        beside = self.inside.copy()
        beside[i] = True
        return rows[:, columns : columns + len(joint)] @ (joint.of(beside) - joint.of(self.inside))
