"""Choosing options under limits, and the front between two or more aims."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.portfolio.conflict import ContradictingLimits, contradiction
from sachhon.science.portfolio.model import build
from sachhon.science.portfolio.options import VALUE, Interaction, Limits, Option, Overlap, Settings
from sachhon.science.portfolio.result import Portfolio, portfolio_of
from sachhon.science.portfolio.robust import Scenarios
from sachhon.science.portfolio.search import search
from sachhon.science.uncertainty import ScienceError

TIE = 1e-3
"""Share of the first aim's range that all other aims together may move, to break ties on the front."""


def choose(
    options: Sequence[Option],
    limits: Limits,
    *,
    aim: Mapping[str, float] | None = None,
    interactions: Sequence[Interaction | Overlap] = (),
    scenarios: Scenarios | None = None,
    settings: Settings | None = None,
) -> Portfolio:
    """The options with the greatest aim within the limits.

    aim : weights of "value" and of resources saved, value alone where not given; interactions : pairs and overlaps
    whose effects do not add up; scenarios : values under uncertainty, then the aim weighs their mean against their
    bad tail.

    Raises `ContradictingLimits` where nothing keeps all limits: it names those that contradict and the least change.
    """
    settings = settings or Settings()
    if scenarios is not None and scenarios.values.shape[0] != len(options):
        raise ScienceError(
            f"scenarios give values of {scenarios.values.shape[0]} options, there are {len(options)}.",
            f"các kịch bản cho giá trị của {scenarios.values.shape[0]} giải pháp, trong khi có "
            f"{len(options)}.",
        )
    model = build(options, limits, {VALUE: 1.0} if aim is None else aim, interactions, settings, scenarios)
    exact = settings.method == "exact" or (settings.method == "auto" and len(options) <= settings.exact_up_to)
    found = search(model, settings, exact=exact)
    if found.x is None:
        if np.isneginf(found.bound):
            raise contradiction(model)
        raise ScienceError(
            f"no choice was found within {settings.time_limit:g} s, though none is ruled out; "
            "allow more time or loosen a limit.",
            f"chưa tìm được lựa chọn nào trong {comma(settings.time_limit):g} s, dù chưa loại trừ được; hãy cho "
            "thêm thời gian hoặc nới một giới hạn.",
        )
    return portfolio_of(model, found)


@dataclass(frozen=True)
class Front:
    """Choices of which none is better in one aim without being worse in another.

    aims : their names; points : (k, n_aims), ordered by the first, descending; portfolios : one for each point.
    """

    aims: tuple[str, ...]
    points: np.ndarray
    portfolios: tuple[Portfolio, ...]


def front(
    options: Sequence[Option],
    limits: Limits,
    *,
    aims: Sequence[str],
    points: int = 11,
    interactions: Sequence[Interaction | Overlap] = (),
    settings: Settings | None = None,
) -> Front:
    """The Pareto front by the epsilon-constraint method.

    The first aim is maximised while each other must reach at least one of `points` levels between what the first aim
    alone gives it and its own greatest; a small weight on the others keeps out points that are only as good
    (Mavrotas 2009, Applied Mathematics and Computation 213(2), augmented epsilon-constraint). Also finds points that
    no weighting of the aims would. aims : two or more of "value" and resources; points : levels for each aim
    but the first.
    """
    if len(aims) < 2 or points < 2:
        raise ScienceError(
            "a front needs at least two aims and two points.",
            "một đường biên cần ít nhất hai mục tiêu và hai điểm.",
        )
    first, *others = aims

    def best(weights: Mapping[str, float], least: Mapping[str, float]) -> Portfolio:
        targets = {**limits.targets, **{a: max(v, limits.targets.get(a, -np.inf)) for a, v in least.items()}}
        narrowed = replace(limits, targets=targets)
        return choose(options, narrowed, aim=weights, interactions=interactions, settings=settings)

    ends = [best({name: 1.0}, {}) for name in aims]
    table = np.array([[end.totals.get(name, 0.0) for name in aims] for end in ends])
    width = np.maximum(np.ptp(table, axis=0), 1e-12)
    weights = {first: 1.0} | {
        name: TIE * width[0] / width[k + 1] / len(others)
        for k, name in enumerate(others)
        if width[k + 1] > 1e-9
    }
    levels = [np.linspace(table[0, k + 1], table[:, k + 1].max(), points) for k in range(len(others))]
    found: list[Portfolio] = []
    for level in itertools.product(*levels):
        least = {name: float(x - 1e-9 * max(1.0, abs(x))) for name, x in zip(others, level, strict=True)}
        if VALUE in least:
            raise ScienceError(
                'name "value" first among the aims; the others are held at levels as targets.',
                'hãy nêu "value" đầu tiên trong các mục tiêu; các mục tiêu khác được giữ ở từng mức.',
            )
        try:
            found.append(best(weights, least))
        except ContradictingLimits:
            continue  # these levels cannot be reached together
    values = np.array([[one.totals.get(name, 0.0) for name in aims] for one in found])
    keep = _undominated(values)
    order = keep[np.lexsort(tuple(-values[keep].T[::-1]))]
    return Front(tuple(aims), values[order], tuple(found[i] for i in order.tolist()))


def _undominated(values: np.ndarray) -> np.ndarray:
    """Rows beaten by none; of equal rows the first."""
    kept: list[int] = []
    for i, row in enumerate(values):
        beaten = ((values >= row).all(axis=1) & (values > row).any(axis=1)).any()
        if not beaten and not any((values[j] == row).all() for j in kept):
            kept.append(i)
    return np.array(kept, dtype=int)
