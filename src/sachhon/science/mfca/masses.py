"""Masses of quantity centres: what a centre turns into product, and whether it received what others sent it.

Two masses fit where they differ by no more than what was left out when they were written down: half a unit of the last
digit of every mass and share they are made of, all the same way. Where masses were weighed apart they differ by more;
`Settings.mass_uncertainty` then tells by how much they err, and two standard uncertainties are allowed besides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from sachhon.science.mfca.centre import Centre, Settings
from sachhon.science.phrases import number

COMPUTED = 12
"""Digits from which a figure was computed, not written down; what lies beyond is rounding of floats."""
SHARE = 0.01
"""A share is told by the hundredth at least: 0.5 is not 0.4 or 0.6."""
PART = 0.01
"""Of itself: more was not left out of a figure with fewer decimals than others of its table (1 may have been 1.00)."""


@dataclass(frozen=True)
class Unmatched:
    """A centre of which the carried mass is not what the others send it; both in the unit of the masses."""

    centre: str
    sent: float
    received: float

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        apart = abs(self.sent - self.received)
        digits = max(4, math.ceil(math.log10(max(self.sent, self.received) / apart)) + 2)
        sent, received = number(self.sent, digits, lang), number(self.received, digits, lang)
        if lang == "vi":
            return (
                f"{self.centre} khai nhận {received} từ các công đoạn khác, nhưng các công đoạn đó gửi đến "
                f"{sent}: khối lượng không khớp, nên phần sản phẩm của {self.centre} chưa chắc đúng."
            )
        return (
            f"{self.centre} is said to receive {received} from other centres, which send it {sent}: the masses do not "
            f"fit together, so the product share of {self.centre} may be wrong."
        )


def masses_of(centre: Centre) -> tuple[float, float]:
    """Product and loss by mass, of what the centre buys and of what others sent it, auxiliaries aside."""
    counted = [m for m in centre.materials if m.counts]
    return (
        centre.carried_product + sum(m.product for m in counted),
        centre.carried_loss + sum(m.loss for m in counted),
    )


def unmatched(
    centres: Sequence[Centre], onward: np.ndarray, back: np.ndarray, settings: Settings
) -> tuple[Unmatched, ...]:
    """Centres that receive another mass than is sent to them.

    onward, back: (n, n), shares of product and of loss of the row's centre that go to the column's. What comes back as
    loss may be told as carried or be among the materials. Where a share was agreed, or a sender has no mass, there is
    nothing to compare.
    """
    mass = np.array([masses_of(centre) for centre in centres])
    doubt = _left_out(centres)
    found = []
    for j, centre in enumerate(centres):
        senders = np.flatnonzero(onward[:, j] + back[:, j])
        if centre.product_share is not None or not senders.size or not mass[senders].sum(axis=1).all():
            continue
        product, loss = onward[:, j] * mass[:, 0], back[:, j] * mass[:, 1]
        least = float(product.sum())
        most = least + float(loss.sum())
        received = centre.carried_product + centre.carried_loss
        rounded = onward[:, j] @ doubt[:, 0] + back[:, j] @ doubt[:, 1] + doubt[j, 2]
        rounded += sum(
            _of_share(onward[i, j]) * mass[i, 0] + _of_share(back[i, j]) * mass[i, 1] for i in senders
        )
        weighed = math.sqrt(float(np.square(product).sum() + np.square(loss).sum()) + received**2)
        allowed = float(rounded) + 2 * settings.mass_uncertainty * weighed + 1e-9 * (most + received)
        if not least - allowed <= received <= most + allowed:
            found.append(Unmatched(centre.name, least if received < least else most, received))
    return tuple(found)


def _left_out(centres: Sequence[Centre]) -> np.ndarray:
    """(n, 3): what rounding may have left out of each centre's product, of its loss, and of what it received."""
    every = [x for c in centres for m in c.materials if m.counts for x in (m.product, m.loss)]
    every += [x for c in centres for x in (c.carried_product, c.carried_loss)]
    places = [_last_place(x) for x in every if x]
    finest = min(places, default=1.0)
    if finest >= 1:  # tonnes written as kilograms end in three zeros, every one
        finest = 1000.0 ** (int(math.log10(finest)) // 3)

    def half(x: float) -> float:
        fewer = 0.0 if finest >= 1 or not x else min(_last_place(x), 1.0, 2 * PART * x)
        return max(finest, fewer) / 2

    out = []
    for c in centres:
        counted = [m for m in c.materials if m.counts]
        carried = half(c.carried_product), half(c.carried_loss)
        product, loss = sum(half(m.product) for m in counted), sum(half(m.loss) for m in counted)
        out.append((carried[0] + product, carried[1] + loss, sum(carried)))
    return np.array(out)


def _of_share(share: float) -> float:
    """What rounding may have left out of a share; nothing of none and of all."""
    return min(_last_place(share), SHARE) / 2 if share % 1 else 0.0


def _last_place(x: float) -> float:
    """The place of the last digit that is not 0: 0.01 of 72.35, 1000 of 12,000. Not for 0 itself."""
    exponent = Decimal(f"{x:.{COMPUTED}g}").normalize().as_tuple().exponent
    return float(Decimal(10) ** int(exponent))
