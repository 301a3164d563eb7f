"""TOE, primary energy and CO₂e by scope, where months share factors and readings share meters.

    figure = Σ_i Q_i f_i g_i        Q quantity, f factor per unit, g global warming potential (CO₂: none)

Each Q, f, g is a quantity of its own with a relative standard uncertainty. Two uses that name the same factor
code (one emission factor over twelve months), the same meter or the same GWP err together, fully:

    u² = Σ_v (S_v u_v)²,      S_v = sum of the terms that v stands in

(JCGM 100:2008, 5.2, with each correlation 0 or 1; IPCC 2006, volume 1, 3.2.3 for the same by inventory line).
A factor of another date is another code, so its error is its own. `simulate` draws every v and gives the same
by Monte Carlo (JCGM 101:2008); products of very uncertain terms then differ in second order.

CO₂ of biomass stands apart and in no scope; its CH₄ and N₂O count (GHG Protocol Corporate Standard, chapter
9; IPCC 2006, volume 2, 2.3.3.4). A use without a factor is named in `missing`, never counted as zero
silently. Scope 1: burnt or released on site; 2: electricity, heat and steam bought; 3: others' emissions on
the way. Units: quantity in its unit, factors per that unit: TOE, GJ, kg of gas; results TOE, GJ, t CO₂e.
Factors are the caller's, with date and source. Not here: which factor is valid when, market-based scope 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.energy.settings import DEFAULT, Language, Settings
from sachhon.science.energy.uses import Factor, Missing, Use
from sachhon.science.numeric import finite
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import Measured, ScienceError

FIGURES = ("toe", "primary_gj", "scope1", "scope2", "scope3", "biogenic")


@dataclass(frozen=True)
class Inventory:
    """toe (TOE), primary_gj (GJ), scopes and total of 1, 2, 3 (t CO₂e), biogenic (t CO₂, in no scope).

    by_gas : gas → t CO₂e in the scopes. causes : share of the variance of `total` by what it comes from
    ("quantity …", "factor …", "gwp …"), largest first; adds up to 1, empty when exact. exact : resources of which
    neither quantity nor any factor has an uncertainty. wide : what is given with a relative standard uncertainty
    above 1 (100 %), often a percentage where a fraction was meant. departures : how it departs from the guidelines.
    """

    toe: Measured
    primary_gj: Measured
    scope1: Measured
    scope2: Measured
    scope3: Measured
    total: Measured
    biogenic: Measured
    by_gas: Mapping[str, float]
    causes: Mapping[str, float]
    missing: tuple[Missing, ...]
    exact: tuple[str, ...]
    wide: tuple[str, ...]
    settings: Settings

    def departures(self, lang: Language = "vi") -> tuple[str, ...]:
        """Every departure from the guidelines, in words: settings, what has no factor, what no uncertainty."""
        vi = lang == "vi"
        found = list(self.settings.departures(lang))
        by_figure: dict[str, list[str]] = defaultdict(list)
        for one in self.missing:
            by_figure[one.figure].append(one.resource)
        for figure, resources in by_figure.items():
            name, names = _FIGURE_NAMES[figure][not vi], ", ".join(resources)
            found.append(
                f"Chưa có hệ số {name}, nên chưa tính: {names}."
                if vi
                else f"No factor for {name}, so not counted: {names}."
            )
        if self.exact:
            names = ", ".join(self.exact)
            found.append(
                f"Coi là chính xác vì không có độ không đảm bảo: {names}."
                if vi
                else f"Taken as exact, since no uncertainty is given: {names}."
            )
        if self.wide:
            names = ", ".join(self.wide)
            found.append(
                f"Độ không đảm bảo trên 100 % (0,05 là 5 %; có phải đã cho số phần trăm?), công thức bậc nhất không "
                f"còn đúng: {names}."
                if vi
                else "Uncertain by more than 100 % (0.05 is 5 %; was a percentage given?), where first order no longer "
                f"holds: {names}."
            )
        return tuple(found)


_FIGURE_NAMES = {
    "toe": ("quy đổi TOE", "TOE"),
    "primary_gj": ("năng lượng sơ cấp", "primary energy"),
    "emissions": ("phát thải", "emissions"),
}


@dataclass(frozen=True)
class _Term:
    figure: str
    value: float
    variables: tuple[str, ...]
    gas: str = ""


def inventory(uses: Sequence[Use], settings: Settings = DEFAULT) -> Inventory:
    """All figures of `uses` with their uncertainty; `ScienceError` names a figure that cannot be used."""
    terms, spread = _terms(uses, settings)
    figure = {name: _sum(terms, spread, lambda t, name=name: t.figure == name) for name in FIGURES}
    scoped = [t for t in terms if t.figure.startswith("scope")]
    total = _sum(scoped, spread, lambda t: True)
    by_gas: dict[str, float] = defaultdict(float)
    for term in scoped:
        by_gas[term.gas] += term.value
    squares = {v: (s * spread[v]) ** 2 for v, s in _sensitivities(scoped).items()}
    parts = {v: square for v, square in squares.items() if square}
    whole = sum(parts.values())
    causes = {v: part / whole for v, part in sorted(parts.items(), key=lambda one: -one[1])}
    return Inventory(
        figure["toe"],
        figure["primary_gj"],
        figure["scope1"],
        figure["scope2"],
        figure["scope3"],
        total,
        figure["biogenic"],
        dict(by_gas),
        causes,
        _missing(uses),
        tuple(dict.fromkeys(use.resource for use in uses if _is_exact(use))),
        tuple(dict.fromkeys(code for use in uses for code, u in _uncertainties(use) if u > 1)),
        settings,
    )


def simulate(
    uses: Sequence[Use], *, seed: int, draws: int = 20_000, settings: Settings = DEFAULT
) -> dict[str, Measured]:
    """The figures of `inventory` by Monte Carlo: name → mean and standard deviation of the draws.

    Relative errors up to 30 % are drawn normal, larger ones lognormal with the same mean and deviation, since
    a quantity cannot be negative (IPCC 2006, volume 1, 3.2.2.4).
    """
    terms, spread = _terms(uses, settings)
    rng = np.random.default_rng(seed)
    drawn = {v: _draw(rng, u, draws, settings.lognormal_above) for v, u in spread.items()}
    out: dict[str, np.ndarray] = {name: np.zeros(draws) for name in (*FIGURES, "total")}
    for term in terms:
        value = np.full(draws, term.value)
        for variable in term.variables:
            value = value * drawn[variable]
        out[term.figure] += value
        if term.figure.startswith("scope"):
            out["total"] += value
    return {name: Measured(float(x.mean()), float(x.std(ddof=1))) for name, x in out.items()}


def standard_from_95(half_width: float) -> float:
    """Standard uncertainty of a 95 % interval ± half_width, as IPCC and GHG Protocol print them."""
    return half_width / 1.96


def _terms(uses: Sequence[Use], settings: Settings) -> tuple[list[_Term], dict[str, float]]:
    if not uses:
        raise ScienceError(
            "there is no use to count; give at least one quantity of a resource.",
            "không có lượng sử dụng nào để tính; hãy cho ít nhất một lượng của một tài nguyên.",
        )
    terms: list[_Term] = []
    spread: dict[str, float] = {}
    given: dict[str, float] = {}
    values: dict[str, float] = {}

    def variable(kind: str, code: str, value: float | None, uncertainty: float) -> str:
        shared = f"{kind} {code}"
        if not (finite(uncertainty) and uncertainty >= 0):
            raise ScienceError(
                f"{code}: uncertainty {uncertainty}; give a relative one, 0.05 for 5 %.",
                f"{code}: độ không đảm bảo {comma(uncertainty)}; hãy cho giá trị tương đối, 0,05 cho 5 %.",
            )
        if given.setdefault(shared, uncertainty) != uncertainty:
            raise ScienceError(
                f"{code} is given with two uncertainties; one {kind} has one.",
                f"{code} được cho với hai độ không đảm bảo; mỗi {vi(kind)} chỉ có một.",
            )
        if value is not None and values.setdefault(shared, value) != value:
            raise ScienceError(
                f"{code} is given with two values; another date or source needs another code.",
                f"{code} được cho với hai giá trị; ngày hoặc nguồn khác cần mã khác.",
            )
        name = shared if settings.shared_factors else f"{shared} (use {i + 1})"
        spread[name] = uncertainty
        return name

    for i, use in enumerate(uses):
        if not finite(use.quantity) or use.quantity < 0:
            raise ScienceError(
                f"{use.resource}: quantity {use.quantity}; give a finite one that is not negative.",
                f"{use.resource}: lượng {comma(use.quantity)}; hãy cho số hữu hạn, không âm.",
            )
        own = use.meter or f"{use.resource} #{i + 1}"
        measured = variable("quantity", own, None, use.quantity_uncertainty)
        for figure, factor in (("toe", use.toe), ("primary_gj", use.primary_gj)):
            if factor is not None:
                names = (measured, variable("factor", factor.code, _usable(factor), factor.uncertainty))
                terms.append(_Term(figure, use.quantity * factor.value, names))
        for gas in use.emissions:
            names = (
                measured,
                variable("factor", gas.factor.code, _usable(gas.factor), gas.factor.uncertainty),
            )
            value = use.quantity * gas.factor.value / 1000
            if gas.gwp is not None:
                names += (variable("gwp", gas.gwp.code, _usable(gas.gwp), gas.gwp.uncertainty),)
                value *= gas.gwp.value
            if gas.biogenic and gas.gas != "CO2":
                raise ScienceError(
                    f"{use.resource}: only CO2 is biogenic; {gas.gas} of biomass counts.",
                    f"{use.resource}: chỉ CO2 mới có nguồn gốc sinh khối; {gas.gas} của sinh khối vẫn phải tính.",
                )
            apart = gas.biogenic and settings.biogenic == "apart"
            terms.append(_Term("biogenic" if apart else f"scope{gas.scope}", value, names, gas.gas))
    return terms, spread


def _usable(factor: Factor) -> float:
    if not finite(factor.value):
        raise ScienceError(
            f"{factor.code}: value {factor.value} is not finite; leave out what is unknown.",
            f"{factor.code}: giá trị {comma(factor.value)} không hữu hạn; hãy bỏ ra những gì chưa biết.",
        )
    if factor.value < 0:
        raise ScienceError(
            f"{factor.code}: value {factor.value} is below zero; give 0 or more, and show what is avoided or stored "
            "apart.",
            f"{factor.code}: giá trị {comma(factor.value)} nhỏ hơn 0; hãy cho số không âm, và trình bày riêng phần "
            "tránh được hay lưu giữ.",
        )
    return factor.value


def _sensitivities(terms: Sequence[_Term]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for term in terms:
        for variable in term.variables:
            found[variable] += term.value
    return found


def _sum(terms: Sequence[_Term], spread: Mapping[str, float], wanted: Callable[[_Term], bool]) -> Measured:
    chosen = [t for t in terms if wanted(t)]
    variance = sum((s * spread[v]) ** 2 for v, s in _sensitivities(chosen).items())
    return Measured(float(sum(t.value for t in chosen)), float(np.sqrt(variance)))


def _missing(uses: Sequence[Use]) -> tuple[Missing, ...]:
    found: dict[Missing, None] = {}
    for use in uses:
        if use.toe is None:
            found[Missing(use.resource, "toe")] = None
        if use.primary_gj is None:
            found[Missing(use.resource, "primary_gj")] = None
        if not use.emissions and not use.no_emissions:
            found[Missing(use.resource, "emissions")] = None
    return tuple(found)


def _is_exact(use: Use) -> bool:
    return all(u == 0 for _, u in _uncertainties(use))


def _uncertainties(use: Use) -> list[tuple[str, float]]:
    """(name, relative standard uncertainty) of the quantity and of every factor."""
    factors = [use.toe, use.primary_gj, *(one for gas in use.emissions for one in (gas.factor, gas.gwp))]
    return [
        (use.resource, use.quantity_uncertainty),
        *((factor.code, factor.uncertainty) for factor in factors if factor is not None),
    ]


def _draw(rng: np.random.Generator, u: float, draws: int, lognormal_above: float) -> np.ndarray:
    if u <= lognormal_above:
        return 1 + u * rng.standard_normal(draws)
    s = np.sqrt(np.log1p(u * u))
    return np.exp(s * rng.standard_normal(draws) - s * s / 2)
