"""How much more of a limit the next better choice needs.

Options are taken whole, so the aim rises in steps as a limit is loosened, while the relaxation's price is the slope
of a straight line above them. The next step of limit k, with the present aim z and all other limits kept:

    least a_k·x   with   c·x ≥ z + ε,   then   max c·x   with   a_k·x ≤ that least amount

Two mixed-integer programmes, each solved to the end; meant for a factory's choice, not for 10,000 options.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.greedy import complete
from sachhon.science.portfolio.highs import solve_mip
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.result import Portfolio
from sachhon.science.portfolio.words import apart, limit_name, number
from sachhon.science.uncertainty import ScienceError

BETTER = 1e-5
"""Least gain that counts as better, of the largest worth of an option; the solver keeps a row to 1e-6."""
SECONDS = 5.0


@dataclass(frozen=True)
class Step:
    """The limit, the amount it must grow to for a better choice, and how much the aim then gains."""

    limit: Limit
    amount: float
    gain: float

    @property
    def more(self) -> float:
        """What is missing today."""
        return self.amount - self.limit.amount

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        name = limit_name(self.limit, lang)
        more, gain = number(self.more, lang), number(self.gain, lang)
        _, amount = apart(self.limit.amount, self.amount, lang)
        head = f"{name[0].upper()}{name[1:]}"
        if lang == "vi":
            return f"{head}: phải thêm {more} (thành {amount}) mới chọn được tốt hơn, khi đó mục tiêu tăng {gain}."
        return f"{head}: {more} more (making {amount}) is needed for a better choice, which gains {gain}."


def next_step(portfolio: Portfolio, limit: Limit) -> Step | None:
    """The next better choice if only `limit` were loosened; None where no more of it helps, or time ran out.

    limit : one of `portfolio.uses`, not a target (more is asked of it, not given).
    """
    from scipy.sparse import csr_array, vstack

    model = portfolio.model
    if limit not in model.limits or limit.kind == "target":
        raise ScienceError(
            f"the {limit_name(limit, 'en')} ({number(limit.amount, 'en')}) is no limit of this choice that could be "
            "loosened; take one of portfolio.uses, not a least saving.",
            f"{limit_name(limit)} ({number(limit.amount)}) không phải là giới hạn có thể nới của lựa chọn này; hãy lấy "
            "một giới hạn trong portfolio.uses, không phải mức tiết kiệm tối thiểu.",
        )
    row = model.limits.index(limit)
    programme = model.programme
    most = float(np.abs(programme.c).max()) or 1.0
    high = programme.high.copy()
    high[row] = np.inf
    use = programme.a[[row]].toarray()[0]
    cheapest = replace(
        programme,
        c=-use,
        a=csr_array(vstack([programme.a, csr_array(programme.c[None, :] / most)])),
        low=np.append(programme.low, portfolio.aim / most + BETTER),
        high=np.append(high, np.inf),
    )
    found = solve_mip(cheapest, gap=0.0, time_limit=SECONDS)
    if found.x is None:
        return None
    amount = float(use @ _whole(model, found.x))
    high[row] = amount + 1e-9 * abs(amount)
    best = solve_mip(replace(programme, high=high), gap=0.0, time_limit=SECONDS, start=found.x)
    if best.x is None:
        return None
    return Step(limit, amount, float(programme.c @ _whole(model, best.x)) - portfolio.aim)


def _whole(model: Model, x: np.ndarray) -> np.ndarray:
    """The columns of the whole options: the solver's own are whole to its tolerance only."""
    return complete(model, np.round(x[: len(model.option)]))
