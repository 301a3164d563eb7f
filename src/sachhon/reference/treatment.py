"""Treatment steps with what they remove and cost, and the chains they are usually put into.

Ranges of handbooks and of the market, each with its confidence: they serve to compare alternatives, not to build.
"""

from functools import cache

from .facts import Fact, facts


@cache
def treatment_steps() -> dict[str, Fact]:
    """Return the steps by code, in order; value and low–high are the investment (M_VND) at `extra["capacity"]`
    (m³/day of water, Nm³/h of gas), run_low to run_high the running cost (VND/m³, VND per 1,000 Nm³)."""
    return {f.code: f for f in facts("treatment_steps")}


@cache
def treatment_removals() -> dict[tuple[str, str], Fact]:
    """Return (step, parameter) → what it removes in percent; `extra["floor"]` is the least it reaches."""
    return {(f.extra["step"], f.extra["parameter"]): f for f in facts("treatment_removals")}


def treatment_chains(medium: str, trade: str = "") -> tuple[Fact, ...]:
    """Return the usual chains for "wastewater" or "air", those of a trade of the library first."""
    found = [f for f in facts("treatment_chains") if f.extra["medium"] == medium]
    return tuple(sorted(found, key=lambda f: trade not in f.extra["trades"].split(";")))


@cache
def treatable(medium: str) -> dict[str, Fact]:
    """Return the parameters that have a limit and that some step removes, by code: parameter → one of its limits."""
    removed = {parameter for _step, parameter in treatment_removals()}
    found: dict[str, Fact] = {}
    for f in facts("limits"):
        if f.extra["medium"] == medium and f.extra["parameter"] in removed:
            found.setdefault(f.extra["parameter"], f)
    return found
