"""Where `active_set` starts: near the answer by an interior point (Clarabel), else anywhere within bounds.

What comes from here need not be exact. An interior point may make too little progress where balances leave no room
between the bounds (a node with outlets alone, say); then a linear programme finds flows within the bounds, or proves
that there are none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sachhon.science.balance.network import ContradictionError, Floats, Names, Readings
from sachhon.science.uncertainty import ScienceError

# Weight that keeps unmeasured streams that nothing determines from running away. Below 1e-6 the solver cannot
# tell it from its own tolerance. It does not blur the result: `active_set` solves for the flows without it.
PULL = 1e-5
OPEN = 1e-7  # of the flows: balances open by less are closed


def near(matrix: Any, readings: Readings, low: Floats, high: Floats, names: Names) -> tuple[Floats, Floats]:
    """Flows near the best within bounds, and the pull of the bounds on them: lower positive, upper negative."""
    found = _interior(matrix, readings, low, high)
    return (within(matrix, readings, low, high, names), np.zeros(len(low))) if found is None else found


def _interior(matrix: Any, readings: Readings, low: Floats, high: Floats) -> tuple[Floats, Floats] | None:
    import clarabel as solvers  # compiled, without types
    from scipy.sparse import csc_array, diags_array, eye_array, vstack

    clarabel: Any = solvers
    n = matrix.shape[1]
    # x = value + root u: u standard normal where measured, the flow in units of its size where unmeasured
    # and the flows themselves in units of their size, so that the solver meets the same numbers in every unit
    unit = size(readings)
    root: Any = _root(readings, unit) / unit
    weight = np.where(readings.measured, 1.0, np.where(readings.unmeasured, PULL, 1.0))
    flows: Any = csc_array(matrix @ root)
    has_low, has_high = np.isfinite(low) & ~readings.fixed, np.isfinite(high) & ~readings.fixed
    rows_low, rows_high = root[np.flatnonzero(has_low)], root[np.flatnonzero(has_high)]
    pinned: Any = csc_array(eye_array(n)).tocsr()[np.flatnonzero(readings.fixed)]
    constraint = csc_array(vstack([flows, pinned, -rows_low, rows_high]))
    right = np.concatenate(
        [
            -(matrix @ (readings.value / unit)),
            np.zeros(pinned.shape[0]),
            (readings.value - low)[has_low] / unit,
            (high - readings.value)[has_high] / unit,
        ]
    )
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    equal = flows.shape[0] + pinned.shape[0]
    cones = [clarabel.ZeroConeT(equal), clarabel.NonnegativeConeT(len(right) - equal)]
    solver = clarabel.DefaultSolver(
        csc_array(diags_array(weight)), np.zeros(n), constraint, right, cones, settings
    )
    solution = solver.solve()
    if str(solution.status) not in ("Solved", "AlmostSolved"):
        return None
    dual = np.asarray(solution.z)
    push = np.zeros(n)
    count = int(has_low.sum())
    push[has_low] += dual[equal : equal + count] / unit
    push[has_high] -= dual[equal + count :] / unit
    return readings.value + unit * (root @ np.asarray(solution.x)), push


def size(readings: Readings) -> float:
    """What the flows are about as large as."""
    known = np.abs(readings.value[~readings.unmeasured])
    known = known[known > 0]
    return float(np.median(known)) if len(known) else 1.0


def within(matrix: Any, readings: Readings, low: Floats, high: Floats, names: Names) -> Floats:
    """Flows that keep every balance and every bound; `ContradictionError` where there are none."""
    from scipy.optimize import linprog
    from scipy.sparse import csc_array, eye_array, hstack

    nodes, streams = matrix.shape
    unit = size(readings)
    fixed = readings.fixed
    below = np.where(fixed, readings.value, low) / unit
    above = np.where(fixed, readings.value, high) / unit
    # each balance may be open by what is paid for; the prices of those that cannot be closed are the proof
    either = eye_array(nodes)
    wide = csc_array(hstack([matrix, either, -either]))
    solved: Any = linprog(
        np.r_[np.zeros(streams), np.ones(2 * nodes)],
        A_eq=wide,
        b_eq=np.zeros(nodes),
        bounds=np.c_[np.r_[below, np.zeros(2 * nodes)], np.r_[above, np.full(2 * nodes, np.inf)]],
        method="highs",
    )
    if solved.x is None:
        raise ScienceError(
            f"no flows within the bounds were found: {solved.message}",
            f"không tìm được lưu lượng nào trong giới hạn: {solved.message}",
        )
    if solved.fun > OPEN * max(1.0, float(np.abs(readings.value[fixed]).max(initial=0.0)) / unit):
        price = solved.eqlin.marginals
        held = (solved.lower.marginals + solved.upper.marginals)[:streams]
        raise _no_flows(matrix, price, np.flatnonzero((np.abs(held) > 1e-6) & ~fixed), names)
    return solved.x[:streams] * unit


def _root(readings: Readings, size: float) -> Any:
    """A square root of V, and `size` for unmeasured streams."""
    from scipy.sparse import csr_array, diags_array

    own = np.where(readings.unmeasured, size, np.sqrt(np.maximum(readings.variance, 0.0)))
    if readings.covariance is None:
        return csr_array(diags_array(own))
    from scipy.sparse import lil_array
    from scipy.sparse.csgraph import connected_components

    out = lil_array((len(own), len(own)))
    out.setdiag(own)
    parts, part = connected_components(readings.covariance, directed=False)
    for p in np.flatnonzero(np.bincount(part, minlength=parts) > 1):
        at = np.flatnonzero(part == p)
        value, vector = np.linalg.eigh(readings.covariance[at][:, at].toarray())
        out[np.ix_(at, at)] = vector * np.sqrt(np.maximum(value, 0.0))
    return csr_array(out)


def _no_flows(matrix: Any, price: Floats, bounds: Any, names: Names) -> ContradictionError:
    """From the proof of infeasibility: the balances and bounds that cannot hold together."""
    nodes = np.flatnonzero(np.abs(price) > 1e-6)
    return ContradictionError(
        f"no flows within the bounds of {names.list_streams(bounds)} balance {names.list_nodes(nodes)} with the fixed "
        "streams there. Give a fixed stream an uncertainty, or widen a bound.",
        f"không có lưu lượng nào trong giới hạn của {names.list_streams(bounds, lang='vi')} khép được "
        f"cân bằng {names.list_nodes(nodes, lang='vi')} với các dòng cố định ở đó. Hãy cho một dòng "
        "cố định độ không đảm bảo, hoặc nới một giới hạn.",
    )
