"""Heat exchangers: duty and logarithmic mean of a running one; outlets of one of known size.

    Q = C_h (t_h1 − t_h2) = C_c (t_c2 − t_c1) = U A F ΔT_lm,     ΔT_lm = (Δ₁ − Δ₂) / ln(Δ₁/Δ₂)
    ε = Q / (C_min (t_h1 − t_c1)),   NTU = U A / C_min,   c = C_min / C_max

    counter    (1 − e^(−N(1−c))) / (1 − c e^(−N(1−c))),   N/(1 + N) at c = 1
    parallel   (1 − e^(−N(1+c))) / (1 + c)
    shell_1_2  2 / (1 + c + s (1 + e^(−N s)) / (1 − e^(−N s))),   s = √(1 + c²)
    cross      1 − exp(N^0.22 (e^(−c N^0.78) − 1) / c)             both sides unmixed
    boiling or condensing (c = 0)   1 − e^(−N)

Source: W. M. Kays and A. L. London, Compact Heat Exchangers, ch. 2; Incropera et al., ch. 11. Not here: the
size for a given U, fouling with time. C is a heat capacity flow in kW/K, infinite where a fluid condenses.
"""

from __future__ import annotations

import math

from sachhon.science.equipment.sheet import Result, Sheet, not_negative
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

ARRANGEMENTS = ("counter", "parallel", "shell_1_2", "cross")
_KAYS = "Kays and London, Compact Heat Exchangers, ch. 2"
_SAME = 1e-9


def running(
    hot_in_c: float,
    hot_out_c: float,
    cold_in_c: float,
    cold_out_c: float,
    hot_kw_k: float | None = None,
    cold_kw_k: float | None = None,
    arrangement: str = "counter",
) -> Result:
    """What a running exchanger does, from its four temperatures and the heat capacity flow of one side or both.

    Steps: duty_kw (mean of both sides where both are given), lmtd_k (counter or parallel), ua_kw_k,
    effectiveness; with both sides imbalance, the share by which they differ.
    """
    _arrangement(arrangement, ("counter", "parallel"))
    if hot_out_c > hot_in_c or cold_out_c < cold_in_c:
        raise ScienceError(
            "the hot side must leave colder and the cold side hotter; check which is which.",
            "phía nóng phải ra lạnh hơn và phía lạnh phải ra nóng hơn; hãy xem lại số nào là của chỗ nào.",
        )
    duties = [
        c * span
        for c, span in ((hot_kw_k, hot_in_c - hot_out_c), (cold_kw_k, cold_out_c - cold_in_c))
        if c is not None
    ]
    if not duties or min(duties) <= 0:
        raise ScienceError(
            "give hot_kw_k or cold_kw_k, above zero, of a side whose temperature changes.",
            "hãy cho hot_kw_k hoặc cold_kw_k, lớn hơn 0, của một phía có nhiệt độ thay đổi.",
        )
    if arrangement == "counter":
        ends = hot_in_c - cold_out_c, hot_out_c - cold_in_c
    else:
        ends = hot_in_c - cold_in_c, hot_out_c - cold_out_c
    if min(ends) <= 0:
        raise ScienceError(
            f"the temperatures cross in {arrangement} flow ({ends[0]:g} K and {ends[1]:g} K at the ends): "
            "heat does not flow from cold to hot. Check the readings or the arrangement.",
            f"nhiệt độ cắt nhau khi chảy kiểu {arrangement} ({comma(ends[0]):g} K và {comma(ends[1]):g} K ở hai đầu): "
            "nhiệt không truyền từ lạnh sang nóng. Hãy kiểm tra số đọc hoặc cách bố trí.",
        )
    sheet = Sheet("running", _KAYS)
    duty = sheet.step("duty_kw", "C Δt, mean of the sides given", math.fsum(duties) / len(duties), "kW")
    lmtd = sheet.step("lmtd_k", "(Δ₁ − Δ₂) / ln(Δ₁/Δ₂)", _lmtd(*ends), "K")
    sheet.step("ua_kw_k", "Q / ΔT_lm", duty / lmtd, "kW/K")
    most = max(hot_in_c - hot_out_c, cold_out_c - cold_in_c)
    sheet.step("effectiveness", "greater Δt / (t_h1 − t_c1)", most / (hot_in_c - cold_in_c), "1")
    if len(duties) == 2:
        gap = sheet.step("imbalance", "(Q_h − Q_c) / Q", (duties[0] - duties[1]) / duty, "1")
        sheet.within(
            "imbalance of the sides", gap, -0.1, 0.1, "", "else a flow meter or thermometer is wrong"
        )
    return sheet.result()


def predict(
    hot_in_c: float,
    cold_in_c: float,
    hot_kw_k: float,
    cold_kw_k: float,
    ua_kw_k: float,
    arrangement: str = "counter",
) -> Result:
    """Outlets of an exchanger of known U A. A side that boils or condenses has `math.inf`.

    Steps: ntu, effectiveness, duty_kw, hot_out_c, cold_out_c.
    """
    _arrangement(arrangement, ARRANGEMENTS)
    not_negative(ua_kw_k=ua_kw_k)
    if not (hot_kw_k > 0 and cold_kw_k > 0) or math.isinf(min(hot_kw_k, cold_kw_k)):
        raise ScienceError(
            "heat capacity flows must be above zero, and one of them finite.",
            "dòng nhiệt dung phải lớn hơn 0, và ít nhất một dòng hữu hạn.",
        )
    if hot_in_c <= cold_in_c:
        raise ScienceError(
            f"the hot side comes in at {hot_in_c} °C, the cold at {cold_in_c} °C; were they swapped?",
            f"phía nóng vào ở {comma(hot_in_c)} °C, phía lạnh vào ở {comma(cold_in_c)} °C; có đặt nhầm chỗ không?",
        )
    small, large = sorted((hot_kw_k, cold_kw_k))
    sheet = Sheet("predict", _KAYS)
    ntu = sheet.step("ntu", "U A / C_min", ua_kw_k / small, "1")
    part = sheet.step(
        "effectiveness",
        f"{arrangement}, c = C_min/C_max",
        _effectiveness(ntu, small / large, arrangement),
        "1",
    )
    duty = sheet.step("duty_kw", "ε C_min (t_h1 − t_c1)", part * small * (hot_in_c - cold_in_c), "kW")
    sheet.step("hot_out_c", "t_h1 − Q / C_h", hot_in_c - duty / hot_kw_k, "°C")
    sheet.step("cold_out_c", "t_c1 + Q / C_c", cold_in_c + duty / cold_kw_k, "°C")
    sheet.within("NTU", ntu, 0, 10, "", "beyond, unequal flow over the surface counts more")
    return sheet.result()


def _arrangement(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise ScienceError(
            f"arrangement {name!r} is unknown here; take one of {', '.join(known)}.",
            f"cách bố trí {name!r} không có ở đây; hãy chọn một trong {', '.join(known)}.",
        )


def _lmtd(first: float, second: float) -> float:
    if abs(first - second) <= 1e-6 * max(first, second):
        return (first + second) / 2
    return (first - second) / math.log(first / second)


def _effectiveness(n: float, c: float, arrangement: str) -> float:
    if n == 0:
        return 0.0
    if c < _SAME:
        return -math.expm1(-n)
    if arrangement == "parallel":
        return -math.expm1(-n * (1 + c)) / (1 + c)
    if arrangement == "shell_1_2":
        s = math.hypot(1, c)
        decay = math.exp(-n * s)
        return 2 / (1 + c + s * (1 + decay) / (1 - decay))
    if arrangement == "cross":
        return -math.expm1(n**0.22 * math.expm1(-c * n**0.78) / c)
    if 1 - c < _SAME:
        return n / (1 + n)
    decay = math.exp(-n * (1 - c))
    return (1 - decay) / (1 - c * decay)
