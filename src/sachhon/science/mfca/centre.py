"""What is known of a quantity centre, its materials and costs, and how loss that goes back is charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sachhon.science.numeric import finite, with_floats
from sachhon.science.phrases import comma, number
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Settings:
    """recycled : which costs go back with loss that is used again, its "material" alone (the standard) or "all".

    mass_uncertainty : relative standard uncertainty of masses that were weighed apart (0.01 is 1 %), by which what one
    centre sends may differ from what the next receives, besides the rounding of their last digits.
    """

    recycled: Literal["material", "all"] = "material"
    mass_uncertainty: float = 0.0

    def __post_init__(self) -> None:
        if self.recycled not in ("material", "all"):
            raise ScienceError(
                f"recycled is {self.recycled!r}; choose material or all.",
                f"recycled là {self.recycled!r}; hãy chọn material hoặc all.",
            )
        if not (finite(self.mass_uncertainty) and 0 <= self.mass_uncertainty < 1):
            raise ScienceError(
                f"mass_uncertainty is {self.mass_uncertainty}; give a share from 0 to below 1: 0.01 for 1 %.",
                f"mass_uncertainty là {comma(self.mass_uncertainty)}; hãy cho một phần từ 0 đến dưới 1: 0,01 cho 1 %.",
            )

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, each setting that is not the standard's."""
        vi, found = lang == "vi", []
        if self.recycled != "material":
            found.append(
                "Phế liệu quay vòng mang theo cả chi phí năng lượng, hệ thống và xử lý, không chỉ chi phí vật liệu: "
                "tổn thất nhỏ hơn theo tiêu chuẩn."
                if vi
                else "Recycled loss carries its energy, system and waste management costs back too, not its material "
                "cost alone: the loss is smaller than by the standard."
            )
        if self.mass_uncertainty:
            doubt = number(100 * self.mass_uncertainty, 3, lang)
            found.append(
                f"Khối lượng giữa các công đoạn được lệch nhau trong độ không đảm bảo chuẩn {doubt} %."
                if vi
                else f"Masses between centres may differ within a standard uncertainty of {doubt} %."
            )
        return tuple(found)


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

    def __post_init__(self) -> None:
        with_floats(self, "price", "product", "loss")


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

    def __post_init__(self) -> None:
        costs = ("energy", "system", "waste_management")
        with_floats(self, *costs, "carried_product", "carried_loss", "to", "recycled", "product_share")
