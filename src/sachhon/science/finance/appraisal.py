"""The measures of an option side by side, and of many cash flows in one pass.

    npv, irr, mirr, payback, discounted payback       see `rates` and `payback`
    annuity                  the even yearly sum worth the npv over the option's life
    profitability            npv per money of own investment (where money is short; NIST's net savings per cost)
    levelised cost           (investment − grant + running + replacement − residual − other gains), discounted and in
                             real terms, over the discounted quantity saved: the price above which it pays

Source: EN 17463:2021; NIST Handbook 135 (1995). The levelised cost is before tax and loan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.annuity import annuity as even_sum
from sachhon.science.finance.annuity import levelised_cost
from sachhon.science.finance.payback import PaybackReport, balance_crossing, payback_report
from sachhon.science.finance.project import CashFlow, Project, Settings, cash_flow
from sachhon.science.finance.rates import (
    as_flows,
    as_rate,
    npv,
    refuse_gaps,
    time_first,
)
from sachhon.science.finance.report import IRRReport, report
from sachhon.science.finance.roots import single_rates
from sachhon.science.finance.solver import START_RATE_X
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Appraisal:
    """Measures of an option, or arrays of them for many.

    irr and the paybacks come as reports that also say why there is none. profitability is masked where nothing is
    invested. levelised_cost : by resource saved, only of resources whose saving is positive.
    """

    cash_flow: CashFlow
    npv: np.ndarray | float
    annuity: np.ndarray | float
    profitability: np.ma.MaskedArray
    irr: IRRReport
    payback: PaybackReport
    discounted_payback: PaybackReport
    levelised_cost: dict[str, np.ndarray | float]


def appraise(project: Project, settings: Settings) -> Appraisal:
    """Cash flow and all measures of an option or of many."""
    flow = cash_flow(project, settings)
    value = npv(flow.rate, flow.net)
    own = flow.investment[..., 0] - flow.grant[..., 0] - flow.drawn[..., 0]
    return Appraisal(
        flow,
        value,
        even_sum(value, flow.rate, project.years),
        np.ma.masked_invalid(np.divide(value, own, out=np.full(np.shape(value), np.nan), where=own > 0)),
        report(flow.net),
        payback_report(flow.net),
        payback_report(flow.net, flow.rate),
        {name: _levelised(flow, name) for name, q in flow.quantities.items() if (q.sum(axis=-1) > 0).all()},
    )


def _levelised(flow: CashFlow, name: str) -> np.ndarray | float:
    others = sum((money for other, money in flow.savings.items() if other != name), np.zeros(1))
    cost = (
        flow.investment - flow.grant + flow.running_cost + flow.replacement - flow.residual - flow.other_gain
    )
    real = (1 + np.asarray(flow.rate)) / (flow.deflator[..., 1] / flow.deflator[..., 0]) - 1
    return levelised_cost(real, (cost - others) / flow.deflator, flow.quantities[name])


@dataclass(frozen=True)
class Measures:
    """npv, irr and payback of flows (…, n + 1), each (…,); masked where there is none."""

    npv: np.ndarray
    irr: np.ma.MaskedArray
    payback: np.ma.MaskedArray
    discounted_payback: np.ma.MaskedArray | None


def measures(rate: ArrayLike, cashflows: ArrayLike, *, discounted: bool = False) -> Measures:
    """npv, irr and payback of many rows in one pass over memory, for millions of draws.

    rate : a scalar, or an array that broadcasts against the leading axes; cashflows : (…, n + 1); discounted : also
    the discounted payback. A row with several rates has its irr masked, as with `irr`.
    """
    flows, r = as_flows(cashflows), as_rate(rate)
    lead = flows.shape[:-1]
    rows = flows.reshape(-1, flows.shape[-1])
    rates = np.broadcast_to(r, lead).reshape(-1)
    value, inner, simple = (np.empty(len(rows)) for _ in range(3))
    late = np.empty(len(rows)) if discounted else None
    near = START_RATE_X
    for part, chunk in time_first(rows):
        refuse_gaps(chunk)
        v = 1 / (1 + rates[part]) if r.ndim else 1 / (1 + float(r))
        value[part] = _present(chunk, v)
        inner[part], _, near = single_rates(chunk, near)
        simple[part] = balance_crossing(chunk, 1.0)[0]
        if late is not None:
            late[part] = balance_crossing(chunk, v)[0]
    if not np.isfinite(value).all():
        raise ScienceError(
            "the discount rate is so near −1 that discounting overflows.",
            "lãi suất chiết khấu gần −1 đến mức phép chiết khấu tràn số.",
        )
    return Measures(
        value.reshape(lead),
        np.ma.masked_invalid(inner).reshape(lead),
        _masked(simple, lead),
        None if late is None else _masked(late, lead),
    )


def _present(flows: np.ndarray, v: np.ndarray | float) -> np.ndarray:
    if isinstance(v, float):
        return v ** np.arange(len(flows)) @ flows
    value = flows[-1].copy()
    for row in flows[-2::-1]:
        value *= v
        value += row
    return value


def _masked(periods: np.ndarray, lead: tuple[int, ...]) -> np.ma.MaskedArray:
    never = np.isinf(periods)
    periods[never] = 0.0
    return np.ma.MaskedArray(periods, mask=never).reshape(lead)
