"""The contracted network: which nodes unmeasured streams tie into one, its S, and its parts that nothing leaves.

See `contraction` for the equations.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.balance.crossing import Crossing
from sachhon.science.balance.forest import Forest
from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.selected_inverse import Factor, factorise
from sachhon.science.balance.sums import sums


def contracted(nodes: int, forest: Forest) -> tuple[Ints, int]:
    """Number of each node and of outside in the contracted network, −1 outside; and how many there are."""
    number = np.arange(nodes + 1)
    if not len(forest.node):
        number[nodes] = -1
        return number, nodes
    label = number.copy()
    label[forest.node] = forest.node[forest.root]
    stands = label == number
    stands[nodes] = False
    number = (np.cumsum(stands) - 1)[label]
    number[label == nodes] = -1
    return number, int(np.count_nonzero(stands))


def assemble(
    size: int, i: Ints, j: Ints, active: Bools, v: Floats, crossing: Crossing, tolerance: float
) -> tuple[Factor, Ints]:
    """S of the contracted network, with Z also wanted at the pairs that unmeasured streams need."""
    entry = np.flatnonzero(active & (i >= 0) & (j >= 0))
    weight = v * active
    diagonal = sums(i + 1, weight, size + 1)[1:] + sums(j + 1, weight, size + 1)[1:]
    more_i, more_j = crossing.pairs()
    if len(more_i):
        rows, columns = np.concatenate([i[entry], more_i]), np.concatenate([j[entry], more_j])
        values = np.concatenate([-v[entry], np.zeros(len(more_i))])
    else:
        rows, columns, values = i[entry], j[entry], -v[entry]
    return factorise(size, rows, columns, values, diagonal, tolerance), entry


def close(size: int, i: Ints, j: Ints) -> tuple[Ints, Bools, Ints]:
    """Parts of the contracted network, which are closed, and new numbers with one node of each left out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = np.where(i < 0, size, i), np.where(j < 0, size, j)
    links = coo_array((np.ones(len(a)), (a, b)), shape=(size + 1, size + 1))
    parts, part = connected_components(links, directed=False)
    closed = np.ones(parts, dtype=bool)
    closed[part[size]] = False
    part = part[:size].astype(np.int64)
    left_out = np.zeros(size, dtype=bool)
    first = np.unique(part, return_index=True)[1]
    left_out[first[closed[part[first]]]] = True
    return part, closed, np.where(left_out, -1, np.cumsum(~left_out) - 1)
