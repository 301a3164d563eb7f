"""Net present value, internal and modified internal rate of return of equally spaced cash flows.

    npv(r)  = Σ_t c_t (1 + r)^(−t),   t = 0 … n, the first flow at time 0
    irr     : r > −1 with npv(r) = 0
    mirr    = (Σ_{c_t > 0} c_t (1 + r_reinvest)^(n−t) / Σ_{c_t < 0} |c_t| (1 + r_finance)^(−t))^(1/n) − 1

Sources: EN 17463:2021 (valuation of energy related investments; NPV decides, IRR only describes); NIST
Handbook 135 (1995); Lin 1976, The Engineering Economist 21(4) (MIRR).

Shapes: cash flows (…, n + 1), the last axis is time; results (…,), a float for one row. Rates are fractions a
period (0.08 is 8 %). Where a rate does not exist, or more than one does, `irr` of one row raises
`NoSingleRate` with the reason, and of many rows masks those and warns; `irr_report` tells all.
Not for flows at irregular dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.report import IRRReport, NoSingleRate, report, warn_withheld
from sachhon.science.finance.roots import single_rates
from sachhon.science.finance.solver import START_RATE_X, chunk_rows
from sachhon.science.numeric import refuse_masked
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


def npv(rate: ArrayLike, cashflows: ArrayLike) -> np.ndarray | float:
    """Net present value; the first flow is at time 0 and not discounted.

    rate : a fraction above −1; a scalar, or an array that broadcasts against cashflows' leading axes.
    cashflows : (…, n + 1). Returns a float for one row and one rate, else an array.
    """
    flows, r = as_flows(cashflows), as_rate(rate)
    shapes_fit(r, flows)
    t = np.arange(flows.shape[-1], dtype=float)
    value = flows @ (1 + r) ** -t if r.ndim == 0 else _discount(r, flows)
    if not np.isfinite(value).all():
        raise ScienceError(
            "the net present value is not a finite number: a cash flow is missing (NaN) or infinite, or the "
            "rate is so near −1 that discounting overflows. Fill or leave out those rows.",
            "giá trị hiện tại ròng không phải là số hữu hạn: có dòng tiền bị thiếu (NaN) hoặc vô hạn, "
            "hoặc lãi suất gần −1 đến mức phép chiết khấu tràn số. Hãy điền vào hoặc bỏ những hàng ấy ra.",
        )
    return float(value) if value.ndim == 0 else value


def _discount(rate: np.ndarray, flows: np.ndarray) -> np.ndarray:
    """Horner's scheme with a rate for each row, over pieces of the first axis."""
    lead = shapes_fit(rate, flows)
    v = np.broadcast_to(1 / (1 + rate), lead)
    wide = np.broadcast_to(flows, (*lead, flows.shape[-1]))
    value = np.empty(lead)
    step = max(1, chunk_rows(flows.shape[-1]) * lead[0] // max(value.size, 1))
    with np.errstate(all="ignore"):  # told by the caller's check
        for start in range(0, lead[0], step):
            part = slice(start, start + step)
            total = wide[part, ..., -1].copy()
            for t in range(flows.shape[-1] - 2, -1, -1):
                total *= v[part]
                total += wide[part, ..., t]
            value[part] = total
    return value


@overload
def irr(cashflows: ArrayLike, *, several: Literal["refuse", "nearest"] = "refuse") -> np.ndarray | float: ...
@overload
def irr(cashflows: ArrayLike, *, several: str = "refuse") -> np.ndarray | float: ...
def irr(cashflows: ArrayLike, *, several: str = "refuse") -> np.ndarray | float:
    """Internal rate of return, to about 1e-12.

    cashflows : (…, n + 1). One row gives a float; many give an array of the leading shape.
    several : "refuse" counts a row with several rates as having none to give; "nearest" takes the one nearest
    to zero, as spreadsheets tend to.

    One row without a single rate raises `NoSingleRate`, a `ScienceError` whose `.report` holds the state and
    all rates. Among many rows such a row is masked, NaN under the mask (a plain copy of the array has no false rate),
    and a `RatesWithheld` warning tells how many rows have several rates and how many none; `irr_report` gives the
    state and the rates of every row.
    """
    if several not in ("refuse", "nearest"):
        raise ScienceError(
            f'several="{several}" is unknown; use "refuse" or "nearest".',
            f'several="{several}" không có; hãy dùng "refuse" hoặc "nearest".',
        )
    flows = _over_time(cashflows)
    rows = flows.reshape(-1, flows.shape[-1])
    rates, count = np.empty(len(rows)), np.empty(len(rows), dtype=int)
    near = START_RATE_X
    for part, chunk in time_first(rows):
        refuse_gaps(chunk)
        rates[part], count[part], near = single_rates(chunk, near, several == "nearest")
    single = np.isfinite(rates)
    if flows.ndim == 1:
        if not single[0]:
            raise NoSingleRate(report(flows))
        return float(rates[0])
    lead = flows.shape[:-1]
    if single.all():
        return rates.reshape(lead)
    warn_withheld(int(np.count_nonzero(count[~single] > 1)), int(np.count_nonzero(count == 0)))
    return np.ma.MaskedArray(rates.reshape(lead), mask=~single.reshape(lead))


def irr_report(cashflows: ArrayLike) -> IRRReport:
    """All rates of every row with the state of each: one, several, none, no change of sign.

    cashflows : (…, n + 1). Takes a few times as long as `irr`.
    """
    return report(_over_time(cashflows))


def mirr(cashflows: ArrayLike, finance_rate: ArrayLike, reinvest_rate: ArrayLike) -> np.ndarray | float:
    """Modified internal rate of return: costs financed at one rate, returns reinvested at another.

    cashflows : (…, n + 1); rates scalars or arrays that broadcast against the leading axes. Unlike the IRR it
    always exists once there are a cost and a return; one row without both raises `NoSingleRate`, among many
    rows it is masked.
    """
    flows = _over_time(cashflows)
    finance, reinvest = as_rate(finance_rate), as_rate(reinvest_rate)
    shapes_fit(finance, flows)
    shapes_fit(reinvest, flows)
    n = flows.shape[-1] - 1
    t = np.arange(n + 1)
    gains = np.sum(np.maximum(flows, 0) * (1 + reinvest[..., None]) ** (n - t), axis=-1)
    costs = np.sum(np.maximum(-flows, 0) * (1 + finance[..., None]) ** -t.astype(float), axis=-1)
    defined = (gains > 0) & (costs > 0)
    rate = np.divide(gains, costs, out=np.ones(np.shape(gains)), where=defined) ** (1 / n) - 1
    if not np.isfinite(rate).all():
        raise ScienceError(
            "the rates make the future value overflow; use rates per period as fractions.",
            "lãi suất làm giá trị tương lai tràn số; hãy cho lãi suất mỗi kỳ dưới dạng phân số.",
        )
    if np.ndim(rate) == 0:
        if not defined:
            raise NoSingleRate(report(flows))
        return float(rate)
    return rate if np.all(defined) else np.ma.MaskedArray(rate, mask=~defined)


def as_flows(cashflows: ArrayLike) -> np.ndarray:
    """Cash flows as floats with a last axis of at least one date."""
    refuse_masked(cashflows, "cash flows", "dòng tiền")
    try:
        flows = np.asarray(cashflows, dtype=float)
    except (TypeError, ValueError) as error:
        raise ScienceError(
            f"cash flows are not an array of numbers ({error}); give a number for each date (0 where nothing "
            "flows), and rows of one length.",
            f"dòng tiền không phải là mảng số ({comma(error)}); mỗi thời điểm cần một số (0 nếu không có gì), và "
            "các hàng dài bằng nhau.",
        ) from error
    if flows.ndim == 0 or flows.shape[-1] == 0:
        raise ScienceError(
            "cash flows need a last axis of time with at least one flow, the first at time 0.",
            "dòng tiền cần trục cuối là thời gian với ít nhất một khoản, khoản đầu ở thời điểm 0.",
        )
    return flows


def _over_time(cashflows: ArrayLike) -> np.ndarray:
    """Cash flows of at least two dates: between fewer nothing is returned on."""
    flows = as_flows(cashflows)
    if flows.shape[-1] < 2:
        raise ScienceError(
            "a rate of return needs cash flows of at least two dates; the last axis is time.",
            "suất thu lợi cần dòng tiền của ít nhất hai thời điểm; trục cuối là thời gian.",
        )
    return flows


def as_rate(rate: ArrayLike) -> np.ndarray:
    """Rates as floats, each finite and above −1."""
    refuse_masked(rate, "rate", "lãi suất (rate)")
    try:
        r = np.asarray(rate, dtype=float)
    except (TypeError, ValueError) as error:
        raise ScienceError(
            f"a rate is not a number ({error}); give fractions: 0.08 for 8 % a period.",
            f"có lãi suất không phải là số ({comma(error)}); hãy cho phân số: 0,08 cho 8 % một kỳ.",
        ) from error
    if not (np.isfinite(r) & (r > -1)).all():
        raise ScienceError(
            "a rate is missing or not above −1 (−100 %); give fractions: 0.08 for 8 % a period.",
            "có lãi suất bị thiếu hoặc không lớn hơn −1 (−100 %); hãy cho phân số: 0,08 cho 8 % một kỳ.",
        )
    return r


def shapes_fit(rate: np.ndarray, flows: np.ndarray) -> tuple[int, ...]:
    """The leading shape that rates and rows of flows have together."""
    try:
        return np.broadcast_shapes(rate.shape, flows.shape[:-1])
    except ValueError as error:
        raise ScienceError(
            f"rates of shape {rate.shape} do not fit cash flows of shape {flows.shape}: give one rate, or one "
            "for each row (the last axis of the flows is time and takes no rate).",
            f"lãi suất dạng {rate.shape} không khớp với dòng tiền dạng {flows.shape}: hãy cho một lãi "
            "suất, hoặc mỗi hàng một lãi suất (trục cuối của dòng tiền là thời gian và không nhận lãi "
            "suất).",
        ) from error


def time_first(flows: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Chunks of rows (rows, n + 1) turned to (n + 1, rows), contiguous, of a size that stays in the cache."""
    step = chunk_rows(flows.shape[1])
    for start in range(0, len(flows), step):
        part = slice(start, start + step)
        yield part, np.ascontiguousarray(flows[part].T)


def refuse_gaps(flows: np.ndarray) -> None:
    """Raise where a flow is NaN or infinite."""
    if not np.isfinite(flows.sum()) and not np.isfinite(flows).all():
        raise ScienceError(
            "a cash flow is missing (NaN) or infinite; fill it or leave the row out.",
            "có dòng tiền bị thiếu (NaN) hoặc vô hạn; hãy điền vào hoặc bỏ hàng ấy ra.",
        )
