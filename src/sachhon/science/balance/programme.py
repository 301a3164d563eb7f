"""The quadratic programme behind `bounded`: which bounds hold the flows back, by an interior point (Clarabel)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sachhon.science.balance.network import Bools, ContradictionError, Floats, Names, Readings
from sachhon.science.uncertainty import ScienceError

# Weight that keeps unmeasured streams that nothing determines from running away. Below 1e-6 the solver cannot
# tell it from its own tolerance, and small networks end without an answer. It does not blur the result: once
# the bounds that hold are known, the flows are solved for without it.
PULL = 1e-5


def programme(
    matrix: Any, readings: Readings, low: Floats, high: Floats, names: Names
) -> tuple[Floats, Floats]:
    """x of the quadratic programme, and the pull of the bounds on it: lower positive, upper negative."""
    import clarabel as solvers  # compiled, without types
    from scipy.sparse import csc_array, diags_array, eye_array, vstack

    clarabel: Any = solvers
    n = matrix.shape[1]
    # x = value + root u: u standard normal where measured, the flow in units of its size where unmeasured
    size = float(np.median(np.abs(readings.value[readings.measured]))) if readings.measured.any() else 1.0
    root: Any = _root(readings, size or 1.0)
    weight = np.where(readings.measured, 1.0, np.where(readings.unmeasured, PULL, 1.0))
    flows: Any = csc_array(matrix @ root)
    has_low, has_high = np.isfinite(low) & ~readings.fixed, np.isfinite(high) & ~readings.fixed
    rows_low, rows_high = root[np.flatnonzero(has_low)], root[np.flatnonzero(has_high)]
    pinned: Any = csc_array(eye_array(n)).tocsr()[np.flatnonzero(readings.fixed)]
    constraint = csc_array(vstack([flows, pinned, -rows_low, rows_high]))
    right = np.concatenate(
        [
            -(matrix @ readings.value),
            np.zeros(pinned.shape[0]),
            (readings.value - low)[has_low],
            (high - readings.value)[has_high],
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
    dual = np.asarray(solution.z)
    if "Infeasible" in str(solution.status):
        raise _no_flows(matrix, dual, equal, has_low, has_high, names)
    if "Solved" not in str(solution.status):
        raise ScienceError(
            f"the quadratic programme ended as {solution.status}; check for variances or bounds of very different size."
        )
    push = np.zeros(n)
    count = int(has_low.sum())
    push[has_low] += dual[equal : equal + count]
    push[has_high] -= dual[equal + count :]
    return readings.value + root @ np.asarray(solution.x), push


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


def _no_flows(
    matrix: Any, proof: Floats, equal: int, has_low: Bools, has_high: Bools, names: Names
) -> ContradictionError:
    """From the proof of infeasibility: the balances and bounds that cannot hold together."""
    size = max(float(np.abs(proof).max(initial=0.0)), 1e-300)
    nodes = np.flatnonzero(np.abs(proof[: matrix.shape[0]]) > 1e-6 * size)
    bounds = np.concatenate([np.flatnonzero(has_low), np.flatnonzero(has_high)])
    streams = np.unique(bounds[proof[equal:] > 1e-6 * size])
    return ContradictionError(
        f"no flows within the bounds of {names.list_streams(streams)} balance {names.list_nodes(nodes)} with the fixed "
        "streams there. Give a fixed stream an uncertainty, or widen a bound."
    )
