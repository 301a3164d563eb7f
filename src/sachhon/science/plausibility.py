"""Is a reported figure believable? Pure rules; each returns what it found, with the range it expected.

A finding is a question to the factory, not a verdict: it carries the rule, how grave it is, what was seen,
what was expected, and, for a slip of unit or decimal point, the factor that would put it right and the
field to apply it to. The words shown to people belong to the caller. What a rule cannot judge (too little
history, nothing reported) it passes over: an empty tuple.

Robust score of a specific consumption x against earlier ones h (Iglewicz & Hoaglin 1993, How to Detect and
Handle Outliers; 3.5 is theirs):

    z = (ln x − median ln h) / s,     s = max(1.4826 · median |ln h − median ln h|, smallest spread)

Logarithms, because errors of unit multiply and specific consumptions are skewed. Not here: which figures
are compared, the ranges of prices and sectors (facts of the caller).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.uncertainty import Measured, ScienceError


class Severity(StrEnum):
    """How a finding is treated: to know, to explain before acceptance, to correct before acceptance."""

    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


Target = Literal["quantity", "cost", "output"]


@dataclass(frozen=True)
class Finding:
    """What a rule found. expected : (low, high), either may be None for no limit on that side.
    factor : multiply `applies_to` by it to come to the expected size; None when no slip is recognised."""

    rule: str
    severity: Severity
    observed: float
    expected: tuple[float | None, float | None]
    factor: float | None = None
    applies_to: Target | None = None
    score: float | None = None


@dataclass(frozen=True)
class Settings:
    """Limits of the rules. warn_score : |z| to explain; slip_factors : slips looked for, both ways;
    slip_fit : how near a corrected figure must come to the middle, as a ratio; smallest_spread : of ln x, so
    that a factory with a very even history is not asked about every per cent; beyond : how many times outside
    its expected range a figure is no way of working any more but a mistake, slip or not; least_months : fewest months
    that can be judged among themselves; sure_from, few : a slip of this size, in at most this part of a year's months,
    is one whatever other years say."""

    warn_score: float = 3.5
    min_history: int = 4
    smallest_spread: float = 0.08
    slip_factors: tuple[float, ...] = (10.0, 100.0, 1000.0, 1_000_000.0)
    slip_fit: float = 1.8
    slip_from: float = 5.0
    beyond: float = 10.0
    least_months: int = 6
    sure_from: float = 1000.0
    few: float = 0.25


DEFAULT = Settings()

EXPLAINED = (0.5, 1.05)
"""Share of the mass put in that products and waste may come to: a half may be burnt off or dried, a twentieth erred."""


def against_history(
    current: float | None, history: ArrayLike, settings: Settings = DEFAULT
) -> tuple[Finding, ...]:
    """Specific consumption against the factory's own earlier ones; a slip of unit is told with its factor.

    current : consumption per unit of product; history : (n,) of the same, NaN and zeros passed over.
    Rules: `history_unit_slip` (error), `history` (by `severity_outside`). The slip may lie in the output instead: where
    outputs have a history of their own, put them through this rule first.
    """
    past = _positive(history)
    if current is None or not _usable(current) or past.size < settings.min_history:
        return ()
    logs = np.log(past)
    middle = float(np.median(logs))
    spread = spread_of(past, settings)
    score = (float(np.log(current)) - middle) / spread
    if abs(score) <= settings.warn_score:
        return ()
    reach = settings.warn_score * spread
    expected = (float(np.exp(middle - reach)), float(np.exp(middle + reach)))
    factor = slip(current, float(np.exp(middle)), settings)
    if factor is not None:
        return (Finding("history_unit_slip", Severity.ERROR, current, expected, factor, "quantity", score),)
    return (
        Finding("history", severity_outside(current, expected, settings), current, expected, score=score),
    )


def spread_of(history: ArrayLike, settings: Settings = DEFAULT) -> float:
    """The spread s of the logarithms of a history, as the robust score takes it; of two positive figures or more."""
    logs = np.log(_positive(history))
    return max(1.4826 * float(np.median(np.abs(logs - np.median(logs)))), settings.smallest_spread)


def against_sector(
    current: float | None, low: float, high: float, settings: Settings = DEFAULT
) -> tuple[Finding, ...]:
    """Specific consumption against a range of its sector (quantiles of peers, or a published range).

    Rules: `sector_unit_slip` (error), `sector` (by `severity_outside`). Inside the range nothing is found.
    """
    if not 0 < low <= high or not np.isfinite(high):
        raise ScienceError(
            f"sector range {low} to {high}: give 0 < low ≤ high.",
            f"khoảng của ngành {low} đến {high}: hãy cho 0 < thấp ≤ cao.",
        )
    if current is None or not _usable(current) or low <= current <= high:
        return ()
    factor = slip(current, float(np.sqrt(low * high)), settings)
    if factor is not None:
        return (Finding("sector_unit_slip", Severity.ERROR, current, (low, high), factor, "quantity"),)
    return (Finding("sector", severity_outside(current, (low, high), settings), current, (low, high)),)


def severity_outside(
    observed: float, expected: tuple[float, float], settings: Settings = DEFAULT
) -> Severity:
    """Of a figure outside its expected range: an error when more than `beyond` times outside, else a warning."""
    low, high = expected
    far = observed < low / settings.beyond or observed > high * settings.beyond
    return Severity.ERROR if far else Severity.WARNING


def sector_range(
    peers: ArrayLike, share: float = 0.9, widen: float = 1.25, min_peers: int = 8
) -> tuple[float, float] | None:
    """The middle `share` of the peers' specific consumptions, widened by a ratio on both sides.

    None with fewer than `min_peers` usable peers: then there is nothing to compare with.
    """
    values = _positive(peers)
    if values.size < min_peers:
        return None
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low) / widen, float(high) * widen


def slip(current: float, reference: float, settings: Settings = DEFAULT) -> float | None:
    """The power of ten that brings `current` near `reference` (10⁻³ for kWh written as Wh, say), or None.

    A slip is suspected only from a ratio of `slip_from` on, and only when the corrected figure comes to
    within `slip_fit` times the reference.
    """
    if not (_usable(current) and _usable(reference)):
        return None
    off = abs(np.log(current / reference))
    if off < np.log(settings.slip_from):
        return None
    candidates = [factor for f in settings.slip_factors for factor in (f, 1 / f)]
    best = min(candidates, key=lambda factor: abs(np.log(current * factor / reference)))
    near = abs(np.log(current * best / reference)) <= np.log(settings.slip_fit)
    return best if near else None


def slips_among(amounts: Mapping[int, float], settings: Settings = DEFAULT) -> dict[int, float]:
    """Months of one year that are a power of ten off the middle of its other months, with the factor of each.

    amounts : month → quantity; zeros are passed over. Nothing with fewer than `least_months` months.
    """
    if len(amounts) < settings.least_months:
        return {}
    found = {}
    for month, value in amounts.items():
        others = sorted(v for m, v in amounts.items() if m != month and v > 0)
        factor = slip(value, others[len(others) // 2], settings) if others else None
        if factor is not None:
            found[month] = factor
    return found


def sure_slips(amounts: Mapping[int, float], settings: Settings = DEFAULT) -> dict[int, float]:
    """Those of `slips_among` that no season explains: a thousand times off, in a few months only."""
    found = slips_among(amounts, settings)
    sure = {m: f for m, f in found.items() if max(f, 1 / f) >= settings.sure_from * (1 - 1e-9)}
    return sure if len(sure) <= settings.few * len(amounts) else {}


def against_price(
    quantity: float | None, cost_vnd: float | None, low: float, high: float, settings: Settings = DEFAULT
) -> tuple[Finding, ...]:
    """Implied price, VND per unit, against a range of prices of the year.

    Too dear by 1000: the quantity was written in MWh. Too cheap by 1000: the cost in thousand đồng.
    Rules: `price_unit_slip` (error, with factor and field), `price` (by `severity_outside`), `cost_without_quantity`.
    """
    if not 0 < low <= high or not np.isfinite(high):
        raise ScienceError(
            f"price range {low} to {high}: give 0 < low ≤ high.",
            f"khoảng giá {low} đến {high}: hãy cho 0 < thấp ≤ cao.",
        )
    if cost_vnd is None or quantity is None or not _usable(cost_vnd) or not np.isfinite(quantity):
        return ()
    if quantity <= 0:
        return (Finding("cost_without_quantity", Severity.ERROR, quantity, (0.0, None)),)
    price = cost_vnd / quantity
    if low <= price <= high:
        return ()
    factor = slip(price, float(np.sqrt(low * high)), settings)
    if factor is None:
        return (Finding("price", severity_outside(price, (low, high), settings), price, (low, high)),)
    field: Target = "quantity" if factor < 1 else "cost"
    return (
        Finding(
            "price_unit_slip", Severity.ERROR, price, (low, high), 1 / factor if factor < 1 else factor, field
        ),
    )


def mass_balance(
    material_in: Sequence[float | None],
    product: Sequence[float | None],
    waste: Sequence[float | None] = (),
    *,
    explained: tuple[float, float] = EXPLAINED,
) -> tuple[Finding, ...]:
    """Mass out (product and waste) over mass in, all in one unit, against the range that can be explained.

    More out than in (above `explained[1]`) cannot be: `mass_created`, error. Less out than `explained[0]`:
    `mass_unaccounted`, warning, the loss is to be found. With a missing (None) figure nothing is judged.
    """
    figures = [*material_in, *product, *waste]
    if any(value is None or not np.isfinite(value) for value in figures) or not product:
        return ()
    inflow = sum(value for value in material_in if value is not None)
    outflow = sum(value for value in (*product, *waste) if value is not None)
    if inflow <= 0:
        return ()
    share = outflow / inflow
    if share > explained[1]:
        return (Finding("mass_created", Severity.ERROR, share, explained),)
    if share < explained[0]:
        return (Finding("mass_unaccounted", Severity.WARNING, share, explained),)
    return ()


def saving_claim(
    claimed: float | None, computed: Measured | None, *, tolerance: float = 0.25, coverage_factor: float = 2.0
) -> tuple[Finding, ...]:
    """A claimed saving against the one computed from the records, both in one unit.

    Expected: computed ± coverage_factor · u, widened by `tolerance` times the computed saving. Rules:
    `saving_claim_too_high` (warning), `saving_claim_too_low` (notice), `saving_claim_while_worse` (error: a
    saving is claimed, the records show a rise beyond their uncertainty).
    """
    if claimed is None or computed is None:
        return ()
    low, high = computed.interval(coverage_factor)
    slack = tolerance * abs(computed.value)
    expected = (low - slack, high + slack)
    if claimed > 0 and high < 0:
        return (Finding("saving_claim_while_worse", Severity.ERROR, claimed, expected),)
    if claimed > expected[1]:
        return (Finding("saving_claim_too_high", Severity.WARNING, claimed, expected),)
    if claimed < expected[0]:
        return (Finding("saving_claim_too_low", Severity.NOTICE, claimed, expected),)
    return ()


def saving_against_whole(
    claimed: float | None, whole: float | None, *, share: float = 0.5
) -> tuple[Finding, ...]:
    """A saving of a year against the whole it is taken from: the most used in a year, or all that was spent.

    Rules: `saving_over_whole` (error: more was saved than there was), `saving_large_share` (warning: more than
    `share` of it, which is rare). An unknown whole (None) judges nothing.
    """
    if claimed is None or whole is None or not _usable(claimed) or not (np.isfinite(whole) and whole >= 0):
        return ()
    if claimed > whole:
        return (Finding("saving_over_whole", Severity.ERROR, claimed, (0.0, whole)),)
    if claimed > share * whole:
        return (Finding("saving_large_share", Severity.WARNING, claimed, (0.0, share * whole)),)
    return ()


def investment_against_means(
    invested: float | None, means: float | None, settings: Settings = DEFAULT
) -> tuple[Finding, ...]:
    """What was invested against the means of the factory (capital or a year's revenue, the larger):
    `investment_over_means` (by `severity_outside`). Both in one currency."""
    if invested is None or means is None or not _usable(invested) or not _usable(means) or invested <= means:
        return ()
    severity = severity_outside(invested, (0.0, means), settings)
    return (Finding("investment_over_means", severity, invested, (0.0, means)),)


def spent_against_revenue(
    spent_vnd: float | None, revenue_vnd: float | None, *, reach: float = 3.0, settings: Settings = DEFAULT
) -> tuple[Finding, ...]:
    """What was consumed cost more than `reach` times what was earned in the year: `cost_over_revenue` (by
    `severity_outside`). A year of loss, or one that lays in stock, spends somewhat more than it earns."""
    if spent_vnd is None or revenue_vnd is None or not _usable(revenue_vnd) or not _usable(spent_vnd):
        return ()
    if spent_vnd <= reach * revenue_vnd:
        return ()
    severity = severity_outside(spent_vnd, (0.0, revenue_vnd), settings)
    return (Finding("cost_over_revenue", severity, spent_vnd, (0.0, revenue_vnd)),)


def consumption_without_output(
    consumption: float | None, output: float | None, *, base_share: float = 0.0, usual: float | None = None
) -> tuple[Finding, ...]:
    """Consumption in a period without output: `consumption_without_output`, warning.

    With the `usual` consumption of a period given, up to `base_share` of it (lighting, keeping warm) passes.
    """
    if consumption is None or output is None or output > 0 or consumption <= 0:
        return ()
    allowed = base_share * usual if usual is not None else 0.0
    if consumption <= allowed:
        return ()
    return (Finding("consumption_without_output", Severity.WARNING, consumption, (0.0, allowed)),)


def _usable(value: float) -> bool:
    return bool(np.isfinite(value)) and value > 0


def _positive(values: ArrayLike) -> np.ndarray:
    array = floats(values, "values", "các con số (values)", gaps=True).ravel()
    return array[np.isfinite(array) & (array > 0)]
