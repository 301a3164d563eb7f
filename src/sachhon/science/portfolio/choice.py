"""Choosing options under limits: the one entry point of the portfolio.

    model    what may be chosen, within which limits and for which aim, as a mixed-integer programme (`portfolio.model`,
             where the equations stand; `portfolio.joint` for what options do to each other, `portfolio.robust` for
             scenarios)
    search   a relaxation gives a bound, rounding and a small programme a choice, branch and cut its proof
             (`portfolio.search`, where the sources stand)
    result   the choice, its proven gap, what is used of each limit, and why each option is in or out
             (`portfolio.result`, `portfolio.reasons`)

Units: value, cost and budget in one unit of money, savings each in their own unit a year; none of them decides the
choice. Not here: which options are sound, and what they save; the front of several aims (`portfolio.front`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.portfolio.conflict import contradiction
from sachhon.science.portfolio.model import build
from sachhon.science.portfolio.options import VALUE, Interaction, Limits, Option, Overlap, Settings
from sachhon.science.portfolio.result import Portfolio, portfolio_of
from sachhon.science.portfolio.robust import Scenarios
from sachhon.science.portfolio.search import search
from sachhon.science.uncertainty import ScienceError


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
    whose effects do not add up; scenarios : values under uncertainty, then the value in the aim weighs their mean
    against their bad tail.

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
