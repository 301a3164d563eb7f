"""What a search for gross errors found, and how to say it in Vietnamese and English."""

from __future__ import annotations

from dataclasses import dataclass

from sachhon.science.balance.causes import Cause, sentence, short
from sachhon.science.balance.network import Ints
from sachhon.science.balance.settings import DEFAULT, Settings


@dataclass(frozen=True)
class GrossError:
    """A cause found, with its size estimated together with the others found."""

    cause: Cause
    standard_uncertainty: float  # of the size
    p_value: float
    p_holm: float
    same: tuple[Cause, ...]  # no balance can tell these from the cause
    close: tuple[Cause, ...]  # these explain the readings nearly as well

    @property
    def size(self) -> float:
        return self.cause.size

    def words(self, lang: str = "vi") -> str:
        """What to look at, in a sentence or two."""
        text = sentence(self.cause, self.standard_uncertainty, lang)
        if self.same:
            names = "; ".join(short(cause, lang) for cause in self.same)
            text += (
                f" Cân bằng không phân biệt được với: {names}."
                if lang == "vi"
                else f" The balances cannot tell this from: {names}."
            )
        if self.close:
            names = "; ".join(short(cause, lang) for cause in self.close)
            text += (
                f" Cũng chưa loại trừ được: {names}." if lang == "vi" else f" Not excluded either: {names}."
            )
        return text


@dataclass(frozen=True)
class Diagnosis:
    """Gross errors in the order they were found, and the global test before and after."""

    errors: tuple[GrossError, ...]
    chi2: float
    dof: int
    p_value: float
    chi2_after: float
    dof_after: int
    p_after: float
    unchecked: Ints  # measured streams whose meters no balance checks
    settings: Settings = DEFAULT

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the usual method's, in words."""
        return self.settings.departures(lang)

    def words(self, lang: str = "vi") -> tuple[str, ...]:
        """The report: what to look at, in this order; then what is left."""
        lines = [f"{k}. {error.words(lang)}" for k, error in enumerate(self.errors, 1)]
        vi = lang == "vi"
        if not lines:
            fits = self.p_value >= self.settings.significance
            lines.append(
                ("Số đọc khớp với cân bằng." if vi else "The readings agree with the balances.")
                if fits
                else (
                    "Số đọc không khớp với cân bằng, nhưng không chỉ ra được một nguyên nhân nào."
                    if vi
                    else "The readings do not agree with the balances, but no single cause stands out."
                )
            )
        elif self.p_after < self.settings.significance:
            lines.append("Phần còn lại vẫn chưa khớp." if vi else "What is left still does not agree.")
        if len(self.unchecked):
            count = len(self.unchecked)
            lines.append(
                f"{count} đồng hồ không được cân bằng nào kiểm tra."
                if vi
                else f"No balance checks {count} meters."
            )
        return tuple(lines)
