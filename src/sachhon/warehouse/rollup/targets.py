"""How far a target of the plan is met: numerator, denominator, coverage, interval, and the verdict.

A target is data: an indicator, a bound in percent, a denominator rule (who is counted) and sizes. A facility
is yes, no or unknown (of a saving, `no` only when nothing it consumes is left uncomputed); the share is estimated
from the known (`science.survey`), beside the hard bounds that hold whatever the unknown are. The verdict is `yes`
when the target is met with at least the confidence asked for, `no` when it is missed with that confidence, else
`unclear`.

Denominator rules: `facilities` (all operating), `facilities_of_size` (operating, of the target's sizes),
`with_potential` (operating, found to have potential), `applying` (operating, applying), `sector` (operating,
of a sector of the target, by the first digits of its VSIC code). Facilities of which it is not known whether
they belong (no size, potential or state known) are counted in `undecided`, and are not in the denominator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sachhon.science.survey import (
    Bounds,
    Estimate,
    StratumCount,
    bounds_with_unknown,
    prob_target_met,
    proportion,
    ratio,
    stratified_proportion,
)
from sachhon.warehouse.rollup.results import counted_savings, facility_results
from sachhon.warehouse.rollup.scope import Scope, facilities
from sachhon.warehouse.snapshot import Warehouse, WarehouseError

Indicator = Literal["aware", "applying", "cp_unit", "saving"]
DenominatorRule = Literal["facilities", "facilities_of_size", "with_potential", "applying", "sector"]
Verdict = Literal["yes", "no", "unclear"]
Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Target:
    """One target. low : bound in percent (of facilities; for `saving`, of the saving per unit of product).
    sizes : for `facilities_of_size`. share : for `saving`, the share of the denominator in percent that must
    reach `low`; None judges the mean saving instead. states : which savings count, the first one found for a
    resource is taken. saving_rule : `any` resource at the bound is enough, or `every` one must be. sectors : for
    `sector`, what the VSIC codes counted begin with. resources : the savings that count; empty for all."""

    code: str
    indicator: Indicator
    denominator_rule: DenominatorRule
    low: Decimal
    direction: Literal["at_least", "at_most"] = "at_least"
    sizes: tuple[str, ...] = ()
    share: Decimal | None = None
    states: tuple[str, ...] = ("verified",)
    saving_rule: Literal["any", "every"] = "any"
    sectors: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetFigure:
    """A target's figures for a scope. yes + no = known, known + unknown = denominator.

    estimate : the share of yes; bounds : whatever the unknown are; mean_saving : for `saving`, Σ saved TOE /
    Σ expected TOE of the denominator's facilities with figures, by `science.survey.ratio`, and energy_sums_toe
    these two sums; in_mean : how many facilities stand in them. probability : that the target is met (None
    when it is judged by the mean's interval). gap : facilities still wanting, for targets on a share.
    """

    code: str
    denominator: int
    known: int
    yes: int
    undecided: int
    estimate: Estimate
    bounds: Bounds | None
    probability: float | None
    verdict: Verdict
    gap: int | None
    mean_saving: Estimate | None = None
    energy_sums_toe: tuple[float, float] | None = None

    @property
    def in_mean(self) -> int | None:
        """Facilities whose energy stands in the mean saving; None for a share."""
        return self.mean_saving.known if self.mean_saving is not None else None

    @property
    def no(self) -> int:
        """Facilities known not to fulfil the target."""
        return self.known - self.yes

    @property
    def unknown(self) -> int:
        """Facilities of the denominator of which nothing is known."""
        return self.denominator - self.known


def target_figure(
    warehouse: Warehouse,
    scope: Scope,
    target: Target,
    *,
    confidence: float = 0.95,
    stratify: Literal["size_class", "sector_code", "trade", "area_key"] | None = None,
) -> TargetFigure:
    """The figures of one target. `stratify` weights groups that answered unequally by their population."""
    rows = warehouse.rows(target_counts(warehouse, scope, target, stratify))
    energy: list[dict[str, Any]] = []
    if target.indicator == "saving" and any(row["measured"] for row in rows):
        energy = warehouse.rows(energy_by_facility(warehouse, scope, target))
    return _figure(target, rows, energy, confidence, stratified=bool(stratify))


def figure_of_nobody(target: Target, *, confidence: float = 0.95) -> TargetFigure:
    """The figures of a target that counts no facility of the scope, for which nothing need be asked."""
    return _figure(target, [], [], confidence, stratified=False)


def sector_codes(warehouse: Warehouse, scope: Scope) -> frozenset[str]:
    """The sectors that facilities of the scope belong to."""
    chosen = facilities(warehouse, scope)
    rows = warehouse.rows(chosen.filter(chosen.sector_code.notnull()).select("sector_code").distinct())
    return frozenset(row["sector_code"] for row in rows)


def _figure(
    target: Target,
    rows: list[dict[str, Any]],
    energy: list[dict[str, Any]],
    confidence: float,
    *,
    stratified: bool,
) -> TargetFigure:
    strata = {
        row["stratum"]: StratumCount(row["yes"], row["known"], row["denominator"])
        for row in rows
        if row["denominator"]
    }
    denominator = sum(count.population for count in strata.values())
    known = sum(count.known for count in strata.values())
    yes = sum(count.successes for count in strata.values())
    estimate = (
        stratified_proportion(strata, confidence)
        if stratified
        else proportion(yes, known, denominator, confidence)
    )
    mean = None
    sums = None
    if target.indicator == "saving":
        saved = [float(row["saved"]) for row in energy]
        expected = [float(row["expected"]) for row in energy]
        sums = (math.fsum(saved), math.fsum(expected))
        # Only resources with a TOE factor can be brought to one unit, so the mean speaks of energy.
        mean = ratio(saved, expected, denominator, confidence=confidence)
    aim = target.share if target.indicator == "saving" else target.low
    if aim is None:
        probability, gap = None, None
        verdict = _by_interval(mean, target)
    else:
        probability = _probability(yes, known, denominator, Fraction(aim) / 100, target.direction)
        verdict = _by_probability(probability, confidence)
        gap = max(math.ceil(Fraction(aim) / 100 * denominator) - yes, 0)
        gap = gap if target.direction == "at_least" else None
    return TargetFigure(
        code=target.code,
        denominator=denominator,
        known=known,
        yes=yes,
        undecided=sum(row["undecided"] for row in rows),
        estimate=estimate,
        bounds=bounds_with_unknown(yes, known - yes, denominator - known),
        probability=probability,
        verdict=verdict,
        gap=gap,
        mean_saving=mean,
        energy_sums_toe=sums,
    )


def target_counts(warehouse: Warehouse, scope: Scope, target: Target, stratify: str | None = None) -> Any:
    """Expression: stratum, denominator, known, yes, undecided (see `TargetFigure`), and measured: for a saving, of
    how many facilities any is computed."""
    judged = _judged(warehouse, scope, target, stratify)
    counted = judged.inside.fill_null(False)
    return judged.group_by("stratum").agg(
        denominator=judged.count(where=counted),
        known=judged.count(where=counted & judged.state.notnull()),
        yes=judged.count(where=counted & (judged.state == 1)),
        undecided=judged.count(where=judged.inside.isnull()),
        measured=judged.count(where=counted & judged.measured),
    )


def target_members(warehouse: Warehouse, scope: Scope, target: Target) -> dict[Answer, tuple[int, ...]]:
    """Which facilities are behind the counts of `target_figure`: the yes, the no and the unknown of the denominator.

    Together they are the denominator, and each is as long as the number it explains.
    """
    found: dict[Answer, list[int]] = {"yes": [], "no": [], "unknown": []}
    for row in warehouse.rows(counted_facilities(warehouse, scope, target)):
        answer: Answer = "unknown" if row["state"] is None else "yes" if row["state"] else "no"
        found[answer].append(row["facility_id"])
    return {answer: tuple(ids) for answer, ids in found.items()}


def counted_facilities(warehouse: Warehouse, scope: Scope, target: Target) -> Any:
    """Expression: facility_id and state (1, 0, null where not known) of the denominator, in order."""
    judged = _judged(warehouse, scope, target)
    return (
        judged.filter(judged.inside.fill_null(False)).select("facility_id", "state").order_by("facility_id")
    )


def _judged(warehouse: Warehouse, scope: Scope, target: Target, stratify: str | None = None) -> Any:
    """Expression: facility_id, inside (counted, null where not known), stratum, state, measured."""
    import ibis

    chosen = facilities(warehouse, scope)
    inside = _denominator(chosen, target)
    judged = chosen.mutate(inside=inside, stratum=chosen[stratify] if stratify else ibis.literal("all"))
    if target.indicator == "saving":
        results = facility_results(warehouse, scope, target)
        return judged.left_join(results, "facility_id").select(
            "facility_id",
            "inside",
            "stratum",
            state=results.with_result,
            measured=results.measured.fill_null(False),
        )
    state = judged[target.indicator]
    return judged.select("facility_id", "inside", "stratum", state=state, measured=state.notnull())


def energy_by_facility(warehouse: Warehouse, scope: Scope, target: Target) -> Any:
    """Expression: facility_id, saved and expected in TOE (as floats: they feed an estimate, not a sum)."""
    chosen = facilities(warehouse, scope)
    chosen = chosen.filter(_denominator(chosen, target).fill_null(False))
    savings = counted_savings(warehouse, scope, target).semi_join(chosen, "facility_id")
    factors = warehouse.table("factor")
    factors = factors.filter(factors.year == scope.year, factors.toe_per_unit.notnull())
    joined = savings.join(factors, savings.resource_code == factors.resource_code)
    joined = joined.filter(joined.expected.notnull())
    per_unit = joined.toe_per_unit.cast("float64")
    valued = joined.select(
        "facility_id",
        saved=joined.quantity.cast("float64") * per_unit,
        expected_toe=joined.expected.cast("float64") * per_unit,
    )
    return (
        valued.group_by("facility_id")
        .agg(saved=valued.saved.sum(), expected=valued.expected_toe.sum())
        .order_by("facility_id")
    )


def _denominator(table: Any, target: Target) -> Any:
    """Boolean column: counted (true), not counted (false), not known (null)."""
    import ibis

    rule = target.denominator_rule
    if rule == "facilities":
        return ibis.literal(True)
    if rule == "facilities_of_size":
        if not target.sizes:
            raise WarehouseError(f"target {target.code}: facilities_of_size needs the sizes it counts.")
        return table.size_class.isin(list(target.sizes))
    if rule == "with_potential":
        return table.has_potential
    if rule == "applying":
        return table.applying == 1
    if rule == "sector":
        if not target.sectors:
            raise WarehouseError(f"target {target.code}: sector needs the VSIC codes it counts.")
        return ibis.or_(*(table.sector_code.startswith(start) for start in target.sectors))
    raise WarehouseError(f"target {target.code}: unknown denominator rule {rule!r}.")


def _probability(yes: int, known: int, population: int, aim: Fraction, direction: str) -> float | None:
    if direction == "at_least":
        return prob_target_met(yes, known, population, aim)
    return prob_target_met(known - yes, known, population, 1 - aim)


def _by_probability(probability: float | None, confidence: float) -> Verdict:
    if probability is None:
        return "unclear"
    if probability >= confidence:
        return "yes"
    return "no" if probability <= 1 - confidence else "unclear"


def _by_interval(mean: Estimate | None, target: Target) -> Verdict:
    if mean is None or mean.low is None or mean.high is None:
        return "unclear"
    aim = float(target.low) / 100
    reached, missed = mean.low >= aim, mean.high < aim
    if target.direction == "at_most":
        reached, missed = mean.high <= aim, mean.low > aim
    if reached:
        return "yes"
    return "no" if missed else "unclear"
