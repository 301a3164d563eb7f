"""Masses of quantity centres: what a centre turns into product, and whether it received what others sent it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.mfca.centre import Centre
from sachhon.science.phrases import comma

TOLERANCE = 0.01
"""Share by which a mass received may differ from the one sent, for tables printed in rounded figures."""


@dataclass(frozen=True)
class Unmatched:
    """A centre of which the carried mass is not what the others send it; both in the unit of the masses."""

    centre: str
    sent: float
    received: float

    def sentence(self, lang: str = "vi") -> str:
        """In Vietnamese ("vi") or English ("en")."""
        sent, received = f"{self.sent:.4g}", f"{self.received:.4g}"
        if lang == "vi":
            return (
                f"{self.centre} khai nhận {comma(received)} từ các công đoạn khác, nhưng các công đoạn đó gửi đến "
                f"{comma(sent)}: khối lượng không khớp, nên phần sản phẩm của {self.centre} chưa chắc đúng."
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


def unmatched(centres: Sequence[Centre], onward: np.ndarray, back: np.ndarray) -> tuple[Unmatched, ...]:
    """Centres that receive another mass than is sent to them.

    onward, back: (n, n), shares of product and of loss of the row's centre that go to the column's. What comes back as
    loss may be told as carried or be among the materials. Where a share was agreed, or a sender has no mass, there is
    nothing to compare.
    """
    mass = np.array([masses_of(centre) for centre in centres])
    found = []
    for j, centre in enumerate(centres):
        senders = np.flatnonzero(onward[:, j] + back[:, j])
        if centre.product_share is not None or not senders.size or not mass[senders].sum(axis=1).all():
            continue
        least = float(onward[:, j] @ mass[:, 0])
        most = least + float(back[:, j] @ mass[:, 1])
        received = centre.carried_product + centre.carried_loss
        if not least * (1 - TOLERANCE) <= received <= most * (1 + TOLERANCE):
            found.append(Unmatched(centre.name, least if received < least else most, received))
    return tuple(found)
