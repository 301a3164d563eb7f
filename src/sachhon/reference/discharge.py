"""What may be discharged: the sets of limits (QCVN), their factors, and the rule Cmax = C × Kq × Kf, C × Kp × Kv.

    limit_sets("wastewater", on)       the sets in force, those without figures included
    allowed(set, "cod", site, on)      the limit of a parameter at a place of discharge, with the facts behind it

`Site` says where to: the column, the kind and size of what receives, the discharge itself. Not here: which set a
facility has to keep (its permit says), and concentrations at another oxygen content.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .facts import Fact, FactNotFound, facts

SEWER = "sewer"  # a city's sewer without a plant of its own: Cmax = C of column B


@dataclass(frozen=True)
class Site:
    """Where it is discharged.

    column : "A", "B", "C"; receiver : a kind of `limit_factors` ("river", "lake", "zone4", …); size : m³/s of a
    river, m³ of a lake, None where not known; flow : the discharge, m³/day of water, m³/h of gas.
    """

    column: str
    receiver: str
    size: Decimal | None
    flow: Decimal


@dataclass(frozen=True)
class Allowed:
    """The limit of one parameter: `value` and, for a range such as pH, `low` (then `value` is the upper end)."""

    value: Decimal
    low: Decimal | None
    base: Fact
    factors: tuple[Fact, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.base, *self.factors)


def limit_sets(medium: str, on: date) -> tuple[Fact, ...]:
    """Return the sets of limits for "wastewater" or "air" in force on that day; `extra` has columns, factors, …"""
    return tuple(f for f in facts("limit_sets", on) if f.extra["medium"] == medium)


def limit_set(code: str) -> Fact:
    """Return a set of limits by its code; `FactNotFound` where there is none."""
    found = next((f for f in facts("limit_sets") if f.code == code), None)
    if found is None:
        raise FactNotFound(f"limit_sets.{code}", None)
    return found


def receivers(code: str) -> tuple[str, ...]:
    """Return the kinds of receiving water or area that the factors of a set tell apart, in order."""
    return tuple(dict.fromkeys(f.extra["kind"] for f in _factors(code) if f.extra["kind"]))


def allowed(code: str, parameter: str, site: Site, on: date) -> Allowed | None:
    """Return the limit of a parameter in a set at a place of discharge; None where the set says nothing of it."""
    column = "B" if site.receiver == SEWER else site.column
    base = next(
        (
            f
            for f in facts("limits", on)
            if f.extra["regulation"] == code
            and f.extra["parameter"] == parameter
            and f.extra["column"] == column
        ),
        None,
    )
    if base is None:
        return None
    found = tuple(_chosen(code, site)) if base.extra["uses_kq_kf"] == "1" else ()
    product = Decimal(1)
    for f in found:
        product *= f.value or Decimal(1)
    top = base.high if base.low is not None and base.high is not None else base.value
    if top is None:
        return None
    return Allowed(top * product, base.low, base, found)


def _chosen(code: str, site: Site) -> Iterator[Fact]:
    """One fact a factor of the set: the one of the receiver, or the one that the discharge itself decides."""
    for name in filter(None, limit_set(code).extra["factors"].split(";")):
        rows = [f for f in _factors(code) if f.extra["factor"] == name]
        own = [f for f in rows if f.extra["kind"] == site.receiver]
        measure = site.size if own else site.flow
        found = next((f for f in own or rows if (own or not f.extra["kind"]) and _holds(f, measure)), None)
        if found is None:
            raise FactNotFound(f"limit_factors.{code}.{name}.{site.receiver}", None)
        yield found


def _holds(f: Fact, measure: Decimal | None) -> bool:
    above, upto = f.extra["above"], f.extra["upto"]
    if above == "unknown":
        return measure is None
    if not above and not upto:
        return True
    if measure is None:
        return False
    return (not above or measure > Decimal(above)) and (not upto or measure <= Decimal(upto))


def _factors(code: str) -> tuple[Fact, ...]:
    return tuple(f for f in facts("limit_factors") if f.extra["regulation"] == code)
