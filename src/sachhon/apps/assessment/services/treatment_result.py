"""What alternatives of treatment come to: outlets against the limits, cost, and what less at the source spares.

`evaluate` is pure; `refresh` stores the result with its figures (``treatment:3:now:a1:cod``). "now" is the discharge
as it is, "after" the one after cleaner production.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from sachhon import __version__
from sachhon.apps.assessment.models import Medium, Treatment
from sachhon.apps.assessment.services import treatment_figures
from sachhon.apps.assessment.services.errors import kept
from sachhon.reference.discharge import Allowed, Site, allowed
from sachhon.reference.facts import Fact, FactNotFound, fact
from sachhon.reference.treatment import treatment_removals, treatment_steps
from sachhon.science.treatment import (
    Inlet,
    Range,
    Removal,
    after_source,
    investment,
    probability,
    removal_needed,
    running,
    through,
    yearly_cost,
)
from sachhon.science.uncertainty import ScienceError

MILLION = 1e6
USUAL = {"cv": "30", "reliability": "90", "per_year": {"wastewater": "300", "air": "4800"}}
NEUTRAL = "neutralisation"  # the step that holds the pH
PER_RUN = {"wastewater": 1.0, "air": 1000.0}  # the running cost of a step is one of so many units treated


def evaluate(row: Treatment, on: datetime.date) -> dict:
    """The result as plain JSON; `{"problem": …}` says why there is none."""
    basis, contents = row.basis, row.contents
    chains = {a: x["steps"] for a, x in row.alternatives.items() if x.get("steps")}
    if not basis.get("flow") or not contents:
        return {"problem": "no_discharge"}
    if not chains:
        return {"problem": "no_chain"}
    less = _share(row.cuts.get("flow"))
    cuts = less > 0 or any(_share(c.get("cut")) > 0 for c in contents.values())
    try:
        found = {"now": _when(row, chains, float(basis["flow"]), _means(row, cut=False), on)}
        if cuts:
            flow, _mean = after_source(float(basis["flow"]), 1.0, less, 0.0)
            found["after"] = _when(row, chains, flow, _means(row, cut=True), on)
    except ScienceError as error:
        return kept(error)
    except FactNotFound as error:
        return {"problem": "no_factor", "words_vi": error.code, "words_en": error.code}
    return {
        **found,
        "on": on.isoformat(),
        "rate": float(_finance("discount_rate", on).value or 0),
        "life": float(_finance("option_life", on).value or 0),
        "function_version": __version__,
    }


def refresh(row: Treatment, on: datetime.date | None = None) -> None:
    """Computes a treatment anew and keeps its figures."""
    row.result = evaluate(row, on or timezone.localdate())
    Treatment.objects.filter(pk=row.pk).update(result=row.result)
    treatment_figures.keep(row)


def limit_of(row: Treatment, parameter: str, flow: float, on: datetime.date) -> Allowed | None:
    """The limit of the regulation at that flow; None where it has none for the parameter."""
    basis = row.basis
    if not basis.get("set"):
        return None
    size = Decimal(basis["size"]) if basis.get("size") else None
    site = Site(basis.get("column") or "B", basis.get("receiver") or "", size, Decimal(str(flow)))
    return allowed(basis["set"], parameter, site, on)


def ph_of(row: Treatment, flow: float, on: datetime.date) -> dict | None:
    """{"low", "high"} of the discharge as it was given, {"least", "most"} of the regulation, None where not known.

    None for exhaust gas. What a step does to the pH is not computed: it depends on the buffer of the water.
    """
    if row.medium != Medium.WATER:
        return None
    ends = [float(row.basis[n]) for n in ("ph_low", "ph_high") if row.basis.get(n)]
    rule = limit_of(row, "ph", flow, on)
    return {
        "low": min(ends, default=None),
        "high": max(ends, default=None),
        "least": None if rule is None or rule.low is None else float(rule.low),
        "most": None if rule is None else float(rule.value),
    }


def _held(ph: dict | None, steps: list) -> str:
    """Whether the pH is "inside" the range as it comes, "neutralised" by a step, "outside", or "unknown"."""
    if ph is None or None in ph.values():
        return "unknown"
    if ph["least"] <= ph["low"] and ph["high"] <= ph["most"]:
        return "inside"
    return "neutralised" if NEUTRAL in steps else "outside"


def _when(row: Treatment, chains: Mapping[str, list], flow: float, means: Mapping[str, float], on) -> dict:
    limits = {p: _limit(row, p, flow, on) for p in means}
    wanted = float(row.basis.get("reliability") or USUAL["reliability"]) / 100
    ph = ph_of(row, flow, on)
    return {
        "flow": flow,
        "ph": ph,
        "volume": flow * float(row.basis.get("per_year") or USUAL["per_year"][row.medium]),
        "means": dict(means),
        "limits": limits,
        "needed": {
            p: removal_needed(mean, limits[p], _cv(row, p), wanted)
            for p, mean in means.items()
            if limits[p] is not None
        },
        "alternatives": {
            a: _chain(row, steps, flow, means, limits, on) | {"ph": _held(ph, steps)}
            for a, steps in chains.items()
        },
    }


def _chain(row: Treatment, steps: list, flow: float, means: Mapping[str, float], limits: Mapping, on) -> dict:
    outlets = {p: _outlet(row, steps, p, mean, limits[p]) for p, mean in means.items()}
    met = {p: o["met"] for p, o in outlets.items() if o["met"] is not None}
    weakest = min(met, key=lambda p: met[p]) if met else None
    known = treatment_steps()
    invested, within = investment([_reference(known[s]) for s in steps], flow)
    per_year = float(row.basis.get("per_year") or USUAL["per_year"][row.medium])
    run = running([_run(known[s]) for s in steps], flow * per_year / PER_RUN[row.medium])
    year = yearly_cost(
        invested,
        run,
        float(_finance("discount_rate", on).value or 0) / 100,
        float(_finance("option_life", on).value or 0),
    )
    return {
        "outlets": outlets,
        "weakest": weakest,
        "met": met.get(weakest) if weakest else None,
        "within": within,
        **{name: _vnd(r) for name, r in (("investment", invested), ("running", run), ("yearly", year))},
    }


def _outlet(row: Treatment, steps: list, parameter: str, mean: float, limit: float | None) -> dict:
    removals = [_removal(s, parameter) for s in steps]
    found = through(Inlet(mean, _cv(row, parameter)), removals)
    low, high = found.interval()
    return {
        "mean": found.mean,
        "low": low,
        "high": high,
        "after": list(found.after),
        "at_floor": [steps[n] for n in found.at_floor],
        "touched": [s for s, r in zip(steps, removals, strict=True) if r is not None],
        "share": None if limit is None else found.mean / limit,
        "met": None if limit is None else probability(found, limit),
    }


def _means(row: Treatment, *, cut: bool) -> dict[str, float]:
    less_flow = _share(row.cuts.get("flow")) if cut else 0.0
    return {
        p: after_source(1.0, float(c["mean"]), less_flow, _share(c.get("cut")) if cut else 0.0)[1]
        for p, c in row.contents.items()
        if c.get("mean")
    }


def _limit(row: Treatment, parameter: str, flow: float, on: datetime.date) -> float | None:
    """The limit typed from the permit goes before that of the regulation."""
    own = row.contents[parameter].get("limit")
    if own:
        return float(own)
    found = limit_of(row, parameter, flow, on)
    return None if found is None else float(found.value)


def _removal(step: str, parameter: str) -> Removal | None:
    f = treatment_removals().get((step, parameter))
    if f is None or f.low is None or f.value is None or f.high is None:
        return None
    return Removal(*(float(x) / 100 for x in (f.low, f.value, f.high)), float(f.extra["floor"] or 0))


def _reference(step: Fact) -> tuple[Range, float, float]:
    ends = Range(*(float(x or 0) * MILLION for x in (step.low, step.value, step.high)))
    return ends, float(step.extra["capacity"]), float(step.extra["exponent"])


def _run(step: Fact) -> Range:
    return Range(*(float(step.extra[n]) for n in ("run_low", "run_likely", "run_high")))


def _cv(row: Treatment, parameter: str) -> float:
    return float(row.contents[parameter].get("cv") or USUAL["cv"]) / 100


def _share(percent) -> float:
    return float(percent or 0) / 100


def _finance(code: str, on: datetime.date) -> Fact:
    return fact(f"finance.{code}", on)


def _vnd(r: Range) -> list[int]:
    return [round(end) for end in (r.low, r.likely, r.high)]
