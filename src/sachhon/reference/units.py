"""Units as people write them, and exact conversion between them.

`normalise_unit` turns "nghìn kWh", "Tấn" or "m\\n3" into a canonical code of `units.csv`; compounds such as
"kWh/tấn" become "kWh/t".  `convert` works in decimals, refuses other dimensions, and crosses dimensions only
by a fact of the resource (litres of diesel to kilograms).  TOE and CO₂ of a resource are not conversions:
see `resources`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .facts import Fact, facts, rows
from .text import fold, is_marked

if TYPE_CHECKING:
    import pint

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₂", "01234567892")
_LEAD = re.compile(r"^(đvt|dvt|đơn vị tính|đơn vị|don vi tinh|don vi)\s*[:.]?\s*", re.IGNORECASE)
_DROPPED = re.compile(r"[^\w/%°$₫-]|_")
# A marked word of so few letters must be right in its marks: "kỳ" (a period) is not "ký" (a kilogram).
_SHORT = 4
_PERIODS = frozenset({"h", "shift", "day", "month", "quarter", "year"})


class UnitError(ValueError):
    """A unit that is unknown or of another dimension; says what can be done."""


@dataclass(frozen=True)
class Unit:
    """A canonical unit: `factor` base units of its dimension."""

    code: str
    dimension: str
    factor: Fraction
    base: str
    name_vi: str
    name_en: str
    symbol_vi: str
    symbol_en: str
    multiple_of: str


@cache
def units() -> dict[str, Unit]:
    """Return all canonical units by code."""
    return {f.code: _to_unit(f) for f in facts("units")}


@lru_cache(maxsize=8192)
def normalise_unit(text: str) -> str | None:
    """Return the canonical code of a unit as people write it, or None where it is not known.

    >>> normalise_unit("Nghìn kWh"), normalise_unit("m\\n3"), normalise_unit("tấn/năm")
    ('MWh', 'm3', 't/year')
    """
    text = unicodedata.normalize("NFC", text).strip()
    if text in units():
        return text
    text = _LEAD.sub("", text).strip(" \t\n()[]{}:;.,")
    exact = _marked_key(text)
    if exact in _exact_aliases():
        return _exact_aliases()[exact]
    key = _key(text)
    if len(key) <= _SHORT and is_marked(text):
        return None
    return _from_key(key)


def dimension(unit: str) -> str:
    """Return the dimension of a unit, such as "mass" or, of a compound, "energy/mass"."""
    return "/".join(_unit(part).dimension for part in unit.split("/"))


def unit_factor(from_unit: str, to_unit: str) -> Decimal:
    """Return how many `to_unit` one `from_unit` is."""
    return _decimal(_ratio(from_unit, to_unit))


def convert(
    quantity: Decimal, from_unit: str, to_unit: str, *, resource: str | None = None, on: date | None = None
) -> Decimal:
    """Return `quantity` in `to_unit`; both may be written as people do.

    Across dimensions (litre to kilogram, stere to tonne) a `resource` is needed that has such a fact on that
    day (without a day, the one now in force).
    """
    source, target = _known(from_unit), _known(to_unit)
    if dimension(source) == dimension(target):
        return _decimal(Fraction(quantity) * _ratio(source, target))
    link = _bridge(resource, source, target, on) if resource else None
    if link is None:
        hint = f" of {resource}" if resource else "; name the resource if it has a density"
        raise UnitError(
            f"cannot convert {source} ({dimension(source)}) to {target} ({dimension(target)}){hint}: "
            "enter the quantity in a unit of the right kind"
        )
    return _decimal(Fraction(quantity) * link)


def bridge_fact(resource: str, from_unit: str, to_unit: str, on: date | None = None) -> Fact | None:
    """Return the density-like fact that `convert` uses for this resource, for the lineage of a figure."""
    found = _bridge_fact(resource, _known(from_unit), _known(to_unit), on)
    return found[0] if found else None


def split_period(unit: str) -> tuple[str, str | None]:
    """Split a canonical rate into unit and period: "t/year" gives ("t", "year"); "kWh/t" stays whole."""
    head, _, tail = unit.rpartition("/")
    return (head, tail) if head and tail in _PERIODS else (unit, None)


def unit_label(unit: str, lang: str = "vi") -> str:
    """Return the symbol to print for a canonical unit or compound, as "nghìn viên" or "kWh/tấn"."""
    if not unit:
        return ""
    symbols = (u.symbol_en if lang == "en" else u.symbol_vi for u in map(_unit, unit.split("/")))
    return "/".join(symbols)


@cache
def pint_registry() -> "pint.UnitRegistry[Any]":
    """Return a pint registry that knows every canonical unit by its code, TOE and trade units included."""
    import pint  # slow to import, and only the edges need it

    # Started empty: a registry that has loaded its own definitions keeps what it has worked out of them.
    empty: Any = None
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(empty, on_redefinition="ignore")
    registry.load_definitions(Path(pint.__file__).with_name("default_en.txt"))
    for unit in sorted(units().values(), key=lambda u: u.code != u.base):
        if unit.code in _PINT_SAME or unit.dimension in ("ratio", "celsius"):
            continue
        if unit.code == unit.base:
            registry.define(f"{unit.code} = {_PINT_DERIVED.get(unit.code, f'[{unit.dimension}]')}")
        else:
            registry.define(f"{unit.code} = {float(unit.factor)!r} * {unit.base}")
    return registry


# Units that pint has under the same name and meaning; the others are defined anew, for its kcal is the
# thermochemical one and its kt a knot.
_PINT_SAME = frozenset({"kg", "g", "MJ", "m", "s", "W", "kW", "Bq"})
_PINT_DERIVED = {"m3": "meter ** 3", "m2": "meter ** 2"}


def _known(text: str) -> str:
    code = normalise_unit(text)
    if code is None:
        raise UnitError(f"unknown unit {text!r}: choose one from the list of units")
    return code


def _unit(code: str) -> Unit:
    try:
        return units()[code]
    except KeyError:
        raise UnitError(f"unknown unit {code!r}: choose one from the list of units") from None


def _ratio(from_unit: str, to_unit: str) -> Fraction:
    if dimension(from_unit) != dimension(to_unit):
        raise UnitError(
            f"cannot convert {from_unit} ({dimension(from_unit)}) to {to_unit} ({dimension(to_unit)})"
        )
    sources, targets = from_unit.split("/"), to_unit.split("/")
    ratio = _unit(sources[0]).factor / _unit(targets[0]).factor
    for s, t in zip(sources[1:], targets[1:], strict=True):
        ratio /= _unit(s).factor / _unit(t).factor
    return ratio


def _bridge(resource: str, source: str, target: str, on: date | None) -> Fraction | None:
    found = _bridge_fact(resource, source, target, on)
    if found is None:
        return None
    link, forward = found
    value = Fraction(link.value or 0)
    start, end = link.extra["from_unit"], link.extra["to_unit"]
    if forward:
        return _ratio(source, start) * value * _ratio(end, target)
    return _ratio(source, end) / value * _ratio(start, target)


def _bridge_fact(resource: str, source: str, target: str, on: date | None) -> tuple[Fact, bool] | None:
    wanted = (dimension(source), dimension(target))
    for link in facts("conversions"):
        current = link.holds(on) if on else link.valid_to is None
        if link.extra["resource"] != resource or not current:
            continue
        ends = (dimension(link.extra["from_unit"]), dimension(link.extra["to_unit"]))
        if wanted in (ends, ends[::-1]):
            return link, wanted == ends
    return None


def _decimal(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        result = Decimal(value.numerator) / Decimal(value.denominator)
    return result.quantize(Decimal(1)) if result == result.to_integral_value() else result


def _to_unit(f: Fact) -> Unit:
    x = f.extra
    return Unit(
        f.code, x["dimension"], Fraction(f.value or 0), f.unit, f.name_vi, f.name_en,
        x["symbol_vi"], x["symbol_en"], x["multiple_of"],
    )  # fmt: skip


def _marked_key(text: str) -> str:
    marked = unicodedata.normalize("NFC", text).translate(_SUPERSCRIPTS)
    return _DROPPED.sub("", marked.casefold())


def _key(text: str) -> str:
    return _DROPPED.sub("", fold(text.translate(_SUPERSCRIPTS)))


def _from_key(key: str) -> str | None:
    if key in _folded_aliases():
        return _folded_aliases()[key]
    if "/" in key:
        head, _, tail = key.rpartition("/")
        numerator, denominator = _from_key(head), _from_key(tail)
        return f"{numerator}/{denominator}" if numerator and denominator else None
    for word, factor in _multipliers():
        base = _folded_aliases().get(key.removeprefix(word)) if key.startswith(word) else None
        if base and (base, factor) in _multiples():
            return _multiples()[base, factor]
    return None


@cache
def _exact_aliases() -> dict[str, str]:
    found = {_marked_key(name): u.code for u in units().values() for name in _names(u)}
    return found | {_marked_key(r["alias"]): r["unit"] for r in rows("unit_aliases")}


@cache
def _folded_aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for r in rows("unit_aliases"):
        found.setdefault(_key(r["alias"]), r["unit"])
    for unit in units().values():
        for name in _names(unit):
            found.setdefault(_key(name), unit.code)
    return found


def _names(unit: Unit) -> list[str]:
    names = (unit.code, unit.symbol_vi, unit.symbol_en, unit.name_vi, unit.name_en)
    return [unicodedata.normalize("NFC", name) for name in names if _key(name)]


@cache
def _multipliers() -> tuple[tuple[str, Fraction], ...]:
    words = {_key(r["word"]): Fraction(r["factor"]) for r in rows("unit_multipliers")}
    return tuple(sorted(words.items(), key=lambda pair: -len(pair[0])))


@cache
def _multiples() -> dict[tuple[str, Fraction], str]:
    """Map (base unit, factor) to the unit for that many: (kWh, 1000) to MWh, through chains as kg → t → kt."""
    found: dict[tuple[str, Fraction], str] = {}
    for unit in units().values():
        root = unit
        while root.multiple_of:
            root = units()[root.multiple_of]
            found[root.code, unit.factor / root.factor] = unit.code
    return found
