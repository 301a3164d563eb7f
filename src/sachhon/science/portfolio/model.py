"""The choice as a mixed-integer programme.

    x_{i,s} ∈ {0, 1}       option i begins in year s;   x_i = Σ_s x_{i,s} ≤ 1
    y                      what options do to each other, a product of the x (`portfolio.joint`)
    max  Σ aim_i x_i + Σ aim_y y
    budget                 Σ cost_{i,t−s} x_{i,s} ≤ B_t      (Σ_{u ≤ t} on both sides where money is carried over)
    staff                  likewise
    sector cap             Σ_{i in sector} Σ_t cost x ≤ cap
    target                 Σ saving_i x_i + Σ saving_y y ≥ least
    exclusive group        Σ_{i in group} x_i ≤ 1
    prerequisite i needs j Σ_{s ≤ t} x_{i,s} ≤ Σ_{s ≤ t} x_{j,s}   for each t

Rows carry a `Limit` (what it is, of which year, sector or resource) so that prices and contradictions can be said in
words. Structure rows (groups, prerequisites, interactions) come after the limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.numeric import each
from sachhon.science.portfolio.figures import (
    check,
    check_aim,
    columns_of,
    groups_of,
    profile,
    shift,
    years_of,
)
from sachhon.science.portfolio.highs import Programme
from sachhon.science.portfolio.joint import Joint, joint_of
from sachhon.science.portfolio.options import VALUE, Interaction, Limits, Option, Overlap, Settings
from sachhon.science.portfolio.robust import Scenarios


@dataclass(frozen=True)
class Limit:
    """A row of the programme that a user set: kind is budget, carried, staff, sector, target or count.

    subject : the year (0 = first) of a budget or staff, a sector, a resource; carried is the budget of all years up to
    that one together, where money not spent is carried over.
    """

    kind: str
    subject: str | int
    amount: float


@dataclass(frozen=True)
class Model:
    """The programme with the way back to options.

    option, start, late : (columns,) of the x columns, in order, late where it would pay after the last year;
    joint : the columns that follow them, what options do to each other; worth : the aim of a unit of each column of
    both kinds, the mean over scenarios; limits : the first rows; rows after them are structure, the last ones the
    options forced in.
    """

    programme: Programme
    options: Sequence[Option]
    number: Mapping[str, int]
    limits: tuple[Limit, ...]
    option: np.ndarray
    start: np.ndarray
    late: np.ndarray
    joint: Joint
    needs: np.ndarray
    group: np.ndarray
    cost: np.ndarray
    staff: np.ndarray
    scenarios: Scenarios | None
    worth: np.ndarray
    discount: np.ndarray
    must: tuple[int, ...]
    never: tuple[int, ...]


class Rows:
    """Collects triplets of a sparse matrix, row after row."""

    def __init__(self) -> None:
        self.row: list[np.ndarray] = []
        self.column: list[np.ndarray] = []
        self.value: list[np.ndarray] = []
        self.low: list[np.ndarray] = []
        self.high: list[np.ndarray] = []
        self.count = 0

    def one(self, columns: np.ndarray, values: np.ndarray, low: float, high: float) -> None:
        """A single row."""
        self.many(np.zeros(len(columns), dtype=int), columns, values, 1, low, high)

    def many(
        self, row: np.ndarray, columns: np.ndarray, values: np.ndarray, count: int, low: float, high: float
    ) -> None:
        """`count` rows with the same limits; row numbers from 0."""
        self.row.append(np.asarray(row) + self.count)
        self.column.append(np.asarray(columns))
        self.value.append(np.asarray(values, dtype=float))
        self.low.append(np.full(count, low))
        self.high.append(np.full(count, high))
        self.count += count


def build(
    options: Sequence[Option],
    limits: Limits,
    aim: Mapping[str, float],
    interactions: Sequence[Interaction | Overlap],
    settings: Settings,
    scenarios: Scenarios | None = None,
) -> Model:
    """The programme of a choice; raises `ScienceError` for figures that cannot be."""
    each(options, Option, "options")
    each([limits], Limits, "limits")
    number = {option.code: i for i, option in enumerate(options)}
    check(options, number, limits, interactions)
    check_aim(options, aim, interactions)
    years = years_of(options, limits)
    n = len(options)
    option, start, dropped = columns_of(options, years)
    cost = profile([o.cost for o in options], years)
    staff = profile([o.staff for o in options], years)
    spend, people = shift(cost[option], start), shift(staff[option], start)
    joint = joint_of(interactions, number)
    x = np.arange(len(option))
    rows = Rows()
    named = _limit_rows(rows, options, limits, joint, option, spend, people)
    needs = np.array([(i, number[j]) for i, o in enumerate(options) for j in o.requires], dtype=int).reshape(
        -1, 2
    )
    group = groups_of(options)
    _structure_rows(rows, option, start, group, needs, n)
    joint.rows(rows, option)
    discount = (1 + settings.rate) ** -start.astype(float)
    resources = {name: weight for name, weight in aim.items() if name != VALUE}
    saved, money = (
        _worth(options, one, option, discount, joint, scenarios)
        for one in (resources, {VALUE: aim.get(VALUE, 0.0)})
    )
    tail = np.zeros(0) if scenarios is None else scenarios.rows(rows, aim, option, discount, joint.value)
    # the bad tail takes its weight from the mean of the value alone: what is saved does not vary with the scenario
    c = saved + money if scenarios is None else saved + money * (1 - scenarios.weight)
    lower, upper = np.zeros(len(c) + len(tail)), np.ones(len(c) + len(tail))
    upper[x[dropped]] = 0.0
    lower[len(c) : len(c) + 1], upper[len(c) :] = -np.inf, np.inf
    for code in limits.never:
        upper[x[option == number[code]]] = 0.0
    for code in limits.must:
        own = x[option == number[code]]
        rows.one(own, np.ones(len(own)), 1.0, 1.0)
    integer = np.arange(len(lower)) < len(x)
    c = np.concatenate([c, tail])
    matrix = _matrix(rows, len(c))
    programme = Programme(
        c, matrix, np.concatenate(rows.low), np.concatenate(rows.high), lower, upper, integer
    )
    return Model(
        programme=programme,
        options=options,
        number=number,
        limits=named,
        option=option,
        start=start,
        late=dropped,
        joint=joint,
        needs=needs,
        group=group,
        cost=spend,
        staff=people,
        scenarios=scenarios,
        worth=saved + money,
        discount=discount,
        must=tuple(number[code] for code in limits.must),
        never=tuple(number[code] for code in limits.never),
    )


def _matrix(rows: Rows, columns: int):
    from scipy.sparse import coo_array

    if not rows.count:
        rows.one(np.zeros(0, dtype=int), np.zeros(0), -np.inf, np.inf)
    triplets = (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column)))
    return coo_array(triplets, shape=(rows.count, columns)).tocsr()


def _limit_rows(rows, options, limits, joint, option, spend, people) -> tuple[Limit, ...]:
    named: list[Limit] = []
    x = np.arange(len(option))
    y = len(option) + np.arange(len(joint))
    if limits.budget is not None:
        allowed = np.atleast_1d(np.asarray(limits.budget, dtype=float))
        used = np.cumsum(spend, axis=1) if limits.carry_over else spend
        allowed = np.cumsum(allowed) if limits.carry_over else allowed
        for t in range(len(allowed)):
            rows.one(x, used[:, t], -np.inf, allowed[t])
            named.append(Limit("carried" if limits.carry_over and t else "budget", t, float(allowed[t])))
    if limits.staff is not None:
        for t, most in enumerate(np.atleast_1d(np.asarray(limits.staff, dtype=float))):
            rows.one(x, people[:, t], -np.inf, most)
            named.append(Limit("staff", t, float(most)))
    whole_cost = spend.sum(axis=1)
    sectors = np.array([o.sector for o in options], dtype=object)
    for sector, cap in limits.sector_caps.items():
        own = np.flatnonzero(sectors[option] == sector)
        rows.one(own, whole_cost[own], -np.inf, float(cap))
        named.append(Limit("sector", sector, float(cap)))
    for resource, least in limits.targets.items():
        saved = np.array([o.savings.get(resource, 0.0) for o in options])[option]
        rows.one(
            np.concatenate([x, y]), np.concatenate([saved, joint.amount(resource)]), float(least), np.inf
        )
        named.append(Limit("target", resource, float(least)))
    if limits.most_options is not None:
        rows.one(x, np.ones(len(x)), -np.inf, float(limits.most_options))
        named.append(Limit("count", "", float(limits.most_options)))
    return tuple(named)


def _structure_rows(rows, option, start, group, needs, n) -> None:
    columns = np.bincount(option, minlength=n)
    grouped = group[option] >= 0
    rows.many(group[option][grouped], np.flatnonzero(grouped), np.ones(grouped.sum()), int(group.max(initial=-1)) + 1,
              -np.inf, 1.0)  # fmt: skip
    for i in np.flatnonzero((columns > 1) & (group < 0)):
        own = np.flatnonzero(option == i)
        rows.one(own, np.ones(len(own)), -np.inf, 1.0)
    single = (columns[needs] == 1).all(axis=1)
    for i, j in needs[~single]:
        for t in np.unique(start[option == i]):
            a = np.flatnonzero((option == i) & (start <= t))
            b = np.flatnonzero((option == j) & (start <= t))
            rows.one(
                np.concatenate([a, b]), np.concatenate([np.ones(len(a)), -np.ones(len(b))]), -np.inf, 0.0
            )
    if single.any():
        # the row of a prerequisite that begins too late names the option alone, which then cannot be in
        i, j = (np.cumsum(columns) - columns)[needs[single].T]
        k, early = np.arange(len(i)), start[j] <= start[i]
        values = np.concatenate([np.ones(len(i)), -np.ones(early.sum())])
        rows.many(np.concatenate([k, k[early]]), np.concatenate([i, j[early]]), values, len(i), -np.inf, 0.0)


def _worth(options, aim, option, discount, joint, scenarios) -> np.ndarray:
    worth = np.zeros(len(option))
    for name, weight in aim.items():
        if name == VALUE:
            value = np.array([o.value for o in options]) if scenarios is None else scenarios.expected
            worth += weight * value[option] * discount
        else:
            worth += weight * np.array([o.savings.get(name, 0.0) for o in options])[option]
    return np.concatenate([worth, joint.worth(aim)])
