"""By how much the worth of an option that is out would have to rise for it to come in.

With z the aim of the choice and z_i that of the best choice with option i in, raising the worth of i by r makes
z_i + r: it comes in from r = z − z_i on. z_i is a mixed-integer programme; for many options the reduced cost of the
relaxation bounds it without solving anything, z_i ≤ bound − |reduced cost|, so that r is at least what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.greedy import complete
from sachhon.science.portfolio.highs import solve_mip
from sachhon.science.portfolio.model import Model
from sachhon.science.portfolio.search import CORES, NOTHING, Found

SECONDS = 5.0
TOLERANCE = 1e-5
"""Share of the largest worth up to which bound and choice are one; the solver keeps a row to 1e-6."""


@dataclass(frozen=True)
class Rise:
    """amount : in the aim, in the year the option would begin; inf where no worth brings it in; proven : it suffices,
    otherwise it is only the least that is sure to be needed."""

    amount: float
    proven: bool


def rise_of(model: Model, found: Found, i: int) -> Rise:
    """The rise of option i, which is out; solved anew up to 150 options, within `SECONDS`."""
    own = np.flatnonzero(model.option == i)
    reduced = found.relaxation.reduced
    assert reduced is not None
    sure = max(found.objective - found.relaxation.bound + float(np.abs(reduced[own]).min()), 0.0)
    if len(model.options) > CORES[0]:
        return Rise(sure, proven=False)
    from scipy.sparse import csr_array, vstack

    p = model.programme
    inside = np.zeros((1, len(p.c)))
    inside[0, own] = 1.0
    forced = replace(
        p,
        a=csr_array(vstack([p.a, csr_array(inside)])),
        low=np.append(p.low, 1.0),
        high=np.append(p.high, 1.0),
    )
    answer = solve_mip(forced, gap=0.0, time_limit=SECONDS)
    if answer.infeasible:
        return Rise(np.inf, proven=True)
    sure = max(sure, found.objective - answer.bound)
    if answer.x is None:
        return Rise(sure, proven=False)
    best = float(p.c @ complete(model, np.round(answer.x[: len(model.option)])))
    missing = found.objective - best if found.objective - best > NOTHING * float(np.abs(p.c).max()) else 0.0
    proven = answer.bound - best <= TOLERANCE * max(float(np.abs(p.c).max()), abs(best))
    return Rise(missing if proven else sure, proven)
