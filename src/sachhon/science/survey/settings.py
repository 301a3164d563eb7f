"""How a design is estimated: the defaults are the textbook's, and every departure can be said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sachhon.science.uncertainty import ScienceError

SinglePsu = Literal["error", "certainty", "adjust", "average", "pool"]
Degrees = Literal["design", "infinite"]
ProportionInterval = Literal["wilson", "beta", "logit", "wald"]

_SINGLE = {
    "certainty": (
        "Tầng chỉ có một đơn vị được chọn không góp phương sai, như thể được chọn chắc chắn.",
        "A stratum with one sampled unit adds no variance, as if it were drawn with certainty.",
    ),
    "adjust": (
        "Tầng chỉ có một đơn vị được chọn được đo so với trung bình của mọi đơn vị (khoảng quá rộng).",
        "A stratum with one sampled unit is measured from the mean of all units (too wide).",
    ),
    "average": (
        "Tầng chỉ có một đơn vị được chọn lấy phương sai trung bình của các tầng khác.",
        "A stratum with one sampled unit takes the average variance of the other strata.",
    ),
    "pool": (
        "Tầng chỉ có một đơn vị được chọn được gộp với tầng kế tiếp theo tên khi tính phương sai (tầng cuối "
        "gộp với tầng trước).",
        "Strata with one sampled unit are collapsed with the next one in order of label for the variance (the last "
        "with the one before).",
    ),
}


@dataclass(frozen=True)
class Settings:
    """Choices of variance and interval; the defaults are the standard's.

    single_psu: a stratum of which one unit (or cluster) of several was drawn has no variance of its own.
        "error" refuses; "certainty", "adjust" and "average" are those of R's survey package; "pool" collapses
        the stratum with the next one in order of label, the last one with the one before it (Wolter 2007, 2.5).
    degrees: degrees of freedom of the interval: "design" is sampled units (clusters) less strata, "infinite"
        the normal distribution (the default of confint() in R's survey package).
    proportion: interval of a share, "wilson" or "beta" (Korn & Graubard's Clopper–Pearson) with the
        effective sample size of the design, "logit", or "wald" (plain estimate ± t·SE).
    """

    single_psu: SinglePsu = "error"
    degrees: Degrees = "design"
    proportion: ProportionInterval = "wilson"

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("single_psu", self.single_psu, SinglePsu),
            ("degrees", self.degrees, Degrees),
            ("proportion", self.proportion, ProportionInterval),
        ):
            if value not in get_args(allowed):
                raise ScienceError(
                    f"{name} {value!r} is unknown; choose {', '.join(get_args(allowed))}.",
                    f"{name} {value!r} không có; hãy chọn {', '.join(get_args(allowed))}.",
                )

    def departures(self, lang: Literal["vi", "en"] = "vi") -> tuple[str, ...]:
        """Every setting that is not the default, in words."""
        words = []
        if self.single_psu != "error":
            words.append(_SINGLE[self.single_psu])
        if self.degrees != "design":
            words.append(
                (
                    "Khoảng tin cậy dùng phân bố chuẩn, không dùng phân bố Student với bậc tự do của thiết kế mẫu.",
                    "Intervals use the normal distribution, not Student's t with the design's degrees.",
                )
            )
        if self.proportion != "wilson":
            words.append(
                (
                    f"Khoảng tin cậy của tỷ lệ tính theo {self.proportion}, không theo Wilson.",
                    f"Intervals of shares are by {self.proportion}, not Wilson's.",
                )
            )
        return tuple(pair[lang == "en"] for pair in words)
