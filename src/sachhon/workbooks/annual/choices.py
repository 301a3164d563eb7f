"""The drop-down lists of the form, each a code and the words a factory chooses by; from the reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sachhon.reference import normalise_unit, option_groups, resources, trades, unit_label, units
from sachhon.workbooks.annual.labels import Lang, label
from sachhon.workbooks.annual.model import ANSWERS, SOLUTION_STATES, SOURCES, TREATMENT

RESIDUE_KINDS = frozenset({"waste", "emission"})

CHOICE_LISTS = ("answers", "units", "resources", "residues", "groups", "states", "sources", "flows")

_OWN_LISTS = {
    "answers": ANSWERS,
    "states": SOLUTION_STATES,
    "sources": SOURCES,
    "flows": ("waste", "emission"),
}


@dataclass(frozen=True)
class Choice:
    code: str
    words: str


@cache
def choices(name: str, lang: Lang = "vi") -> tuple[Choice, ...]:
    """The list of that name, in the order it is offered."""
    if name in _OWN_LISTS:
        return tuple(Choice(code, label(f"choice.{code}", lang)) for code in _OWN_LISTS[name])
    if name == "units":
        used = [each.unit for each in resources()] + [trade.product_unit for trade in trades()]
        return tuple(Choice(code, unit_words(code, lang)) for code in dict.fromkeys(used))
    if name == "resources":
        return tuple(Choice(r.code, r.name(lang)) for r in resources() if r.kind not in RESIDUE_KINDS)
    if name == "residues":
        return tuple(Choice(r.code, r.name(lang)) for r in resources() if r.kind in RESIDUE_KINDS)
    if name == "groups":
        groups = tuple(Choice(group.code, group.name(lang)) for group in option_groups())
        return (*groups, Choice(TREATMENT, label("choice.treatment", lang)))
    raise KeyError(name)


def words_of(name: str, code: str | None, lang: Lang = "vi") -> str:
    """The words of a code; the code itself where the list does not have it, and nothing for nothing."""
    if not code:
        return ""
    return _by_code(name, lang).get(code, code)


def unit_words(unit: str, lang: Lang = "vi") -> str:
    """The symbol of a canonical unit, or the factory's own unit as it is."""
    if not all(part in units() for part in unit.split("/")):
        return unit
    # English says "pieces" of bricks and of bags; where the symbol means another unit, it is the Vietnamese one.
    symbol = unit_label(unit, lang)
    return symbol if normalise_unit(symbol) == unit else unit_label(unit)


@cache
def _by_code(name: str, lang: Lang) -> dict[str, str]:
    return {choice.code: choice.words for choice in choices(name, lang)}
