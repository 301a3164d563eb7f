"""Every figure of the roll-up against the same figure counted by hand in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from sachhon.science.survey import prob_target_met, proportion, ratio
from sachhon.warehouse.rollup import (
    Scope,
    Target,
    energy_totals,
    facilities_with_estimates,
    group_counts,
    needs,
    paired_energy,
    record_totals,
    relative_savings,
    saving_totals,
    solution_totals,
    target_figure,
    target_members,
    trade_intensities,
)
from sachhon.warehouse.snapshot import WarehouseError

SCOPE = Scope(2024, province_code="20")
SCOPES = [
    SCOPE,
    Scope(2023),
    Scope(2024, trade="brick"),
    Scope(2024, size_class="micro", area_key="06037@2025"),
    Scope(2024, sector_code="08101", operating_only=False),
    Scope(1999),
]


def inside(facts, scope):
    wanted = {
        name: value
        for name in ("province_code", "area_key", "sector_code", "trade", "size_class")
        if (value := getattr(scope, name)) is not None
    }
    return [
        row
        for row in facts["facility_year"]
        if row["year"] == scope.year
        and (row["operating"] or not scope.operating_only)
        and all(row[name] == value for name, value in wanted.items())
    ]


def of(facts, table, scope):
    ids = {row["facility_id"] for row in inside(facts, scope)}
    return [row for row in facts[table] if row["year"] == scope.year and row["facility_id"] in ids]


def added(values):
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("by", [None, "trade", "size_class", "area_key"])
def test_counts_of_facilities_and_reports(facts, warehouse, scope, by):
    rows = inside(facts, scope)
    groups = defaultdict(list)
    for row in rows:
        groups[row[by] if by else None].append(row)
    if not by:
        groups.setdefault(None, [])
    found = group_counts(warehouse, scope, by)
    assert {count.group for count in found} == set(groups)
    for count in found:
        members = groups[count.group]
        assert count.facilities == len(members)
        assert count.reported == sum(
            m["report_state"] in ("submitted", "accepted", "locked") for m in members
        )
        assert count.accepted == sum(m["report_state"] in ("accepted", "locked") for m in members)
        assert count.on_time == sum(m["submitted_on_time"] is True for m in members)
        assert count.late == sum(m["submitted_on_time"] is False for m in members)
        assert count.missing == sum(m["submitted_on_time"] is None for m in members)
        for question in ("aware", "applying", "cp_unit"):
            assert getattr(count, question) == sum(m[question] == 1 for m in members)
            assert getattr(count, f"{question}_known") == sum(m[question] is not None for m in members)


def test_the_on_time_rate_is_of_all_facilities_and_has_no_width(warehouse):
    (count,) = group_counts(warehouse, SCOPE)
    rate = count.on_time_rate()
    assert rate.estimate == rate.low == rate.high == count.on_time / count.facilities


def test_the_group_without_a_name_comes_last(warehouse):
    groups = [count.group for count in group_counts(warehouse, Scope(2024), "size_class")]
    assert groups == [*sorted(groups[:-1]), None]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("by", [None, "trade"])
@pytest.mark.parametrize("by_resource", [False, True])
def test_savings_are_summed_apart_by_state(facts, warehouse, scope, by, by_resource):
    group_of = {row["facility_id"]: row[by] if by else None for row in inside(facts, scope)}
    expected = defaultdict(list)
    for row in of(facts, "saving", scope):
        resource = row["resource_code"] if by_resource else None
        expected[row["state"], resource, group_of[row["facility_id"]]].append(row)
    found = saving_totals(warehouse, scope, by_resource=by_resource, by=by)
    assert {(s.state, s.resource_code, s.group) for s in found} == set(expected)
    for one in found:
        rows = expected[one.state, one.resource_code, one.group]
        assert one.quantity == (sum(row["quantity"] for row in rows) if by_resource else None)
        assert (one.vnd, one.toe, one.co2_t) == tuple(
            added(row[name] for row in rows) for name in ("vnd", "toe", "co2_t")
        )
        assert one.facilities == len({row["facility_id"] for row in rows})
        assert one.rows_without_vnd == sum(row["vnd"] is None for row in rows)
        assert one.rows_without_toe == sum(row["toe"] is None for row in rows)


def best(facts, scope, states):
    chosen = {}
    for row in of(facts, "saving", scope):
        key = row["facility_id"], row["resource_code"]
        if row["state"] in states and (
            key not in chosen or states.index(row["state"]) < states.index(chosen[key]["state"])
        ):
            chosen[key] = row
    return list(chosen.values())


@pytest.mark.parametrize(
    "states", [("verified",), ("verified", "reported"), ("reported", "verified", "estimated")]
)
def test_relative_savings_take_one_state_a_facility_and_resource(facts, warehouse, states):
    expected = defaultdict(list)
    for row in best(facts, SCOPE, states):
        if row["expected"] is not None:
            expected[row["resource_code"]].append(row)
    found = relative_savings(warehouse, SCOPE, states)
    assert [one.resource_code for one in found] == sorted(expected)
    for one in found:
        rows = expected[one.resource_code]
        assert one.saved == sum(row["quantity"] for row in rows)
        assert one.expected == sum(row["expected"] for row in rows)
        assert one.relative_pct == 100 * one.saved / one.expected
        assert one.facilities == len(rows)


def test_savings_without_a_state_are_refused(warehouse):
    with pytest.raises(WarehouseError, match="at least one state"):
        relative_savings(warehouse, SCOPE, ())


@pytest.mark.parametrize("scope", SCOPES)
def test_solutions_are_summed_by_group_and_state(facts, warehouse, scope):
    expected = defaultdict(list)
    for row in of(facts, "solution", scope):
        expected[row["group_code"], row["is_cp"], row["state"]].append(row)
    found = solution_totals(warehouse, scope)
    assert [(s.group_code, s.is_cp, s.state) for s in found] == sorted(expected)
    for one in found:
        rows = expected[one.group_code, one.is_cp, one.state]
        assert one.solutions == sum(row["count"] for row in rows)
        assert one.facilities == len({row["facility_id"] for row in rows})
        assert one.investment_vnd == added(row["investment_vnd"] for row in rows)
        assert one.saving_vnd == added(row["saving_vnd"] for row in rows)


@pytest.mark.parametrize("scope", SCOPES)
def test_needs_are_counted_by_facility_with_some_of_their_words(facts, warehouse, scope):
    rows = of(facts, "need", scope)
    mentions = Counter((row["kind"], row["category"]) for row in rows)
    found = needs(warehouse, scope, examples=2)
    assert {(need.kind, need.category): need.mentions for need in found} == mentions
    for need in found:
        mine = [row for row in rows if (row["kind"], row["category"]) == (need.kind, need.category)]
        assert need.facilities == len({row["facility_id"] for row in mine})
        assert len(need.examples) == min(2, len({row["text"] for row in mine} - {""}))
        assert set(need.examples) <= {row["text"] for row in mine} - {""}
    for kind in ("difficulty", "request"):
        counted = [need.facilities for need in found if need.kind == kind]
        assert counted == sorted(counted, reverse=True)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("flow", ["consumption", "output"])
def test_records_are_summed_exactly_by_year_and_item(facts, warehouse, scope, flow):
    expected = defaultdict(list)
    for row in of(facts, "record", scope):
        if row["flow"] == flow:
            expected[row["item_code"]].append(row)
    found = record_totals(warehouse, scope, flow=flow)
    assert [one.item_code for one in found] == sorted(expected)
    for one in found:
        rows = expected[one.item_code]
        assert one.quantity == sum(row["quantity"] for row in rows)
        assert one.not_good == added(row["quantity"] for row in rows if row["quality"] != "good")
        assert one.cost_vnd == added(row["cost_vnd"] for row in rows)
        assert one.facilities == len({row["facility_id"] for row in rows})
        assert (one.unit, one.item_kind, one.flow) == (rows[0]["unit"], rows[0]["item_kind"], flow)


def test_a_sum_tells_what_of_it_is_accepted_and_what_no_report_covers(facts, warehouse):
    states = {(row["facility_id"], row["year"]): row["report_state"] for row in facts["facility_year"]}
    found = record_totals(warehouse, SCOPE)
    assert {"accepted", "locked", "submitted", "draft", "none"} <= set(states.values())
    for total in found:
        mine = [
            (states[row["facility_id"], row["year"]], row["quantity"])
            for row in of(facts, "record", SCOPE)
            if (row["flow"], row["item_code"]) == ("consumption", total.item_code)
        ]
        assert total.quantity == sum(q for _state, q in mine)
        assert (total.accepted or 0) == sum(q for state, q in mine if state in ("accepted", "locked"))
        handed_in = ("submitted", "accepted", "locked")
        assert (total.unreported or 0) == sum(q for state, q in mine if state not in handed_in)
    (energy,) = energy_totals(warehouse, SCOPE)
    assert 0 < energy.accepted_toe < energy.toe
    assert 0 < energy.unreported_co2_t < energy.co2_t


def test_records_of_several_years_are_those_of_each_year(warehouse):
    both = record_totals(warehouse, SCOPE, [2024, 2023])
    assert both == record_totals(warehouse, Scope(2023, "20")) + record_totals(warehouse, SCOPE)


def test_toe_and_co2_are_exact_and_resources_without_a_factor_are_named(facts, warehouse):
    (total,) = energy_totals(warehouse, SCOPE)
    used = Counter()
    for row in of(facts, "record", SCOPE):
        used[row["item_code"]] += row["quantity"]
    assert total.toe == used["electricity"] * Decimal("0.0001543") + used["coal"] * Decimal("0.6")
    assert total.co2_t == used["electricity"] * Decimal("0.0006592")
    assert total.without_toe == ("husk",)
    assert total.without_co2 == ("coal", "husk")
    both = energy_totals(warehouse, SCOPE, [2023, 2024])
    assert [one.year for one in both] == [2023, 2024]
    assert both == energy_totals(
        warehouse, SCOPE, [2023, 2024], record_totals(warehouse, SCOPE, [2023, 2024])
    )


def test_two_years_are_compared_over_the_facilities_with_energy_records_in_both(facts, warehouse):
    used = {2023: defaultdict(Counter), 2024: defaultdict(Counter)}
    for year, by_facility in used.items():
        for row in of(facts, "record", Scope(year, "20")):
            if row["item_kind"] in ("electricity", "fuel"):
                by_facility[row["facility_id"]][row["item_code"]] += row["quantity"]
    both = used[2023].keys() & used[2024].keys()
    assert 0 < len(both) < min(len(used[2023]), len(used[2024]))
    found = paired_energy(warehouse, SCOPE, 2023)
    assert found.facilities == len(both)
    for year, total in ((2023, found.before), (2024, found.now)):
        sums = sum((used[year][facility] for facility in both), Counter())
        assert total.year == year
        assert total.toe == sums["electricity"] * Decimal("0.0001543") + sums["coal"] * Decimal("0.6")
        assert total.co2_t == sums["electricity"] * Decimal("0.0006592")


def test_a_year_without_facts_is_zero_and_not_missing(warehouse):
    (total,) = energy_totals(warehouse, Scope(1999))
    assert (total.toe, total.co2_t, total.without_toe) == (0, 0, ())


def test_specific_consumption_by_trade_is_of_facilities_with_one_unit_of_output(facts, warehouse):
    trade_of = {row["facility_id"]: row["trade"] for row in inside(facts, SCOPE)}
    used, made = Counter(), defaultdict(Counter)
    for row in of(facts, "record", SCOPE):
        if row["flow"] == "consumption":
            used[row["facility_id"], row["item_code"]] += row["quantity"]
        elif row["quantity"] > 0:
            made[row["facility_id"]][row["unit"]] += row["quantity"]
    expected = defaultdict(list)
    for (facility, resource), quantity in used.items():
        if quantity > 0 and len(made[facility]) == 1:
            ((unit, output),) = made[facility].items()
            expected[trade_of[facility], resource, unit].append((quantity, output))
    found = trade_intensities(warehouse, SCOPE)
    assert [(one.trade, one.resource_code, one.output_unit) for one in found] == sorted(expected)
    for one in found:
        pairs = expected[one.trade, one.resource_code, one.output_unit]
        values = [float(e) / float(q) for e, q in pairs]
        assert one.facilities == len(pairs)
        assert one.mean == pytest.approx(sum(e for e, _ in pairs) / sum(q for _, q in pairs))
        assert [one.q10, one.q25, one.median, one.q75, one.q90] == pytest.approx(
            list(np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9]))
        )


@pytest.mark.parametrize("scope", SCOPES)
def test_facilities_with_months_still_estimated_are_counted_once(facts, warehouse, scope):
    rows = [row for row in of(facts, "record", scope) if row["quality"] == "estimated"]
    assert facilities_with_estimates(warehouse, scope) == len({row["facility_id"] for row in rows})


def belongs(row, target):
    if target.denominator_rule == "facilities":
        return True
    if target.denominator_rule == "facilities_of_size":
        return None if row["size_class"] is None else row["size_class"] in target.sizes
    if target.denominator_rule == "with_potential":
        return row["has_potential"]
    return None if row["applying"] is None else row["applying"] == 1


TARGETS = [
    Target("aware", "aware", "facilities", Decimal(90)),
    Target("applying", "applying", "facilities", Decimal(50)),
    Target("potential", "applying", "with_potential", Decimal(50)),
    Target("cp_unit", "cp_unit", "facilities_of_size", Decimal(70), sizes=("medium", "large")),
    Target("at_most", "applying", "facilities", Decimal(50), direction="at_most"),
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.code)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_target_counts_yes_no_and_unknown_by_its_denominator_rule(facts, warehouse, target, scope):
    rows = inside(facts, scope)
    counted = [row for row in rows if belongs(row, target)]
    states = [row[target.indicator] for row in counted]
    figure = target_figure(warehouse, scope, target)
    assert figure.denominator == len(counted)
    assert figure.undecided == sum(belongs(row, target) is None for row in rows)
    assert (figure.yes, figure.no, figure.unknown) == (states.count(1), states.count(0), states.count(None))
    assert figure.estimate == proportion(figure.yes, figure.known, figure.denominator)
    members = target_members(warehouse, scope, target)
    assert {answer: list(ids) for answer, ids in members.items()} == {
        answer: sorted(row["facility_id"] for row in counted if row[target.indicator] == state)
        for answer, state in (("yes", 1), ("no", 0), ("unknown", None))
    }
    if not counted:
        assert (figure.bounds, figure.probability, figure.verdict) == (None, None, "unclear")
        return
    assert figure.bounds.low == figure.yes / figure.denominator
    assert figure.bounds.high == (figure.yes + figure.unknown) / figure.denominator
    share = Fraction(target.low) / 100
    if target.direction == "at_least":
        assert figure.probability == prob_target_met(figure.yes, figure.known, len(counted), share)
        assert figure.gap == max(ceil(share * len(counted)) - figure.yes, 0)
    else:
        assert figure.probability == prob_target_met(figure.no, figure.known, len(counted), 1 - share)
        assert figure.gap is None
    if figure.probability >= 0.95:
        assert figure.verdict == "yes"
    elif figure.probability <= 0.05:
        assert figure.verdict == "no"
    else:
        assert figure.verdict == "unclear"


@pytest.mark.parametrize(("low", "verdict"), [(20, "yes"), (99, "no")])
def test_a_target_far_away_has_a_clear_verdict(warehouse, low, verdict):
    assert (
        target_figure(warehouse, SCOPE, Target("x", "aware", "facilities", Decimal(low))).verdict == verdict
    )


@pytest.mark.parametrize("rule", ["any", "every"])
@pytest.mark.parametrize("states", [("verified",), ("verified", "reported")])
@pytest.mark.parametrize("resources", [(), ("electricity",)])
def test_the_saving_target_counts_applying_facilities_at_the_bound(facts, warehouse, rule, states, resources):
    target = Target(
        "saving", "saving", "applying", Decimal(8), share=Decimal(50), states=states, saving_rule=rule,
        resources=resources,
    )  # fmt: skip
    results = defaultdict(list)
    for row in best(facts, SCOPE, states):
        if row["relative_pct"] is not None and row["resource_code"] in (resources or [row["resource_code"]]):
            results[row["facility_id"]].append(row["relative_pct"])
    applying = [row["facility_id"] for row in inside(facts, SCOPE) if row["applying"] == 1]
    computed = {
        (row["facility_id"], row["resource_code"])
        for row in best(facts, SCOPE, states)
        if row["relative_pct"] is not None
    }
    consumed = defaultdict(set)
    for row in facts["record"]:
        counts = row["flow"] == "consumption" and row["item_code"] in (resources or [row["item_code"]])
        if counts and row["year"] == SCOPE.year and row["quantity"] > 0:
            consumed[row["facility_id"]].add(row["item_code"])
    judged = {}
    for facility in applying:
        if results[facility]:
            answer = (max if rule == "any" else min)(results[facility]) >= 8
            complete = all((facility, code) in computed for code in consumed[facility])
            if answer is (rule == "any") or complete:
                judged[facility] = answer
    figure = target_figure(warehouse, SCOPE, target)
    assert (figure.denominator, figure.known, figure.yes) == (
        len(applying),
        len(judged),
        sum(judged.values()),
    )
    if resources:
        assert figure.yes not in (0, figure.known)
    else:  # some with a saving are not known: what is not computed might be at the bound, or below it
        assert figure.known < sum(1 for facility in applying if results[facility])
    assert figure.probability is not None


def test_the_mean_saving_is_of_the_energy_of_applying_facilities(facts, warehouse):
    target = Target("saving", "saving", "applying", Decimal(8), states=("verified", "reported"))
    toe = {"electricity": 0.0001543, "coal": 0.6}
    applying = {row["facility_id"] for row in inside(facts, SCOPE) if row["applying"] == 1}
    saved, expected = Counter(), Counter()
    for row in best(facts, SCOPE, target.states):
        facility, resource = row["facility_id"], row["resource_code"]
        if facility in applying and resource in toe and row["expected"] is not None:
            saved[facility] += float(row["quantity"]) * toe[resource]
            expected[facility] += float(row["expected"]) * toe[resource]
    order = sorted(expected)
    wanted = ratio([saved[f] for f in order], [expected[f] for f in order], len(applying))
    figure = target_figure(warehouse, SCOPE, target)
    assert figure.mean_saving.estimate == pytest.approx(wanted.estimate)
    assert figure.mean_saving.low == pytest.approx(wanted.low)
    assert figure.mean_saving.high == pytest.approx(wanted.high)
    assert figure.mean_saving.known == len(order)
    assert figure.probability is figure.gap is None


@pytest.mark.parametrize(
    ("low", "direction", "verdict"),
    [(0, "at_least", "yes"), (50, "at_least", "no"), (50, "at_most", "yes"), (0, "at_most", "no")],
)
def test_a_mean_saving_is_judged_by_its_interval(warehouse, low, direction, verdict):
    target = Target("s", "saving", "applying", Decimal(low), direction, states=("verified", "reported"))
    assert target_figure(warehouse, SCOPE, target).verdict == verdict


def test_a_mean_saving_near_the_bound_is_unclear(warehouse):
    target = Target("s", "saving", "applying", Decimal(8), states=("verified", "reported"))
    mean = target_figure(warehouse, SCOPE, target).mean_saving
    middle = Decimal(str(round(mean.estimate * 100, 4)))
    near = Target("s", "saving", "applying", middle, states=("verified", "reported"))
    assert target_figure(warehouse, SCOPE, near).verdict == "unclear"


def test_stratifying_weights_groups_by_their_population(facts, warehouse):
    target = TARGETS[0]
    plain = target_figure(warehouse, SCOPE, target)
    stratified = target_figure(warehouse, SCOPE, target, stratify="trade")
    assert (stratified.denominator, stratified.known, stratified.yes) == (
        plain.denominator,
        plain.known,
        plain.yes,
    )
    shares = defaultdict(list)
    for row in inside(facts, SCOPE):
        shares[row["trade"]].append(row["aware"])
    wanted = sum(
        len(states) * states.count(1) / (len(states) - states.count(None)) for states in shares.values()
    )
    assert stratified.estimate.estimate == pytest.approx(wanted / plain.denominator)


def test_targets_that_cannot_be_judged_are_refused_by_name(warehouse):
    with pytest.raises(WarehouseError, match="sizeless: facilities_of_size needs"):
        target_figure(warehouse, SCOPE, Target("sizeless", "cp_unit", "facilities_of_size", Decimal(1)))
    with pytest.raises(WarehouseError, match="unknown denominator rule"):
        target_figure(warehouse, SCOPE, Target("odd", "aware", "everybody", Decimal(1)))  # type: ignore[arg-type]
