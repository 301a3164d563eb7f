"""Resources a factory consumes or gives off: one catalogue, found by the names people write.

A quantity is held in the resource's canonical unit; TOE and CO₂ factors and reference prices are facts a
canonical unit, by date.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from .facts import Fact, FactNotFound, fact, facts, rows
from .text import decode_tcvn3, fold, is_marked, looks_tcvn3

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
# A marked word of so few letters must be right in its marks: "tồn" (stock) is not "tôn" (sheet steel).
_SHORT = 4
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Resource:
    """A raw material, fuel, material, electricity, water, heat, waste or emission, with its canonical unit."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    unit: str
    energy_carrier: str | None
    aliases: tuple[str, ...]

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@cache
def resources() -> tuple[Resource, ...]:
    """Return the whole catalogue, in its own order."""
    aliases: dict[str, list[str]] = {}
    for row in rows("resource_aliases"):
        aliases.setdefault(row["resource"], []).append(row["alias"])
    return tuple(
        Resource(
            code=f.code,
            name_vi=f.name_vi,
            name_en=f.name_en,
            kind=f.extra["kind"],
            unit=f.unit,
            energy_carrier=f.extra["energy_carrier"] or None,
            aliases=tuple(aliases.get(f.code, ())),
        )
        for f in facts("resources")
    )


def resource(code: str) -> Resource:
    """Return the resource of that code."""
    try:
        return _by_code()[code]
    except KeyError:
        raise FactNotFound(f"resources.{code}", None) from None


@lru_cache(maxsize=8192)
def find_resource(text: str) -> Resource | None:
    """Return the resource meant by a name as people write it, in any case, without marks, or in TCVN3.

    A name is taken when it, or it without its bracketed remark, is an alias, or when it begins with an alias
    of two words or more ("than cám 5b Hòn Gai"); a bare guess is never made.
    """
    text = decode_tcvn3(text) if looks_tcvn3(text) else text
    for part in (text, _BRACKETS.sub(" ", text)):
        if found := _by_exact_alias().get(_exact(part)):
            return found
        name = _words(part)
        if name in _by_alias() and not (len(name) <= _SHORT and is_marked(part)):
            return _by_alias()[name]
        parts = name.split()
        for length in range(len(parts) - 1, 1, -1):
            found = _by_alias().get(" ".join(parts[:length]))
            if found:
                return found
    return None


def toe_factor(resource: str, on: date) -> Fact:
    """Return the tonnes of oil equivalent a canonical unit of that resource, as valid on that day."""
    return fact(f"toe.{resource}", on)


def co2_factor(resource: str, on: date) -> Fact:
    """Return the kg CO₂e a canonical unit; biogenic CO₂ stands apart in `extra["biogenic_co2"]`."""
    return fact(f"co2.{resource}", on)


def reference_price(resource: str, on: date) -> Fact:
    """Return a reference price (VND a canonical unit), good enough to notice a slip by a factor of ten."""
    return fact(f"prices.{resource}", on)


@cache
def _by_code() -> dict[str, Resource]:
    return {r.code: r for r in resources()}


@cache
def _by_alias() -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for r in resources():
        for name in (r.code, r.name_vi, r.name_en, *r.aliases):
            found.setdefault(_words(name), r)
    return found


@cache
def _by_exact_alias() -> dict[str, Resource]:
    return {_exact(name): r for r in resources() for name in (r.name_vi, *r.aliases)}


def _exact(text: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text.replace("₂", "2").replace("₅", "5"))).strip()
