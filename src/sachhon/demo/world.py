"""The generator of the demo province: facilities, and the annual report each would send for each year.

Everything follows from one seed. Trades and their shares, outputs of the province and intensities are the
figures of `recipes`; names are invented. How it goes:

1. Facilities are dealt out over trades (shares of the reference), sizes (60% micro, 28% small, 8% medium, 4%
   large; cement, coal and power are never small) and communes.
2. A main output follows from employees × productivity × a log-normal factor, then each trade with a known
   total of the province is scaled to it.
3. A month's output: yearly growth, season, Tết (the month of February at 70%), noise. What is consumed: a fixed
   share and a share in proportion to weighted output, times the factory's own intensity, times noise.
4. Some factories take up cleaner production in one of the years; from that month on the resources concerned
   are used 6–22% more sparingly
   (what goes into the product, 1.5–3%). The others drift by a percent a year either way.
5. A revenue is drawn per employee, so that size classes stay apart; where the dearest year's consumption would eat
   it up, it is that cost and a margin instead: no factory of the demo earns less than it spends by chance, and what
   the plausibility rules find is what was planted.
"""

import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from sachhon import reference
from sachhon.demo.costs import cost_of_year
from sachhon.demo.recipes import Ingredient, names, recipe, yearly_totals

LEAST_EMPLOYEES = {"cement": 150, "coal_mining": 210, "thermal_power": 190, "lead_zinc": 25, "brick": 8}
MARGIN = (
    0.25  # of the revenue over what is consumed: wages, upkeep, interest and profit have to be paid from it
)
SIZES = (
    ("micro", 0.60, 4, 10),
    ("small", 0.28, 11, 100),
    ("medium", 0.08, 101, 200),
    ("large", 0.04, 201, 600),
)


@dataclass(frozen=True)
class DemoFacility:
    """One invented factory: who it is, and the monthly figures of every year."""

    number: int
    name: str
    enterprise: str
    tax_code: str
    trade: str
    vsic: str
    commune_key: str
    latitude: float
    longitude: float
    address: str
    employees: int
    revenue_vnd: int
    capital_vnd: int
    contact_name: str
    contact_phone: str
    started_on: dt.date
    adopted: dt.date | None
    aware: str
    has_unit: str
    key_energy_user: str
    licence_group: str
    # (flow, item) → year → twelve monthly quantities
    flows: dict[tuple[str, str], dict[int, tuple[Decimal, ...]]] = field(repr=False)

    @property
    def code(self) -> str:
        return f"LS-{self.number:04d}"


def make_world(facilities: int, years: tuple[int, ...], seed: int) -> tuple[DemoFacility, ...]:
    """The factories of the demo province. The same arguments always give the same province."""
    rng = np.random.default_rng(seed)
    trades = _deal_trades(facilities, rng)
    communes = [
        a for a in reference.areas(dt.date(2025, 7, 1)) if a.level == "commune" and a.province_code == "20"
    ]
    titles = _titles(facilities, rng)
    sketches = [_sketch(trade, rng) for trade in trades]
    scales = _scales(sketches)
    return tuple(
        _facility(i + 1, sketch, scales.get(sketch.trade, 1.0), communes, titles[i], years, rng)
        for i, sketch in enumerate(sketches)
    )


@dataclass(frozen=True)
class _Sketch:
    trade: str
    employees: int
    productivity: float  # the factory's own factor on the trade's output per employee

    @property
    def main(self) -> Ingredient:
        return recipe(self.trade)[0]

    @property
    def output(self) -> float:
        return self.employees * self.main.value * self.productivity


def _deal_trades(count: int, rng: np.random.Generator) -> list[str]:
    """Trades by their shares, the largest remainders filled up, then shuffled."""
    shares = {t.code: float(t.demo_share) for t in reference.trades() if t.demo_share and recipe(t.code)}
    total = sum(shares.values())
    exact = {code: count * share / total for code, share in shares.items()}
    dealt = {code: math.floor(n) for code, n in exact.items()}
    for code in sorted(exact, key=lambda c: dealt[c] - exact[c])[: count - sum(dealt.values())]:
        dealt[code] += 1
    order = [code for code, n in dealt.items() for _ in range(n)]
    return [order[i] for i in rng.permutation(len(order))]


def _sketch(trade: str, rng: np.random.Generator) -> _Sketch:
    _name, _share, low, high = SIZES[rng.choice(len(SIZES), p=[s[1] for s in SIZES])]
    employees = max(int(rng.integers(low, high + 1)), LEAST_EMPLOYEES.get(trade, 0))
    if trade in ("cement", "coal_mining", "thermal_power"):
        employees = int(employees * rng.uniform(1.0, 2.2))
    return _Sketch(trade, employees, float(rng.lognormal(0, recipe(trade)[0].spread)))


def _scales(sketches: list[_Sketch]) -> dict[str, float]:
    drawn: dict[str, float] = {}
    for sketch in sketches:
        drawn[sketch.trade] = drawn.get(sketch.trade, 0.0) + sketch.output
    # Totals are of the whole province: a smaller demo gets its part.
    part = min(1.0, len(sketches) / 300)
    return {
        trade: yearly_totals()[trade] * part / total
        for trade, total in drawn.items()
        if trade in yearly_totals()
    }


def _titles(count: int, rng: np.random.Generator) -> list[str]:
    pairs = [f"{a} {b}" for a in names("first") for b in names("second")]
    picked = [pairs[i] for i in rng.permutation(len(pairs))]
    return [
        picked[i % len(pairs)] + ("" if i < len(pairs) else f" {i // len(pairs) + 1}") for i in range(count)
    ]


def _facility(number, sketch: _Sketch, scale, communes, title, years, rng) -> DemoFacility:
    trade = reference.trade(sketch.trade)
    commune = communes[int(rng.integers(len(communes)))]
    form = (
        "Công ty CP"
        if sketch.employees > 100
        else "Công ty TNHH"
        if sketch.employees > 10
        else "Hộ kinh doanh"
    )
    site = {"micro": "Xưởng", "other": "Nhà máy"}["micro" if sketch.employees <= 10 else "other"]
    chance = 0.36 if sketch.employees <= 10 else 0.55 if sketch.employees <= 100 else 0.75
    adopted = None
    if rng.random() < chance:
        adopted = dt.date(int(years[0] + rng.integers(0, min(4, len(years)))), int(rng.integers(3, 13)), 1)
    flows = _flows(sketch, scale, adopted, years, rng)
    toe = _toe(flows, years[-1])
    revenue = _revenue(sketch, max(cost_of_year(sketch.trade, flows, year) for year in years), rng)
    aware = "yes" if adopted or rng.random() < 0.78 else rng.choice(["no", "unknown"])
    unit = "no"
    if sketch.employees > 100:
        unit = "yes" if rng.random() < (0.85 if adopted else 0.35) else rng.choice(["no", "unknown"])
    person = " ".join(
        names(kind)[int(rng.integers(len(names(kind))))] for kind in ("surname", "middle", "given")
    )
    return DemoFacility(
        number=number,
        name=f"{site} {trade.name_vi.split(',')[0].lower()} {title}",
        enterprise=f"{form} {title}",
        tax_code=_tax_code(number),
        trade=sketch.trade,
        vsic=trade.vsic[int(rng.integers(len(trade.vsic)))],
        commune_key=commune.key,
        latitude=round(commune.lat + float(rng.normal(0, 0.012)), 5),
        longitude=round(commune.lon + float(rng.normal(0, 0.012)), 5),
        address=f"Thôn {int(rng.integers(1, 15))}, {commune.name}, tỉnh Lạng Sơn",
        employees=sketch.employees,
        revenue_vnd=revenue,
        capital_vnd=int(revenue * rng.uniform(0.35, 0.9)) // 1_000_000 * 1_000_000,
        contact_name=person,
        contact_phone=f"0205 {int(rng.integers(100, 1000))} {number:04d}",
        started_on=dt.date(int(rng.integers(1996, years[0])), int(rng.integers(1, 13)), 1),
        adopted=adopted,
        aware=str(aware),
        has_unit=str(unit),
        key_energy_user="yes" if toe >= 1000 else "no",
        licence_group="I" if toe >= 5000 else "II" if sketch.employees > 50 else "III",
        flows=flows,
    )


def _flows(sketch: _Sketch, scale: float, adopted, years, rng) -> dict:
    months = [(y, m) for y in years for m in range(1, 13)]
    n = len(months)
    growth = rng.normal(0.03, 0.02)
    year_index = np.array([y - years[0] for y, _m in months])
    season = 1 + 0.10 * np.sin(2 * np.pi * (np.array([m for _y, m in months]) - 4) / 12)
    tet = np.where([m == 2 for _y, m in months], 0.70, 1.0)
    base = sketch.output * scale / 12 * (1 + growth) ** year_index * season * tet * rng.lognormal(0, 0.05, n)
    started = np.array([adopted is not None and dt.date(y, m, 1) >= adopted for y, m in months])
    flows: dict = {}
    weighted = np.zeros(n)
    for part in recipe(sketch.trade):
        if part.kind == "product":
            share = 1.0 if part is sketch.main else part.value * rng.lognormal(0, part.spread)
            made = base * share * (1 if part is sketch.main else rng.lognormal(0, 0.12, n))
            made = np.array([float(q) for q in _rounded(made)])
            weighted += made * part.weight
            _store(flows, "output", part.item, made, months)
            continue
        intensity = part.value * rng.lognormal(0, part.spread)
        # Materials that make the product hardly drift; energy and water do.
        drift = 1 + rng.normal(0, min(0.01, part.spread * 0.05)) * year_index
        most = 0.03 if part.spread <= 0.08 else 0.22
        saved = (
            np.where(started, rng.uniform(min(0.06, most / 2), most), 0.0)
            if rng.random() < 0.8
            else np.zeros(n)
        )
        proportional = intensity * weighted * (1 - part.fixed_share)
        fixed = intensity * weighted.mean() * part.fixed_share
        used = (proportional + fixed) * drift * (1 - saved) * rng.lognormal(0, 0.025, n)
        flow = "consumption" if part.kind == "input" else part.kind
        _store(flows, flow, part.item, used, months)
    return flows


def _store(flows: dict, flow: str, item: str, values: np.ndarray, months) -> None:
    by_year: dict[int, list[Decimal]] = {}
    for (year, _month), quantity in zip(months, _rounded(values), strict=True):
        by_year.setdefault(year, []).append(quantity)
    flows[flow, item] = {year: tuple(q) for year, q in by_year.items()}


def _rounded(values: np.ndarray) -> list[Decimal]:
    """As a clerk would write them: four significant figures, no more than three decimals."""
    size = float(np.median(values))
    places = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
    return [Decimal(str(round(float(v), places))) for v in values]


def _toe(flows: dict, year: int) -> float:
    total = Decimal(0)
    for (flow, item), by_year in flows.items():
        if flow == "consumption" and reference.resource(item).energy_carrier:
            factor = reference.toe_factor(item, dt.date(year, 12, 31)).value or Decimal(0)
            total += sum(by_year[year]) * factor
    return float(total)


def _revenue(sketch: _Sketch, dearest: Decimal, rng) -> int:
    """A yearly revenue that fits the size class: per employee, not per product, so that classes stay apart; at least
    what the dearest year's consumption cost, with a margin.
    """
    per_head = {True: 220e6, False: 420e6}[sketch.employees <= 10]
    drawn = sketch.employees * per_head * rng.lognormal(0, 0.25)
    return int(max(drawn, float(dearest) * (1 + MARGIN))) // 1_000_000 * 1_000_000


def _tax_code(number: int) -> str:
    """Ten digits with a right check digit, in a range that is not given out to anyone."""
    serial = number
    while True:
        body = f"4999{serial:05d}"
        for digit in "0123456789":
            if reference.valid_tax_code(body + digit):
                return body + digit
        serial += 50_000  # no check digit exists for this body: take a body far off the others
