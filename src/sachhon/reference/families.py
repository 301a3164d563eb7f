"""Families of resources: what an end use can be made of, so that a saving is never put onto the wrong base.

"Fuels burnt for heat" are coal, wood, gas, but not the diesel of the trucks; "all water" is water from the tap, the
river and the ground. A family lists resources by code, or takes whole kinds of the registry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .facts import facts


@dataclass(frozen=True)
class Family:
    """Resources that stand for one another in an end use."""

    code: str
    name_vi: str
    name_en: str
    kinds: frozenset[str]
    resources: frozenset[str]

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@cache
def families() -> dict[str, Family]:
    """Return the families by code, in file order."""
    return {
        f.code: Family(
            f.code,
            f.name_vi,
            f.name_en,
            frozenset(filter(None, f.extra["kinds"].split(";"))),
            frozenset(filter(None, f.extra["resources"].split(";"))),
        )
        for f in facts("resource_families")
    }


def covers(names: Iterable[str], resource: str, kind: str) -> bool:
    """Say whether a resource of a kind is among these codes of resources and families.

    >>> covers(["thermal_fuels"], "firewood", "fuel"), covers(["thermal_fuels"], "diesel", "fuel")
    (True, False)
    >>> covers(["all_water"], "well_no_3", "water"), covers([], "water", "water")
    (True, False)
    """
    known = families()
    return any(
        name == resource
        or (name in known and (resource in known[name].resources or kind in known[name].kinds))
        for name in names
    )
