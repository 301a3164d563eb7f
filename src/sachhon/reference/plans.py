"""Plans, their targets, and how a facility is judged against them: all data, none of it constant."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from .facts import Fact, FactNotFound, facts


@dataclass(frozen=True)
class Plan:
    """A plan of a province or the country; `is_demo` where no such document was found."""

    code: str
    name_vi: str
    name_en: str
    scope: str
    province_code: str
    year_from: int
    year_to: int
    document: str
    source: str
    confidence: str
    note: str

    @property
    def is_demo(self) -> bool:
        return self.confidence == "estimate"

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class Target:
    """One target of a plan: at least `value_low` percent (to `value_high`, where a band) by `year`."""

    code: str
    plan: str
    indicator: str
    name_vi: str
    name_en: str
    value_low: Decimal
    value_high: Decimal
    unit: str
    direction: str
    year: int
    scope_sizes: tuple[str, ...]
    denominator_rule: str
    judging_rule: str
    source: str
    confidence: str
    note: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class JudgingRule:
    """How an indicator is judged for one facility (yes, no or unknown), versioned and shown with the result."""

    code: str
    indicator: str
    version: int
    name_vi: str
    name_en: str
    text_vi: str
    text_en: str
    window_years: int | None

    def text(self, lang: str = "vi") -> str:
        return self.text_en if lang == "en" else self.text_vi


@dataclass(frozen=True)
class TargetSector:
    """A sector that a plan has a target for, with the VSIC codes its facilities begin with.

    A document names sectors in words; `vsic_confidence` says how sure the codes are, which it does not give.
    """

    code: str
    plan: str
    name_vi: str
    name_en: str
    vsic: tuple[str, ...]
    source: str
    confidence: str
    vsic_confidence: str
    note: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@cache
def plans() -> tuple[Plan, ...]:
    """Return all plans."""
    return tuple(_to_plan(f) for f in facts("plans"))


def plan_in_force(province_code: str, year: int) -> Plan:
    """Return the province's plan for a year, else the country's ("" asks for the country's)."""
    inside = [p for p in plans() if p.year_from <= year <= p.year_to]
    for wanted in (province_code, ""):
        for plan in inside:
            if plan.province_code == wanted:
                return plan
    raise FactNotFound(f"plans (province {province_code})", date(year, 12, 31))


@cache
def targets(plan_code: str) -> tuple[Target, ...]:
    """Return the targets of a plan; empty where the plan is known but its figures were not found."""
    if plan_code not in {p.code for p in plans()}:
        raise FactNotFound(f"plans.{plan_code}", None)
    return tuple(_to_target(f) for f in facts("targets") if f.extra["plan"] == plan_code)


@cache
def target_sectors(plan_code: str) -> tuple[TargetSector, ...]:
    """Return the sectors that a plan has targets for; empty where it has none."""
    return tuple(
        TargetSector(
            f.code, f.extra["plan"], f.name_vi, f.name_en, tuple(f.extra["vsic"].split(";")), f.source,
            f.confidence, f.extra["vsic_confidence"], f.note,
        )
        for f in facts("target_sectors")
        if f.extra["plan"] == plan_code
    )  # fmt: skip


def sector_target(plan_code: str, year: int) -> Target | None:
    """Return the plan's target for sectors that `year` is on the way to: the next one, after the last the last."""
    found = sorted((t for t in targets(plan_code) if t.denominator_rule == "sector"), key=lambda t: t.year)
    return next((t for t in found if t.year >= year), found[-1] if found else None)


@cache
def judging_rules() -> tuple[JudgingRule, ...]:
    """Return all versions of the judging rules."""
    return tuple(
        JudgingRule(
            f.code,
            f.extra["indicator"],
            int(f.extra["version"]),
            f.name_vi,
            f.name_en,
            f.extra["text_vi"],
            f.extra["text_en"],
            int(f.extra["window_years"] or 0) or None,
        )
        for f in facts("judging_rules")
    )


def judging_rule(code: str) -> JudgingRule:
    """Return the judging rule of that code, such as "aware.v1"."""
    for rule in judging_rules():
        if rule.code == code:
            return rule
    raise FactNotFound(f"judging_rules.{code}", None)


def _to_plan(f: Fact) -> Plan:
    x = f.extra
    start, end = f.valid_from or date.min, f.valid_to or date.max
    return Plan(
        f.code,
        f.name_vi,
        f.name_en,
        x["scope"],
        x["province_code"],
        start.year,
        end.year,
        x["document"],
        f.source,
        f.confidence,
        f.note,
    )


def _to_target(f: Fact) -> Target:
    x = f.extra
    value = f.value or Decimal(0)
    return Target(
        code=f.code,
        plan=x["plan"],
        indicator=x["indicator"],
        name_vi=f.name_vi,
        name_en=f.name_en,
        value_low=value if f.low is None else f.low,
        value_high=value if f.high is None else f.high,
        unit=f.unit,
        direction=x["direction"],
        year=int(x["year"]),
        scope_sizes=tuple(s for s in x["scope_sizes"].split(";") if s),
        denominator_rule=x["denominator_rule"],
        judging_rule=x["judging_rule"],
        source=f.source,
        confidence=f.confidence,
        note=f.note,
    )
