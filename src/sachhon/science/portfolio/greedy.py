"""The choice of a person with a list: best ratio first, as long as everything still fits.

The ratio is the aim per share of the limits an option uses, Σ_k use_k / limit_k. An option brings its missing
prerequisites along when the bundle gains and fits. Afterwards options are added for the sake of targets not yet met.
Used as a floor (`choose` never returns less) and as a first answer; by itself it proves nothing.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.portfolio.highs import Programme, row_sizes
from sachhon.science.portfolio.model import Model

ROUNDING = 1e-12
"""Share of a row's largest figure that adding up may lose."""


def greedy(model: Model) -> np.ndarray | None:
    """A feasible vector of all columns, or None where the list does not get there."""
    p = model.programme
    columns = len(model.option)
    capped = np.array([k for k, limit in enumerate(model.limits) if limit.kind != "target"], dtype=int)
    wanted = np.array([k for k, limit in enumerate(model.limits) if limit.kind == "target"], dtype=int)
    table = p.a[: max(len(model.limits), 1)].toarray()[:, :columns]
    use, capacity = table[capped].T.copy(), p.high[capped]
    state = _State(model, use, capacity)
    for option in model.must:
        state.add(state.columns[option][0], at_any_price=True)
    weight = use @ (1 / np.where(capacity > 0, capacity, 1e-12)) if len(capped) else np.zeros(columns)
    gain = p.c[:columns]
    ratio = gain / (weight + 1e-9)
    for column in np.argsort(-ratio, kind="stable").tolist():
        if gain[column] <= 0:
            break
        state.add(column)
    for k in wanted:
        helping = table[k]
        order = np.argsort(-(helping / (weight + 1e-9)), kind="stable")
        for column in order.tolist():
            if helping[column] <= 0 or helping[state.chosen].sum() >= p.low[k]:
                break
            state.add(column, at_any_price=True)
    x = np.zeros(columns)
    x[state.chosen] = 1.0
    full = complete(model, x)
    return full if feasible(model, full) else None


class _State:
    """What has been chosen and what it uses."""

    def __init__(self, model: Model, use: np.ndarray, capacity: np.ndarray) -> None:
        self.model = model
        self.use = use
        self.left = capacity * (1 + 1e-9)
        self.chosen: list[int] = []
        self.start: dict[int, int] = {}
        self.groups: set[int] = set()
        self.needs: dict[int, list[int]] = {}
        for i, j in model.needs.tolist():
            self.needs.setdefault(i, []).append(j)
        self.columns: dict[int, list[int]] = {}
        for column, option in enumerate(model.option.tolist()):
            self.columns.setdefault(option, []).append(column)

    def add(self, column: int, *, at_any_price: bool = False) -> None:
        """Choose the column with what it needs, if that gains and fits."""
        model = self.model
        bundle = self._bundle(column)
        if bundle is None or any(model.programme.upper[c] == 0 for c in bundle):
            return
        if not at_any_price and model.programme.c[bundle].sum() <= 0:
            return
        taken = [int(g) for g in model.group[model.option[bundle]] if g >= 0]
        if len(set(taken)) < len(taken) or self.groups.intersection(taken):
            return
        need = self.use[bundle].sum(axis=0) if len(bundle) > 1 else self.use[column]
        if (need > self.left).any():
            return
        self.left = self.left - need
        self.chosen += bundle
        self.start |= {int(model.option[c]): int(model.start[c]) for c in bundle}
        self.groups.update(taken)

    def _bundle(self, column: int) -> list[int] | None:
        """The column and those of the options it needs that are not yet in; None where it is in or cannot be."""
        model = self.model
        if int(model.option[column]) in self.start:
            return None
        begin = int(model.start[column])
        bundle: dict[int, int] = {int(model.option[column]): column}
        open_options = list(self.needs.get(int(model.option[column]), ()))
        while open_options:
            option = open_options.pop()
            if option in bundle:
                continue
            if option in self.start:
                if self.start[option] > begin:
                    return None
                continue
            early = [c for c in self.columns[option] if model.start[c] <= begin]
            if not early:
                return None
            bundle[option] = early[0]
            open_options += self.needs.get(option, ())
        return list(bundle.values())


def complete(model: Model, x: np.ndarray) -> np.ndarray:
    """All columns from the choices (columns x): interactions, and the tail over scenarios."""
    parts = [x]
    chosen = np.bincount(model.option, weights=x, minlength=len(model.options)) > 0.5
    both = model.joint.of(chosen)
    parts.append(both)
    if model.scenarios is not None:
        parts.append(model.scenarios.tail_columns(profits(model, x, both)))
    return np.concatenate(parts)


def profits(model: Model, x: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Profit of a choice in each scenario."""
    if model.scenarios is None:
        return np.zeros(0)
    values = model.scenarios.values[model.option] * model.discount[:, None]
    return x @ values + both @ model.joint.value


def feasible(model: Model, full: np.ndarray, tolerance: float = 1e-7) -> bool:
    """Whether all rows hold, to a share of their limits and of their figures where those are below one, and to what
    is rounded in adding up large ones."""
    p = model.programme
    activity, off = p.a @ full, allowance(p, tolerance)
    return bool(((activity >= p.low - off) & (activity <= p.high + off)).all())


def allowance(p: Programme, tolerance: float = 1e-7) -> np.ndarray:
    """How far each row may be off and still hold, in its own unit."""
    sizes = row_sizes(p)
    share = np.maximum(np.minimum(1.0, sizes), np.maximum(_finite(p.low), _finite(p.high)))
    return np.maximum(tolerance * share, ROUNDING * sizes)


def _finite(limit: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(limit), np.abs(limit), 0.0)
