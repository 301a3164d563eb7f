"""How an inventory is computed: the defaults are the guidelines', and every departure can be said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Settings:
    """Choices of the sums; the defaults are those of the IPCC 2006 Guidelines and the GHG Protocol.

    shared_factors : uses that name one factor, meter or GWP err together (True), or each on its own (False: as if
    twelve months had twelve factors; the total then looks surer than it is). biogenic : CO₂ of biomass "apart" from
    the scopes, or "counted" in the scope it is given. lognormal_above : relative standard uncertainty from which
    `simulate` draws lognormal, since a quantity cannot be negative (volume 1, 3.2.2.4).
    """

    shared_factors: bool = True
    biogenic: Literal["apart", "counted"] = "apart"
    lognormal_above: float = 0.3

    def __post_init__(self) -> None:
        if self.biogenic not in ("apart", "counted"):
            raise ScienceError(
                f'biogenic "{self.biogenic}" is unknown; use "apart" or "counted".',
                f'biogenic "{self.biogenic}" không có; hãy dùng "apart" hoặc "counted".',
            )
        if not 0 <= self.lognormal_above <= 1:
            raise ScienceError(
                f"lognormal_above is {self.lognormal_above}; give a relative uncertainty from 0 to 1 (0.3 is 30 %).",
                f"lognormal_above là {comma(self.lognormal_above)}; hãy cho độ không đảm bảo tương đối từ 0 đến 1 "
                "(0,3 là 30 %).",
            )

    def departures(self, lang: Language = "vi") -> tuple[str, ...]:
        """Every setting that departs from the guidelines, in words."""
        found = []
        if not self.shared_factors:
            found.append(
                (
                    "Coi sai số của cùng một hệ số ở các tháng là độc lập: tổng trông chắc chắn hơn thực tế.",
                    "Errors of one factor are taken as independent from month to month: the total looks surer than "
                    "it is.",
                )
            )
        if self.biogenic == "counted":
            found.append(
                (
                    "CO₂ của sinh khối được tính vào các phạm vi; Nghị định thư khí nhà kính để riêng.",
                    "CO₂ of biomass is counted in the scopes; the GHG Protocol keeps it apart.",
                )
            )
        if self.lognormal_above != Settings.lognormal_above:
            share = f"{100 * self.lognormal_above:g}"
            found.append(
                (
                    f"Mô phỏng dùng phân bố loga chuẩn từ {share.replace('.', ',')}% thay cho 30%.",
                    f"The simulation draws lognormal from {share} % instead of 30 %.",
                )
            )
        return tuple(words[lang == "en"] for words in found)


DEFAULT = Settings()
