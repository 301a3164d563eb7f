"""Industrial classification (VSIC, sections B to E) and the trades the programme speaks of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from .facts import FactNotFound, facts


@dataclass(frozen=True)
class Trade:
    """A trade as officers call it, with its VSIC classes, typical product and what it mainly consumes."""

    code: str
    name_vi: str
    name_en: str
    vsic: tuple[str, ...]
    product_vi: str
    product_en: str
    product_unit: str
    demo_share: Decimal
    resources: tuple[str, ...]

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class Sector:
    """A section, division, group or class of VSIC; `parent` is the code of the level above."""

    code: str
    name_vi: str
    name_en: str
    level: str
    parent: str
    source: str
    confidence: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi


@cache
def vsic(on: date) -> tuple[Sector, ...]:
    """Return the sections, divisions, groups and classes in force on that day."""
    return tuple(
        Sector(f.code, f.name_vi, f.name_en, f.extra["level"], f.extra["parent"], f.source, f.confidence)
        for f in facts("vsic", on)
    )


def vsic_path(code: str, on: date) -> tuple[Sector, ...]:
    """Return a VSIC code with what it lies in, from the section down."""
    known = {f.code: f for f in vsic(on)}
    if code not in known:
        raise FactNotFound(f"vsic.{code}", on)
    path = [known[code]]
    while path[0].parent:
        path.insert(0, known[path[0].parent])
    return tuple(path)


@cache
def trades() -> tuple[Trade, ...]:
    """Return the trades; `demo_share` (percent) is only for made-up data and says nothing of a real province."""
    return tuple(
        Trade(
            code=f.code,
            name_vi=f.name_vi,
            name_en=f.name_en,
            vsic=tuple(f.extra["vsic"].split(";")),
            product_vi=f.extra["product_vi"],
            product_en=f.extra["product_en"],
            product_unit=f.extra["product_unit"],
            demo_share=f.value or Decimal(0),
            resources=tuple(f.extra["resources"].split(";")),
        )
        for f in facts("trades")
    )


def trade(code: str) -> Trade:
    """Return the trade of that code."""
    for found in trades():
        if found.code == code:
            return found
    raise FactNotFound(f"trades.{code}", None)


def trade_of_vsic(code: str) -> Trade:
    """Return the first trade that lists this VSIC class; "other" where none does."""
    return next((t for t in trades() if code in t.vsic), trade("other"))


def section_of(code: str) -> str:
    """Return the section (one letter) that a VSIC code lies in, in the edition that has it; "" where none has."""
    above = _parents()
    while above.get(code):
        code = above[code]
    return code if code in above else ""


@cache
def _parents() -> dict[str, str]:
    return {f.code: f.extra["parent"] for f in facts("vsic")}


def section_name(code: str, lang: str = "vi") -> str:
    """Return the name of a section; for "" that of all industry."""
    found = next((f for f in facts("vsic") if f.code == code), None)
    if found is None:
        return "Industry" if lang == "en" else "Công nghiệp"
    return found.name(lang)
