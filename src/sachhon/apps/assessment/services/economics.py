"""What an option is worth: ranges in, value, payback and their ranges out, with where each came from.

Prices are the facility's own of the assessment's period, else a reference's; what the sheet leaves open is a default
of the reference (`finance.*`). Low, likely and high become triangular distributions; the numbers are
`science.finance`'s. Nothing is stored here: `appraise` is pure, `services/options.py` keeps its result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sachhon import __version__
from sachhon.apps.assessment.models import Assessment, Option
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.queries.facility_facts import Price, Used, fact_row
from sachhon.apps.assessment.services.errors import kept
from sachhon.apps.assessment.services.flow.disclosure import secret_prices
from sachhon.reference.facts import Fact, facts
from sachhon.science import finance
from sachhon.science.energy import EnergyUse, net_saving
from sachhon.science.finance import (
    Loan,
    PaybackReport,
    PaybackState,
    Project,
    Saving,
    Settings,
    Triangular,
    cash_flow,
    simple_payback,
    simulate,
    straight_line,
    tornado,
)
from sachhon.science.uncertainty import ScienceError

DRAWS, SEED, LEVEL = 4000, 20260701, 0.9
ENDS = ("low", "likely", "high")


@dataclass(frozen=True)
class Basis:
    """What every option of an assessment is valued with: use and price a resource, the day, the defaults."""

    assessment: Assessment
    used: Mapping[str, Used]
    defaults: Mapping[str, Fact]
    secret_prices: frozenset[str] = frozenset()
    prices: dict[str, Price] = field(default_factory=dict)

    def price(self, code: str) -> Price:
        if code not in self.prices:
            self.prices[code] = facility_facts.price_of(code, self.used.get(code), self.assessment.data_to)
        return self.prices[code]


def basis_of(assessment: Assessment) -> Basis:
    """Read once for all options of an assessment."""
    defaults = {f.code: f for f in facts("finance")}
    return Basis(assessment, facility_facts.used(assessment), defaults, secret_prices(assessment))


@dataclass
class _Inputs:
    """The uncertain inputs of one option: name → (low, likely, high), and what never varies."""

    ranges: dict[str, tuple[float, float, float]]
    prices: dict[str, Price]
    sheet: Mapping[str, str]
    defaults: Mapping[str, Fact]
    facts: list[dict] = field(default_factory=list)

    def figure(self, name: str, fact: str = "") -> float:
        """An answer of the sheet, else the default fact, else 0."""
        if self.sheet.get(name) not in (None, ""):
            return float(self.sheet[name])
        if not fact:
            return 0.0
        found = self.defaults[fact]
        self.facts.append(fact_row(found))
        return float(found.value)


def appraise(option: Option, basis: Basis) -> dict:
    """The result of an option as plain JSON; `{"problem": …}` says in words why there is none."""
    sheet = option.economic
    if not option.savings and not sheet.get("other_gain_vnd"):
        return {"problem": "no_saving"}
    ranges, prices = {}, {}
    for code, row in option.savings.items():
        ranges[f"q:{code}"] = tuple(float(row[end]) for end in ENDS)
        price = Price(float(row["price_vnd"])) if row.get("price_vnd") else basis.price(code)
        if price.vnd is None:
            return {"problem": "no_price", "resource": code}
        prices[code] = price
        spread = price.vnd * price.relative
        ranges[f"p:{code}"] = (price.vnd - spread, price.vnd, price.vnd + spread)
    ranges["investment"] = tuple(
        float(sheet.get(f"investment_{end}") or sheet.get("investment_likely") or 0) for end in ENDS
    )
    inputs = _Inputs(ranges, prices, sheet, basis.defaults)
    try:
        return _appraised(option, inputs, basis)
    except ScienceError as error:
        return kept(error)


def _appraised(option: Option, inputs: _Inputs, basis: Basis) -> dict:
    settings = Settings(
        discount_rate=inputs.figure("discount_pct", "discount_rate") / 100,
        inflation=inputs.figure("inflation_pct", "inflation") / 100,
        tax_rate=inputs.figure("tax_pct", "income_tax") / 100,
    )
    years = int(inputs.figure("life_years", "option_life"))
    fixed, worn = _fixed(inputs, years)

    def project(values: Mapping[str, np.ndarray]) -> Project:
        savings = {code: Saving(values[f"q:{code}"], values[f"p:{code}"]) for code in option.savings}
        return Project(values["investment"], years, savings, **fixed)

    def build(values: Mapping[str, np.ndarray]) -> np.ndarray:
        full = {
            name: np.asarray(values.get(name, middle)) for name, (_l, middle, _h) in inputs.ranges.items()
        }
        return cash_flow(project(full), settings).net

    likely = {name: np.asarray(middle) for name, (_low, middle, _high) in inputs.ranges.items()}
    found = finance.appraise(project(likely), settings)
    wide = {name: ends for name, ends in inputs.ranges.items() if ends[0] < ends[2]}
    result = {
        "npv": float(found.npv),
        "annuity": float(found.annuity),
        "irr": None if found.irr.count != 1 else float(found.irr.rates.compressed()[0]),
        "irr_vi": found.irr.sentence("vi"),
        "irr_en": found.irr.sentence("en"),
        "payback": _paid_back(found.payback),
        "flows": [float(x) for x in found.cash_flow.net],
        "investment": list(inputs.ranges["investment"]),
        "years": years,
        "discount": float(settings.nominal),
        "inflation": float(settings.inflation),
        "tax": float(settings.tax_rate),
        "depreciation_years": worn,
        "departures_vi": list(settings.departures("vi")),
        "departures_en": list(settings.departures("en")),
    }
    result |= _money_a_year(option, inputs, fixed)
    result["simple_payback"] = _simple(result["investment"][1] - fixed["grant"], result["saving_vnd"][1])
    result |= _uncertain(build, wide, settings, result)
    result |= _effect(option, basis)
    result["facts"] = inputs.facts + [fact_row(p.fact) for p in inputs.prices.values() if p.fact]
    result["records"] = sorted({pk for p in inputs.prices.values() for pk in p.records})
    result["own_prices"] = {c: p.vnd for c, p in inputs.prices.items() if p.own}
    result["prices"] = {c: p.vnd for c, p in inputs.prices.items()}
    # money over quantity is the price; a reference's is nobody's secret
    result["secret_price"] = any(
        p.fact is None and c in basis.secret_prices for c, p in inputs.prices.items()
    )
    result["of_version"] = option.version
    result["function_version"] = __version__
    return result


def _fixed(inputs: _Inputs, years: int) -> tuple[dict, int]:
    """What never varies of a project, and over how many years it is depreciated (0: not at all)."""
    share = inputs.figure("loan_share_pct") / 100
    loan = None
    if share:
        loan = Loan(
            share,
            inputs.figure("loan_rate_pct", "loan_rate") / 100,
            int(inputs.figure("loan_years")) or years,
            grace=int(inputs.figure("loan_grace")),
        )
    # The law lets a company deduct depreciation wherever it pays tax: over the life, unless the sheet says otherwise.
    worn = int(inputs.figure("depreciation_years")) if inputs.sheet.get("depreciation_years") else years
    return {
        "running_cost": inputs.figure("running_vnd"),
        "other_gain": inputs.figure("other_gain_vnd"),
        "grant": inputs.figure("grant_vnd"),
        "loan": loan,
        "depreciation": straight_line(worn) if worn else None,
    }, worn


def _money_a_year(option: Option, inputs: _Inputs, fixed: dict) -> dict:
    """What is saved in the first year at today's prices, low to high, before tax: Σ q p + gains − running cost.

    Science does the sum: it is the first year's flow of a project without investment, inflation or tax.
    """
    plain = Settings(discount_rate=0.0)
    ends = np.array([[inputs.ranges[f"q:{code}"][i] for i in range(3)] for code in option.savings])
    savings = {
        code: Saving(row, inputs.prices[code].vnd) for code, row in zip(option.savings, ends, strict=True)
    }
    flow = cash_flow(
        Project(np.zeros(3), 1, savings, running_cost=fixed["running_cost"], other_gain=fixed["other_gain"]),
        plain,
    )
    return {
        "saving_vnd": [float(x) for x in flow.net[:, 1]],
        "by_resource": {code: float(money[1, 1]) for code, money in flow.savings.items()},
    }


def _uncertain(build, wide: dict, settings: Settings, result: dict) -> dict:
    """Interval, chance and tornado; the plain figures where nothing is uncertain."""
    rate = float(settings.nominal)
    if not wide:
        npv, payback = result["npv"], result["payback"]
        return {
            "npv_low": npv,
            "npv_high": npv,
            "payback_low": payback,
            "payback_high": payback,
            "chance": float(npv > 0),
            "tornado": [],
        }
    drawn = simulate(
        build, {n: Triangular(*ends) for n, ends in wide.items()}, rate=rate, draws=DRAWS, seed=SEED
    )
    low, high = drawn.interval(LEVEL)
    quick, slow = drawn.payback_interval(LEVEL) if result["payback"] is not None else (None, None)
    bars = tornado(build, wide, rate=rate).bars
    return {
        "npv_low": float(low),
        "npv_high": float(high),
        "payback_low": quick,
        "payback_high": slow,
        "chance": float(drawn.chance_of_gain),
        "tornado": [[b.name, b.low, b.high, b.npv_low, b.npv_high, b.break_even] for b in bars],
    }


def _effect(option: Option, basis: Basis) -> dict:
    """TOE and CO₂ saved a year with the factors used; None where no resource has a factor."""
    on, uses, facts_used = basis.assessment.data_to, {end: [] for end in ENDS}, []
    for code, row in option.savings.items():
        toe, co2 = facility_facts.toe_and_co2(code, on)
        facts_used += [fact_row(f) for f in (toe, co2) if f is not None]
        for end in ENDS:
            uses[end].append(
                EnergyUse(
                    code,
                    float(row[end]),
                    float(toe.value) if toe else None,
                    float(co2.value) if co2 else None,
                )
            )
    found = {end: net_saving(uses[end]) for end in ENDS}
    count = len(option.savings)
    return {
        "toe": [found[e].toe.value for e in ENDS] if len(found["likely"].without_toe) < count else None,
        "co2_t": [found[e].co2_t.value for e in ENDS] if len(found["likely"].without_co2) < count else None,
        "without_co2": list(found["likely"].without_co2),
        "effect_facts": facts_used,
    }


def _simple(cost: float, yearly: float) -> float | None:
    return simple_payback(max(cost, 0.0), yearly) if yearly > 0 else None


def _paid_back(report: PaybackReport) -> float | None:
    """The payback, None where what was paid back (or never invested) is lost again by the end of the life."""
    lost = report.states == PaybackState.FALLS_BACK and report.final < 0
    return None if lost or np.ma.is_masked(report.periods) else float(report.periods)
