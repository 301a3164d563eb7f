"""Balances solved for their roughest streams: Gauss–Jordan elimination in the order of the readings' uncertainty.

    T A = M,   with a unit column in M for each of the streams it is solved for

Streams without a reading come first, then readings from the greatest standard uncertainty down; fixed streams never. A
balance so solved, x_b = −Σ m x, holds on its right side only streams at most about as uncertain as x_b, so that
W = σ_b⁻¹ m σ has entries of about one at most whatever the variances, and so has least squares made from it
(`projection`). Rows and columns are scaled to one before anything is compared: units do not matter. What cancels to the
rounding of what went into it is zero, and nothing else is.
Sources: Vavasis 1994, Stable numerical algorithms for equilibrium systems, SIAM J. Matrix Anal. Appl. 15 (why S⁻¹ fails
where weights are far apart, and a base of the heaviest columns does not); Crowe, Garcia Campos & Hrymak 1983.
Dense, for one factory's flow-sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sachhon.science.balance.network import Bools, Floats, Ints

RANK = 1e-10  # of what an entry came from: on less no balance is solved
NOISE = 1e-12  # of what went into a difference: less is its rounding


@dataclass(frozen=True)
class Solved:
    """M and T, rows in the order given; `hidden` and `told` are rows solved for unmeasured and for measured streams.

    `row_of` gives for each row the stream it is solved for, −1 for what is `left`: balances that hold fixed streams
    alone, or nothing. `reach` is the largest size that each entry of M came from: what its rounding is measured by.
    """

    streams: Floats  # M: (nodes, streams)
    nodes: Floats  # T: (nodes, nodes), for the balances as given
    reach: Floats
    row_of: Ints  # (nodes,)
    hidden: Ints
    told: Ints
    left: Ints
    observable: Bools  # of the unmeasured streams, in their order


def solve_for_roughest(matrix: Floats, unmeasured: Bools, sigma: Floats) -> Solved:
    """Eliminate; `sigma` (streams,) is the standard uncertainty of a reading, 0 for other streams."""
    count, streams = matrix.shape
    largest = np.abs(matrix).max(axis=1, initial=0.0)
    row = 1 / np.where(largest > 0, largest, 1.0)
    table = np.concatenate([matrix * row[:, None], np.eye(count)], axis=1)
    reach = np.abs(table)
    row_of = np.full(count, -1, dtype=np.int64)
    column = reach[:, :streams].max(axis=0, initial=0.0)
    _in_turn(table, reach, row_of, np.flatnonzero(unmeasured), 1 / np.where(column > 0, column, 1.0))
    _in_turn(table, reach, row_of, np.flatnonzero(sigma > 0), sigma)
    free = row_of < 0
    is_hidden = np.zeros(count, dtype=bool)
    is_hidden[~free] = unmeasured[row_of[~free]]
    hidden = np.flatnonzero(is_hidden)
    # a hidden stream is known where its balance holds no other that is not
    spare = unmeasured.copy()
    spare[row_of[hidden]] = False
    seen = np.zeros(streams, dtype=bool)
    seen[row_of[hidden]] = ~table[np.ix_(hidden, np.flatnonzero(spare))].any(axis=1)
    return Solved(
        table[:, :streams],
        table[:, streams:] * row,
        reach[:, :streams],
        row_of,
        hidden,
        np.flatnonzero(~is_hidden & ~free),
        np.flatnonzero(free),
        seen[unmeasured],
    )


def _in_turn(table: Floats, reach: Floats, row_of: Ints, among: Ints, weight: Floats) -> None:
    """Solve balances for some of the streams `among`, each time for the one that weighs most in a balance left."""
    free = row_of < 0
    if not (free.any() and len(among)):
        return
    weight = weight[among]
    most, which = np.zeros(len(table)), np.zeros(len(table), dtype=np.int64)
    changed = free.nonzero()[0]
    while True:
        size = np.abs(table[changed[:, None], among]) * weight
        which[changed] = size.argmax(axis=1)
        most[changed] = size.max(axis=1)
        at = int(most.argmax())
        if not most[at]:
            return
        j = int(among[which[at]])
        if abs(table[at, j]) <= RANK * reach[at, j]:
            table[at, j] = 0.0
            changed = np.array([at])
            continue
        others = _pivot(table, reach, at, j)
        row_of[at], free[at], most[at] = j, False, 0.0
        changed = others[free[others]]


def _pivot(table: Floats, reach: Floats, at: int, j: int) -> Ints:
    """Solve the balance `at` for stream j and take j out of all others, which are returned."""
    size = table[at, j]
    table[at] /= size
    reach[at] /= abs(size)
    table[at, j] = 1.0
    others = table[:, j].nonzero()[0]
    others = others[others != at]
    across = table[at].nonzero()[0]
    where = np.ix_(others, across)
    taken = table[others, j][:, None] * table[at, across]
    new = table[where] - taken
    grown = np.maximum(reach[where], np.abs(taken))
    noise = np.abs(new) <= NOISE * grown
    new[noise] = grown[noise] = 0.0
    table[where], reach[where] = new, grown
    table[others, j] = 0.0
    return others
