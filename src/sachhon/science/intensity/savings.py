"""Savings verified against a regression baseline, with their interval and what can be said of them.

avoided       S = Σ_t (x_t b − y_t) over the m months reported: what the baseline would have used, less what
              was used. u² as in `regression`: coefficients and the scatter of m months, related residuals.
normalised    S = Σ x_t (b_0 − b_1) under standard conditions x: the two models' expected values;
              u² = u_0² + u_1² of the expected values, scatter of single months left out.

The interval is S ± t u with t of n' − p degrees of freedom. State: `saved` if it lies above zero, `worse` if
below, else `not_distinguishable`: the figure is kept and told, not set to zero. Only a difference that computing with
floats may have left (`prediction.rounding`) is none, and S then 0: a baseline that meets every month exactly has u = 0,
and would judge by its last digit.

Cross-check, ASHRAE Guideline 14-2014 annex B (Reddy & Claridge 2000, HVAC&R Research 6(1)), as a fraction of
the savings, with F = S / Σ x b:

    ΔS / S = 1.26 t CV(RMSE) √((n − p)/(n' − p) · (1 + 2/n') / m) / F

which the guideline wants at most 50 % at 68 % confidence. Sources: EVO, IPMVP Option C; ISO 50015:2014.
Not here: non-routine adjustments (change the driver series), metering error (add it with `uncertainty`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity.baseline import Baseline
from sachhon.science.intensity.criteria import Language
from sachhon.science.intensity.months import check_consumption, check_driver
from sachhon.science.intensity.prediction import predicted_total, rounding
from sachhon.science.intensity.regression import EXACT, Fit
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import Measured, ScienceError


class Verdict(StrEnum):
    """What the interval allows to say."""

    SAVED = "saved"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    WORSE = "worse"


@dataclass(frozen=True)
class VerifiedSaving:
    """A saving with its interval at `confidence`, in the unit of consumption.

    expected, actual : sums over the months; relative : saving / expected, None where nothing was expected.
    dof : t's degrees of freedom. fractional_uncertainty : ASHRAE's ΔS/S at the same confidence,
    ashrae_accepts : at most 50 % at 68 %; both None for a normalised saving or a saving of zero.
    outside : drivers beyond what the baseline saw; left_out : months with a gap.
    """

    saving: Measured
    low: float
    high: float
    confidence: float
    dof: float
    expected: float
    actual: float
    verdict: Verdict
    months: int
    fractional_uncertainty: float | None = None
    ashrae_accepts: bool | None = None
    outside: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def relative(self) -> float | None:
        return self.saving.value / self.expected if self.expected else None

    def words(self, lang: Language = "vi") -> str:
        """What can be said, in a sentence; in another where the months reported lie beyond what the baseline saw."""
        english = lang == "en"
        said = _SAID[self.verdict][english].format(round(100 * self.confidence))
        return f"{said} {_BEYOND[english].format(', '.join(self.outside))}" if self.outside else said


def verify(
    baseline: Baseline,
    drivers: Mapping[str, ArrayLike],
    consumption: ArrayLike,
    *,
    month: ArrayLike | None = None,
    confidence: float = 0.90,
) -> VerifiedSaving:
    """Avoided consumption of the report months, in time order; drivers : name → (m,); consumption : (m,)."""
    _check_confidence(confidence)
    y = check_consumption(consumption)
    rows = baseline.rows(drivers, np.zeros(y.size) + 1 if month is None and not _needs(baseline) else month)
    if rows.shape[0] != y.size:
        raise ScienceError(
            f"{rows.shape[0]} months of drivers, {y.size} of consumption; give both for each.",
            f"có {rows.shape[0]} tháng biến giải thích, {y.size} tháng tiêu thụ; mỗi tháng cần cả hai.",
        )
    whole = np.isfinite(y) & np.isfinite(rows).all(axis=1)
    if not whole.any():
        raise ScienceError(
            "no month has both its drivers and its consumption; complete at least one.",
            "không tháng nào có đủ cả biến giải thích và tiêu thụ; hãy bổ sung ít nhất một tháng.",
        )
    fit = _fit(baseline)
    predicted, dof = predicted_total(fit, rows[whole])
    actual = float(y[whole].sum())
    noise = rounding(fit, rows[whole]) + EXACT * actual
    saving = _difference(predicted.value, actual, noise, predicted.standard_uncertainty)
    seen = {name: check_driver(name, x)[whole] for name, x in drivers.items()}
    m = int(whole.sum())
    fraction = saving.value / predicted.value if predicted.value else 0.0
    n_effective = fit.effective_n

    def fsu(at: float) -> float | None:
        if fraction == 0 or n_effective <= fit.parameters:
            return None
        return fractional_savings_uncertainty(
            fit.cv_rmse, fit.n, n_effective, fit.parameters, m, fraction, at
        )

    u68 = fsu(0.68)
    return _saving(
        saving,
        dof,
        confidence,
        predicted.value,
        actual,
        m,
        fsu(confidence),
        None if u68 is None else abs(u68) <= 0.5,
        baseline.outside(seen),
        int((~whole).sum()),
    )


def normalised_saving(
    before: Baseline,
    after: Baseline,
    drivers: Mapping[str, ArrayLike],
    *,
    month: ArrayLike | None = None,
    confidence: float = 0.90,
) -> VerifiedSaving:
    """Saving under standard conditions, from a baseline model and a model of the report period."""
    _check_confidence(confidence)
    totals, noise = [], 0.0
    for one in (before, after):
        rows = one.rows(drivers, month)
        totals.append((*predicted_total(_fit(one), rows, observed_noise=False), rows.shape[0]))
        noise += rounding(_fit(one), rows)
    (first, dof0, m), (second, dof1, _) = totals
    u0, u1 = first.standard_uncertainty, second.standard_uncertainty
    saving = _difference(first.value, second.value, noise, float(np.hypot(u0, u1)))
    # Welch–Satterthwaite: two independent residual variances (JCGM 100:2008, G.4)
    spread = u0**4 / dof0 + u1**4 / dof1
    dof = (u0**2 + u1**2) ** 2 / spread if spread else min(dof0, dof1)
    outside = tuple(dict.fromkeys((*before.outside(drivers), *after.outside(drivers))))
    return _saving(saving, dof, confidence, first.value, second.value, m, outside=outside)


def fractional_savings_uncertainty(
    cv_rmse: float,
    n: float,
    effective_n: float,
    parameters: int,
    months: int,
    fraction: float,
    confidence: float = 0.68,
    factor: float = 1.26,
) -> float:
    """ASHRAE Guideline 14's ΔS/S for a saving of `fraction` of the adjusted baseline; see the module."""
    from scipy.special import stdtrit

    given = {
        "cv_rmse": cv_rmse, "n": n, "effective_n": effective_n, "parameters": parameters, "months": months,
        "fraction": fraction, "confidence": confidence, "factor": factor,
    }  # fmt: skip
    for name, figure in given.items():
        if not np.isfinite(figure):
            raise ScienceError(
                f"{name} is {figure}; give a finite number.",
                f"{name} là {comma(figure)}; hãy cho số hữu hạn.",
            )
        if name in ("n", "parameters", "months") and figure != round(figure):
            raise ScienceError(
                f"{name} is {figure}; it counts, so give a whole number.",
                f"{name} là {comma(figure)}; đây là số đếm, hãy cho số nguyên.",
            )
    if not 0 < confidence < 1 or cv_rmse < 0 or factor <= 0 or n <= parameters:
        raise ScienceError(
            "give more readings (n) than parameters, a cv_rmse not below zero, a factor above zero, and a "
            "confidence between 0 and 1.",
            "hãy cho số số đọc (n) lớn hơn số tham số, cv_rmse không âm, factor lớn hơn 0, và độ tin cậy giữa 0 và 1.",
        )
    if effective_n <= parameters or months < 1 or fraction == 0:
        raise ScienceError(
            "the uncertainty needs n' above the parameters, a month, and a saving.",
            "độ không đảm bảo cần n' lớn hơn số tham số, một tháng, và một mức tiết kiệm.",
        )
    t = float(stdtrit(effective_n - parameters, (1 + confidence) / 2))
    spread = (n - parameters) / (effective_n - parameters) * (1 + 2 / effective_n) / months
    return factor * t * cv_rmse * float(np.sqrt(spread)) / fraction


def _difference(expected: float, actual: float, noise: float, uncertainty: float) -> Measured:
    """Expected less actual; 0 where it is no more than rounding."""
    left = expected - actual
    return Measured(left if abs(left) > noise else 0.0, uncertainty)


def _saving(
    saving: Measured,
    dof: float,
    confidence: float,
    expected: float,
    actual: float,
    months: int,
    fsu: float | None = None,
    accepts: bool | None = None,
    outside: tuple[str, ...] = (),
    left_out: int = 0,
) -> VerifiedSaving:
    from scipy.special import stdtrit

    half = float(stdtrit(dof, (1 + confidence) / 2)) * saving.standard_uncertainty
    low, high = saving.value - half, saving.value + half
    verdict = Verdict.SAVED if low > 0 else Verdict.WORSE if high < 0 else Verdict.NOT_DISTINGUISHABLE
    return VerifiedSaving(
        saving, low, high, confidence, dof, expected, actual, verdict, months, fsu, accepts, outside, left_out
    )


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ScienceError(
            f"confidence {confidence} is outside 0 to 1.",
            f"độ tin cậy {comma(confidence)} nằm ngoài 0 đến 1.",
        )


def _fit(baseline: Baseline) -> Fit:
    if baseline.chosen is None or baseline.chosen.fit is None:
        raise ScienceError(
            "no baseline was accepted: read explain(), then add months or drivers.",
            "không có đường cơ sở nào được chấp nhận: hãy đọc explain(), rồi thêm tháng hoặc biến giải "
            "thích.",
        )
    return baseline.chosen.fit


def _needs(baseline: Baseline) -> bool:
    return baseline.chosen is not None and baseline.chosen.model.harmonics > 0


_SAID = {
    Verdict.SAVED: ("Có tiết kiệm, với độ tin cậy {}%.", "Saved, at {} % confidence."),
    Verdict.NOT_DISTINGUISHABLE: (
        "Chưa phân biệt được với 0 ở độ tin cậy {}%; con số vẫn được giữ.",
        "Not distinguishable from zero at {} % confidence; the figure is kept.",
    ),
    Verdict.WORSE: ("Tiêu thụ tăng so với mức gốc, với độ tin cậy {}%.", "Worse, at {} % confidence."),
}

_BEYOND = (
    "Nằm ngoài phạm vi mà đường cơ sở đã thấy: {}; con số này là ngoại suy, sai số thật có thể lớn hơn.",
    "Beyond what the baseline saw: {}; the figure is extrapolated, and its error may be larger than told.",
)
