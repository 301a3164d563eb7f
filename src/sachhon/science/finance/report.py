"""All rates of return of cash flows, and in words why there is none or more than one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sachhon.science.finance.roots import all_rates
from sachhon.science.finance.solver import sign_changes
from sachhon.science.uncertainty import ScienceError


class RateState(StrEnum):
    """How many internal rates of return a row of cash flows has."""

    ONE = "one"
    SEVERAL = "several"
    NONE = "none"
    NO_CHANGE_OF_SIGN = "no_change_of_sign"


@dataclass(frozen=True)
class IRRReport:
    """Rates and states of cash flows of shape (…, n + 1).

    rates : (…, k) masked, ascending; count : (…,) how many; states : (…,) array of `RateState` values.
    For one row `state` and `sentence` speak of it.
    """

    rates: np.ma.MaskedArray
    count: np.ndarray
    states: np.ndarray

    @property
    def state(self) -> RateState:
        """The state of the only row; of many rows use `states`."""
        if self.states.size != 1:
            raise ScienceError(
                "this report has many rows; read `states`.", "báo cáo này có nhiều hàng; hãy đọc `states`."
            )
        return RateState(str(self.states.reshape(-1)[0]))

    def sentence(self, lang: str = "vi") -> str:
        """What the state means for the reader, in Vietnamese ("vi") or English ("en")."""
        words = _SENTENCES[self.state][0 if lang == "vi" else 1]
        rates = ", ".join(f"{100 * rate:.2f}%" for rate in self.rates.reshape(-1).compressed())
        if lang == "vi":
            rates = rates.replace(".", ",").replace(",,", ",").replace(", ", "; ")
        return words.format(rates=rates)


_SENTENCES = {
    RateState.ONE: ("Suất thu lợi nội tại là {rates}.", "The internal rate of return is {rates}."),
    RateState.SEVERAL: (
        "Dòng tiền đổi dấu nhiều lần nên có nhiều suất thu lợi nội tại ({rates}), không suất nào quyết định được; "
        "hãy xem giá trị hiện tại ròng ở suất chiết khấu của mình, hoặc MIRR.",
        "The cash flow changes sign more than once and has several internal rates of return ({rates}), none of "
        "which decides; look at the net present value at your own discount rate, or at the MIRR.",
    ),
    RateState.NONE: (
        "Không có suất nào làm giá trị hiện tại ròng bằng không; hãy xem giá trị hiện tại ròng ở suất chiết khấu "
        "của mình, hoặc MIRR.",
        "No rate makes the net present value zero; look at the net present value at your own discount rate, or "
        "at the MIRR.",
    ),
    RateState.NO_CHANGE_OF_SIGN: (
        "Dòng tiền không đổi dấu (chỉ có chi, chỉ có thu, hoặc bằng không) nên không có suất thu lợi nội tại; "
        "hãy kiểm tra xem đã nhập cả vốn đầu tư lẫn khoản tiết kiệm chưa.",
        "The cash flow does not change sign (only costs, only returns, or nothing), so it has no internal rate of "
        "return; check that both the investment and the savings are entered.",
    ),
}


class NoSingleRate(ScienceError):
    """One row has no internal rate of return, or several; `.report` holds the state and all rates."""

    def __init__(self, report: IRRReport):
        super().__init__(report.sentence("en"), report.sentence("vi"))
        self.report = report


def report(flows: np.ndarray) -> IRRReport:
    """Rates and states of flows (…, n + 1)."""
    rows = flows.reshape(-1, flows.shape[-1])
    if not np.isfinite(rows).all():
        raise ScienceError(
            "a cash flow is missing (NaN) or infinite; fill it or leave the row out.",
            "có dòng tiền bị thiếu (NaN) hoặc vô hạn; hãy điền vào hoặc bỏ hàng ấy ra.",
        )
    changes, _ = sign_changes(np.ascontiguousarray(rows.T))
    rates = all_rates(rows)
    count = (~np.ma.getmaskarray(rates)).sum(axis=1)
    states = np.select(
        [changes == 0, count == 0, count == 1],
        [RateState.NO_CHANGE_OF_SIGN.value, RateState.NONE.value, RateState.ONE.value],
        RateState.SEVERAL.value,
    )
    lead = flows.shape[:-1]
    return IRRReport(rates.reshape((*lead, rates.shape[1])), count.reshape(lead), states.reshape(lead))


class RatesWithheld(UserWarning):
    """Some rows among many have several internal rates of return, or none, and are masked."""


def warn_withheld(several: int, none: int) -> None:
    """Say how many rows are masked and where to look; called by the function the user called."""
    warnings.warn(
        f"of the cash flows {several} have several internal rates of return and {none} have none; they are masked. "
        "irr_report gives the state and the rates of each; npv and mirr decide where a rate does not.",
        RatesWithheld,
        stacklevel=3,
    )
