"""What is known of a quantity centre, its materials and costs, and how loss that goes back is charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Settings:
    """recycled : which costs go back with loss that is used again, its "material" alone (the standard) or "all"."""

    recycled: Literal["material", "all"] = "material"

    def __post_init__(self) -> None:
        if self.recycled not in ("material", "all"):
            raise ScienceError(
                f"recycled is {self.recycled!r}; choose material or all.",
                f"recycled là {self.recycled!r}; hãy chọn material hoặc all.",
            )

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, each setting that is not the standard's."""
        if self.recycled == "material":
            return ()
        return (
            "Phế liệu quay vòng mang theo cả chi phí năng lượng, hệ thống và xử lý, không chỉ chi phí vật liệu: "
            "tổn thất nhỏ hơn theo tiêu chuẩn."
            if lang == "vi"
            else "Recycled loss carries its energy, system and waste management costs back too, not its material cost "
            "alone: the loss is smaller than by the standard.",
        )


DEFAULT = Settings()


@dataclass(frozen=True)
class Material:
    """A material bought for a centre: price of a unit of mass, mass in the product and mass lost.

    `counts` False keeps an auxiliary out of the mass share (machine oil: its cost is a loss all the same).
    """

    name: str
    price: float
    product: float
    loss: float
    counts: bool = True


@dataclass(frozen=True)
class Centre:
    """A quantity centre over one period.

    energy, system, waste_management : costs of the period; carried_product, carried_loss : mass of half-made goods that
    came from other centres and went into product and loss, together what these send (`Allocation.unmatched` names the
    centres of which it is not); to : centre → share of its product that goes there, the rest is finished; recycled :
    centre → share of its loss that goes back there; product_share : p where it is agreed otherwise than by mass.
    """

    name: str
    materials: Sequence[Material] = ()
    energy: float = 0.0
    system: float = 0.0
    waste_management: float = 0.0
    carried_product: float = 0.0
    carried_loss: float = 0.0
    to: Mapping[str, float] = field(default_factory=dict)
    recycled: Mapping[str, float] = field(default_factory=dict)
    product_share: float | None = None
