"""Cash flow of an option: savings at growing prices, running cost, tax, depreciation, loan and grant.

With inflation f, t = 1 … n, all money inputs in today's prices:

    saving_t      = Σ_resources q (1 + change)^(t−1) · p ((1 + growth)(1 + f))^t
    running_t     = running (1 + f)^t,  replacements and residual value likewise
    depreciation  = shares of (investment − grant), fixed in money of the day
    taxable_t     = saving − running − replacement − depreciation − interest, at the end + residual − book value
    tax_t         = rate · taxable, negative where the firm has other profit to set a loss against ("offset"),
                    or losses wait for later profit ("carry_forward")
    net_t         = saving − running − replacement + residual − tax − interest − repayment
    net_0         = − investment + grant + loan

The flows are nominal; `real` divides by (1 + f)^t. Net present value is the same either way, nominal flows at the
nominal rate or real flows at the real one (depreciation and loans lose value with inflation in both).

Source: EN 17463:2021 (valuation of energy related investments) for what enters; NIST Handbook 135 (1995) for
price growth; the tax terms are any country's, their figures the caller's. Every quantity may be an array of
options, draws, …; they broadcast to (…), flows to (…, n + 1). Not here: value added tax, delays within a
year, flows at irregular dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.annuity import nominal_rate
from sachhon.science.finance.depreciation import Depreciation
from sachhon.science.finance.loan import Loan, repayment
from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Saving:
    """What is saved of one resource.

    quantity : units a year in the first year (negative where the option uses more); price : money per unit today;
    growth : of the price a year above inflation; change : of the quantity a year (−0.01: it wears by 1 %).
    """

    quantity: ArrayLike
    price: ArrayLike
    growth: ArrayLike = 0.0
    change: ArrayLike = 0.0


@dataclass(frozen=True)
class Project:
    """An option, or many at once; money in today's prices.

    investment : at time 0; years : life, whole, may differ between options; savings : by resource; running_cost
    and other_gain : a year; replacements : year → cost; residual : value at the end of life; grant : received
    with the investment; loan : on investment less grant; depreciation : None where nothing is deducted.
    """

    investment: ArrayLike
    years: ArrayLike
    savings: Mapping[str, Saving] = field(default_factory=dict)
    running_cost: ArrayLike = 0.0
    other_gain: ArrayLike = 0.0
    replacements: Mapping[int, ArrayLike] = field(default_factory=dict)
    residual: ArrayLike = 0.0
    grant: ArrayLike = 0.0
    loan: Loan | None = None
    depreciation: Depreciation | None = None


@dataclass(frozen=True)
class Settings:
    """How options are valued; the same for all that are compared.

    discount_rate : nominal, or real where `basis` says so; inflation : a year; tax_rate : on profit;
    losses : "offset" against other profit of the firm in the same year, or "carry_forward" to later years of the
    option; carry_years : after how many years an unused loss lapses (None: never); grant_taxed : counts as
    income at once, else it lowers what may be depreciated.
    """

    discount_rate: ArrayLike
    basis: Literal["nominal", "real"] = "nominal"
    inflation: ArrayLike = 0.0
    tax_rate: ArrayLike = 0.0
    losses: Literal["offset", "carry_forward"] = "offset"
    carry_years: int | None = None
    grant_taxed: bool = False

    @property
    def nominal(self) -> np.ndarray | float:
        """The nominal discount rate."""
        return nominal_rate(self.discount_rate, self.inflation if self.basis == "real" else 0.0)

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, what EN 17463 wants considered and these settings leave out."""
        found = []
        if not np.any(np.asarray(self.inflation)) and self.basis == "nominal":
            found.append(
                (
                    "Không tính lạm phát: giá coi như không đổi, trong khi suất chiết khấu là danh nghĩa.",
                    "No inflation: prices stay as they are while the discount rate is a nominal one.",
                )
            )
        if not np.any(np.asarray(self.tax_rate)):
            found.append(("Chưa tính thuế thu nhập.", "Tax on profit is not counted."))
        elif self.losses == "offset":
            found.append(
                (
                    "Năm lỗ được bù ngay vào lãi khác của cơ sở.",
                    "A year's loss is set at once against other profit of the firm.",
                )
            )
        return tuple(words[0 if lang == "vi" else 1] for words in found)


@dataclass(frozen=True)
class CashFlow:
    """Nominal flows (…, n + 1) by kind, amounts positive in the sense of their name; `net` is what counts.

    net : after tax and loan, the owner's; before_loan : after tax, as if paid from own money; quantities : units
    saved by resource; rate : nominal discount rate; deflator : (1 + inflation)^t.
    """

    investment: np.ndarray
    grant: np.ndarray
    savings: Mapping[str, np.ndarray]
    quantities: Mapping[str, np.ndarray]
    other_gain: np.ndarray
    running_cost: np.ndarray
    replacement: np.ndarray
    residual: np.ndarray
    depreciation: np.ndarray
    interest: np.ndarray
    principal: np.ndarray
    drawn: np.ndarray
    tax: np.ndarray
    net: np.ndarray
    before_loan: np.ndarray
    rate: np.ndarray | float
    deflator: np.ndarray

    @property
    def real(self) -> np.ndarray:
        """`net` in today's prices."""
        return self.net / self.deflator


def cash_flow(project: Project, settings: Settings) -> CashFlow:
    """Flows of an option or of many; see the module."""
    life = np.asarray(project.years)
    _check(project, settings, life)
    n = int(life.max())
    t = np.arange(n + 1)
    prices = _wide(1 + np.asarray(settings.inflation, dtype=float)) ** t
    running_years = ((t >= 1) & (t <= _wide(life))).astype(float)
    last_year = (t == _wide(life)).astype(float)

    def yearly(amount: ArrayLike) -> np.ndarray:
        return _wide(amount) * prices * running_years

    quantities = {
        name: _wide(s.quantity) * _wide(1 + np.asarray(s.change)) ** np.maximum(t - 1, 0) * running_years
        for name, s in project.savings.items()
    }
    savings = {
        name: quantities[name] * _wide(s.price) * (_wide(1 + np.asarray(s.growth)) ** t * prices)
        for name, s in project.savings.items()
    }
    investment, grant = _at_start(project.investment, n), _at_start(project.grant, n)
    other, running = yearly(project.other_gain), yearly(project.running_cost)
    residual = _wide(project.residual) * prices * last_year
    replacement = sum(
        (_wide(cost) * prices * (t == year) for year, cost in project.replacements.items()), np.zeros(n + 1)
    )
    own = np.asarray(project.investment, dtype=float) - np.asarray(project.grant, dtype=float)
    base = np.asarray(project.investment, dtype=float) if settings.grant_taxed else own
    depreciation, book = _depreciation(project.depreciation, base, n, running_years)
    interest, principal, drawn = _loan(project.loan, own, n)

    gain = sum(savings.values(), other) - running - replacement
    taxable = gain - depreciation + (residual - book * last_year) + (grant if settings.grant_taxed else 0.0)
    tax = _tax(taxable - interest, settings)
    before = gain + residual + grant - investment
    net = before + drawn - principal - interest - tax
    before_loan = before - (tax if project.loan is None else _tax(taxable, settings))
    return CashFlow(
        investment, grant, savings, quantities, other, running, replacement, residual, depreciation,
        interest, principal, drawn, tax, net, before_loan, settings.nominal, prices,
    )  # fmt: skip


def _wide(amount: ArrayLike) -> np.ndarray:
    """With a last axis for time."""
    return np.asarray(amount, dtype=float)[..., None]


def _at_start(amount: ArrayLike, n: int) -> np.ndarray:
    flows = np.zeros((*np.shape(amount), n + 1))
    flows[..., 0] = amount
    return flows


def _depreciation(
    rule: Depreciation | None, base: np.ndarray, n: int, running_years: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Deductions within life, and the book value left at its end, both (…, time)."""
    if rule is None:
        return np.zeros((*base.shape, n + 1)), np.zeros((*base.shape, 1))
    amounts = rule.amounts(base, n) * running_years
    return amounts, base[..., None] - amounts.sum(axis=-1, keepdims=True)


def _loan(loan: Loan | None, own: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if loan is None:
        nothing = np.zeros(n + 1)
        return nothing, nothing, nothing
    schedule = repayment(own * np.asarray(loan.share, dtype=float), loan, n)
    return schedule.interest, schedule.principal, schedule.drawn


def _tax(taxable: np.ndarray, settings: Settings) -> np.ndarray:
    rate = _wide(settings.tax_rate)
    if settings.losses == "offset":
        return rate * taxable
    left = np.zeros_like(taxable)
    ages = taxable.shape[-1] if settings.carry_years is None else settings.carry_years
    losses = [np.zeros(taxable.shape[:-1]) for _ in range(ages)]  # the oldest last
    for t in range(taxable.shape[-1]):
        profit = np.maximum(taxable[..., t], 0)
        for age in range(ages - 1, -1, -1):
            used = np.minimum(losses[age], profit)
            losses[age] = losses[age] - used
            profit = profit - used
        left[..., t] = profit
        losses = [np.maximum(-taxable[..., t], 0), *losses[:-1]] if ages else []
    return rate * left


def _check(project: Project, settings: Settings, life: np.ndarray) -> None:
    if life.size == 0 or not (np.isfinite(life) & (life >= 1) & (life == np.floor(life))).all():
        raise ScienceError(
            "the life of an option is a whole number of years, at least 1.",
            "đời của giải pháp là một số nguyên năm, ít nhất 1.",
        )
    if settings.losses not in ("offset", "carry_forward") or settings.basis not in ("nominal", "real"):
        raise ScienceError(
            'losses is "offset" or "carry_forward", basis is "nominal" or "real".',
            'losses là "offset" hoặc "carry_forward", basis là "nominal" hoặc "real".',
        )
    late = [year for year in project.replacements if not 1 <= year <= int(life.max())]
    if late:
        raise ScienceError(
            f"a replacement in year {late[0]} lies outside the life of the option.",
            f"lần thay thế ở năm {late[0]} nằm ngoài đời của giải pháp.",
        )
    parts = [project.investment, project.grant, project.running_cost, project.other_gain, project.residual]
    parts += [
        figure for s in project.savings.values() for figure in (s.quantity, s.price, s.growth, s.change)
    ]
    parts += [settings.inflation, settings.tax_rate, *project.replacements.values()]
    if not all(np.isfinite(floats(part, "the option", "giải pháp")).all() for part in parts):
        raise ScienceError(
            "a figure of the option is missing (NaN) or infinite; fill it or leave the option out.",
            "có con số của giải pháp bị thiếu (NaN) hoặc vô hạn; hãy điền vào hoặc bỏ giải pháp ra.",
        )
    if (np.asarray(project.investment) < 0).any() or (np.asarray(project.grant) < 0).any():
        raise ScienceError(
            "investment and grant are given as positive amounts.",
            "vốn đầu tư và khoản tài trợ phải cho dưới dạng số dương.",
        )
    if (np.asarray(project.grant) > np.asarray(project.investment)).any():
        raise ScienceError(
            "a grant is larger than the investment it is given for; correct one of the two.",
            "có khoản tài trợ lớn hơn vốn đầu tư của chính nó; hãy sửa một trong hai số.",
        )
    taxes = np.asarray(settings.tax_rate, dtype=float)
    if not ((taxes >= 0) & (taxes <= 1)).all():
        raise ScienceError(
            "a tax rate lies outside 0 to 1; give a fraction: 0.2 for 20 %.",
            "có thuế suất nằm ngoài 0 đến 1; hãy cho phân số: 0,2 cho 20 %.",
        )
