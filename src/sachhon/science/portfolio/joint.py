"""Columns for what options do to each other, exact wherever the options' columns are whole.

    pair      y = x_i x_j:  y ≤ x_i,  y ≤ x_j,  y ≥ x_i + x_j − 1
    overlap   options 1 … n save shares s_k of one consumption, each of what those before it left. The share saved
              so far is u_k = u_{k−1} + s_k x_k (1 − u_{k−1}), so that u_n = 1 − Π (1 − s_k x_k). With
                  q_k = x_k u_{k−1}
              the sum of the savings alone is too large by Σ s_k q_k. As 0 ≤ u_{k−1} ≤ U_k = 1 − Π_{j<k} (1 − s_j),
                  q ≤ U x,   q ≤ u,   q ≥ u − U (1 − x),   q ≥ 0
              hold q to that product (McCormick 1976, Mathematical Programming 10, which is exact for a whole x).

The relaxation of a long overlap is loose; tangents of u_n = 1 − exp(−z), z = Σ x_k (−ln(1 − s_k)), which is concave in
z, bring it near: u_n ≤ 1 − e^{−t} (1 + t − z) for any t.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sachhon.science.portfolio.options import VALUE, Interaction, Overlap

if TYPE_CHECKING:
    from sachhon.science.portfolio.model import Rows

TANGENTS = 6
"""Tangents an overlap is bounded by, evenly over z from nothing to all options."""


@dataclass(frozen=True)
class Chain:
    """One overlap: its options (numbers) in order and the share each saves alone."""

    members: np.ndarray
    shares: np.ndarray

    @property
    def reach(self) -> np.ndarray:
        """U_k, the most that may be saved before each member."""
        return 1 - np.concatenate([[1.0], np.cumprod(1 - self.shares)[:-1]])

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """q of all members but the first."""
        share = np.where(chosen[self.members], self.shares, 0.0)
        before = 1 - np.concatenate([[1.0], np.cumprod(1 - share)[:-1]])
        return np.where(chosen[self.members], before, 0.0)[1:]


@dataclass(frozen=True)
class Joint:
    """pairs : (k, 2) option numbers; chains : the overlaps, whose columns follow those of the pairs;
    value : (columns,) added to the value by a unit of each column; savings : likewise, resource → (columns,)."""

    pairs: np.ndarray
    chains: tuple[Chain, ...]
    value: np.ndarray
    savings: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.value)

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """The columns of a choice; chosen : (n_options,) of bool."""
        both = chosen[self.pairs[:, 0]] & chosen[self.pairs[:, 1]]
        return np.concatenate([both.astype(float), *(chain.of(chosen) for chain in self.chains)])

    def amount(self, name: str) -> np.ndarray:
        """What a unit of each column adds to the value or to a resource."""
        return self.value if name == VALUE else self.savings.get(name, np.zeros(len(self)))

    def worth(self, aim: Mapping[str, float]) -> np.ndarray:
        """What a unit of each column adds to the aim."""
        return sum((weight * self.amount(name) for name, weight in aim.items()), np.zeros(len(self)))

    def partners(self, i: int) -> list[int]:
        """Options tied to option i by a pair or an overlap."""
        found = [b if a == i else a for a, b in self.pairs.tolist() if i in (a, b)]
        for chain in self.chains:
            if i in chain.members:
                found += [j for j in chain.members.tolist() if j != i]
        return list(dict.fromkeys(found))

    def rows(self, rows: Rows, option: np.ndarray) -> None:
        """Adds the rows that hold the columns to their products; option : of each of the columns before them."""
        own = [np.flatnonzero(option == i) for i in range(int(option.max(initial=-1)) + 1)]
        column = len(option)
        for i, j in self.pairs.tolist():
            for one in (own[i], own[j]):
                rows.one(np.append(one, column), np.append(-np.ones(len(one)), 1.0), -np.inf, 0.0)
            both = np.concatenate([own[i], own[j]])
            rows.one(np.append(both, column), np.append(np.ones(len(both)), -1.0), -np.inf, 1.0)
            column += 1
        for chain in self.chains:
            _chain_rows(rows, chain, own, column)
            column += len(chain.members) - 1


def _chain_rows(rows: Rows, chain: Chain, own: Sequence[np.ndarray], first: int) -> None:
    """Rows of an overlap whose columns q_2 … q_n begin at `first`."""
    at, saved = own[chain.members[0]], np.full(len(own[chain.members[0]]), chain.shares[0])
    for k in range(1, len(chain.members)):
        x, q, most = own[chain.members[k]], first + k - 1, float(chain.reach[k])
        room = np.full(len(x), most)
        rows.one(np.append(x, q), np.append(-room, 1.0), -np.inf, 0.0)
        rows.one(np.append(at, q), np.append(-saved, 1.0), -np.inf, 0.0)
        rows.one(np.concatenate([at, x, [q]]), np.concatenate([saved, room, [-1.0]]), -np.inf, most)
        share = float(chain.shares[k])
        at = np.concatenate([at, x, [q]])
        saved = np.concatenate([saved, np.full(len(x), share), [-share]])
    if (chain.shares >= 1).any() or len(chain.members) < 3:
        return  # of two the three rows are the hull already
    depth = -np.log1p(-chain.shares)
    z = np.concatenate([own[i] for i in chain.members])
    slope = np.concatenate(
        [np.full(len(own[i]), d) for i, d in zip(chain.members.tolist(), depth, strict=True)]
    )
    for t in np.linspace(0, depth.sum(), TANGENTS):
        rest = float(np.exp(-t))
        rows.one(
            np.concatenate([at, z]),
            np.concatenate([saved, -rest * slope]),
            -np.inf,
            1 - rest * (1 + float(t)),
        )


def joint_of(interactions: Sequence[Interaction | Overlap], number: Mapping[str, int]) -> Joint:
    """The columns of these interactions; number : of each option's code."""
    both = [one for one in interactions if isinstance(one, Interaction)]
    shared = [one for one in interactions if isinstance(one, Overlap) and len(one.shares) > 1]
    chains = tuple(
        Chain(
            np.array([number[code] for code in one.shares]), np.array(list(one.shares.values()), dtype=float)
        )
        for one in shared
    )
    names = sorted({name for one in (*both, *shared) for name in one.savings})

    def amounts(name: str) -> np.ndarray:
        pair = [one.value if name == VALUE else one.savings.get(name, 0.0) for one in both]
        whole = [one.value if name == VALUE else one.savings.get(name, 0.0) for one in shared]
        lost = [-amount * chain.shares[1:] for amount, chain in zip(whole, chains, strict=True)]
        return np.concatenate([np.array(pair, dtype=float), *lost])

    return Joint(
        np.array([(number[one.first], number[one.second]) for one in both], dtype=int).reshape(-1, 2),
        chains,
        amounts(VALUE),
        {name: amounts(name) for name in names},
    )
