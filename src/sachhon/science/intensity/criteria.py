"""What a baseline model must pass, and the words in which a refusal is told (Vietnamese, English).

Defaults: CV(RMSE) ≤ 20 % (ASHRAE Guideline 14-2014, whole-building prescriptive path, savings of up to a
year), net bias ≤ 0.005 % (the same), R² ≥ 0.75 and |t| ≥ 2 (EVO, IPMVP Option C practice), 12 months (a
whole cycle). R² is not asked of a constant model: it is 0 by definition. `Settings.sep()` gives the
checks of the Superior Energy Performance protocol instead (LBL, EnPI Lite, Valid Model Requirements): overall
F at 10 %, every driver at 20 %, one at 10 %, R² ≥ 0.5. VIF ≤ 10 is common practice (Kutner et al. 2005).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Settings:
    """Limits of a baseline; None leaves a check out. cv_rmse, r2, nmbe, p are fractions.

    max_p : two-sided p of each driver; min_t is the same check as |t|. harmonics : yearly waves tried.
    min_side : observations each side of a change point. confidence : of every interval.
    """

    criterion: Literal["aicc", "bic"] = "aicc"
    min_observations: int = 12
    min_r2: float | None = 0.75
    max_cv_rmse: float | None = 0.20
    max_nmbe: float | None = 0.00005
    min_t: float | None = 2.0
    max_p: float | None = None
    max_best_p: float | None = None
    max_f_p: float | None = None
    max_vif: float | None = 10.0
    min_side: int = 3
    harmonics: int = 1
    max_models: int = 2000

    @classmethod
    def sep(cls) -> Settings:
        """The checks of the Superior Energy Performance protocol."""
        return cls(min_r2=0.5, max_cv_rmse=None, min_t=None, max_p=0.2, max_best_p=0.1, max_f_p=0.1)

    def departures(self, lang: Language = "vi") -> tuple[str, ...]:
        """Every setting that departs from the defaults named in the module, in words."""
        standard = Settings()
        verb = "thay cho" if lang == "vi" else "instead of"
        return tuple(
            f"{_NAMES[one.name][lang == 'en']}: {_shown(getattr(self, one.name), lang)} {verb}"
            f" {_shown(getattr(standard, one.name), lang)}"
            for one in fields(self)
            if getattr(self, one.name) != getattr(standard, one.name)
        )


DEFAULT = Settings()


@dataclass(frozen=True)
class Rejection:
    """Why a model was refused: a code, what was seen, the limit, and the term it is about ("" for all).

    "made_up" with a figure seen: the term has that one figure in every month.
    """

    code: str
    seen: float | None = None
    limit: float | None = None
    term: str = ""

    def words(self, lang: Language = "vi") -> str:
        """The refusal in a sentence."""
        seen, limit = _number(self.seen, lang), _number(self.limit, lang)
        term = self.term
        if term.startswith("season"):
            term = "mùa" if lang == "vi" else "season"
        code = "unvaried" if self.code == "made_up" and self.seen is not None else self.code
        return _WORDS[code][lang == "en"].format(seen=seen, limit=limit, term=term)


_WORDS = {
    "too_few": (
        "chỉ có {seen} tháng đủ số liệu, cần ít nhất {limit}",
        "only {seen} complete months, at least {limit} are needed",
    ),
    "made_up": ("{term} trùng với các yếu tố khác", "{term} is made up by the other drivers"),
    "unvaried": (
        "{term} tháng nào cũng là {seen}: không tách được ảnh hưởng của nó khỏi phần cố định",
        "{term} is {seen} in every month: its effect cannot be told from the fixed part",
    ),
    "nothing_used": (
        "tháng nào cũng không tiêu thụ gì, nên không có gì để so với",
        "nothing was consumed in any month, so there is nothing to compare with",
    ),
    "no_change_point": (
        "không có điểm gãy nào đủ số tháng ở hai bên",
        "no change point leaves enough months on both sides",
    ),
    "nothing_to_divide_by": ("{term} cộng lại bằng 0", "{term} adds up to zero"),
    "low_r2": (
        "R² = {seen} thấp hơn {limit}: mô hình giải thích được quá ít",
        "R² = {seen} is below {limit}: the model explains too little",
    ),
    "high_cv_rmse": (
        "CV(RMSE) = {seen} vượt {limit}: sai lệch từng tháng quá lớn",
        "CV(RMSE) = {seen} is above {limit}: single months are too far off",
    ),
    "biased": ("sai lệch tổng {seen} vượt {limit}", "net bias {seen} is above {limit}"),
    "low_t": (
        "|t| của {term} = {seen}, nhỏ hơn {limit}: chưa phân biệt được với 0",
        "|t| of {term} = {seen} is below {limit}: not distinguishable from zero",
    ),
    "high_p": (
        "p của {term} = {seen}, lớn hơn {limit}: chưa phân biệt được với 0",
        "p of {term} = {seen} is above {limit}: not distinguishable from zero",
    ),
    "no_strong_driver": (
        "không yếu tố nào có p dưới {limit} (nhỏ nhất {seen})",
        "no driver has p below {limit} (smallest {seen})",
    ),
    "weak_model": (
        "p của kiểm định F = {seen}, lớn hơn {limit}",
        "p of the F test = {seen} is above {limit}",
    ),
    "wrong_sign": (
        "hệ số của {term} là {seen}, âm: tăng {term} mà lại giảm tiêu thụ là vô lý",
        "the coefficient of {term} is {seen}, below zero: more {term} cannot mean less consumption",
    ),
    "negative_base": (
        "phần cố định là {seen}, âm rõ rệt: quan hệ không phải đường thẳng trong khoảng này",
        "the fixed part is {seen}, clearly below zero: the relation is not a line in this range",
    ),
    "collinear": (
        "VIF của {term} = {seen}, vượt {limit}: không tách được {term} khỏi các yếu tố khác",
        "VIF of {term} = {seen} is above {limit}: {term} cannot be told apart from the other drivers",
    ),
    "few_effective": (
        "phần dư liên quan nhau: chỉ còn tương đương {seen} tháng độc lập cho {limit} hệ số",
        "the residuals are related: worth {seen} independent months for {limit} parameters",
    ),
}

_NAMES = {
    "criterion": ("tiêu chí chọn mô hình", "criterion of choice"),
    "min_observations": ("số tháng ít nhất", "months at least"),
    "min_r2": ("R² ít nhất", "R² at least"),
    "max_cv_rmse": ("CV(RMSE) nhiều nhất", "CV(RMSE) at most"),
    "max_nmbe": ("sai lệch tổng nhiều nhất", "net bias at most"),
    "min_t": ("|t| ít nhất", "|t| at least"),
    "max_p": ("p của mỗi yếu tố nhiều nhất", "p of each driver at most"),
    "max_best_p": ("p của yếu tố mạnh nhất nhiều nhất", "p of the strongest driver at most"),
    "max_f_p": ("p của kiểm định F nhiều nhất", "p of the F test at most"),
    "max_vif": ("VIF nhiều nhất", "VIF at most"),
    "min_side": ("số tháng mỗi bên điểm gãy", "months each side of a change point"),
    "harmonics": ("số sóng theo mùa", "yearly waves"),
    "max_models": ("số mô hình nhiều nhất", "models at most"),
}


def _number(value: float | None, lang: Language) -> str:
    if value is None:
        return ""
    text = f"{value:.4g}"
    return text.replace(".", ",") if lang == "vi" else text


def _shown(value: object, lang: Language) -> str:
    if value is None:
        return "không xét" if lang == "vi" else "not asked"
    return _number(value, lang) if isinstance(value, (int, float)) else str(value)
