"""Units in headers and cells, through the reference: found in a header's words, turned to the canonical one.

The canonical unit of a resource is its own in the catalogue; of a product it is tonne for mass, kWh for
energy, else the single one ("1000 viên" becomes viên).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from sachhon.reference.resources import Resource, find_resource, resources
from sachhon.reference.text import fold
from sachhon.reference.units import UnitError, convert, dimension, normalise_unit, split_period, units

_PREFERRED = {"mass": "t", "energy": "kWh"}
_SAVED = frozenset({"luong", "so", "tiet", "kiem", "giam", "hang", "moi", "mot", "nam"})
_IN_HEADERS = frozenset({"energy", "mass", "volume", "money", "normal_volume", "steam"})


_ENUMERATION = re.compile(r"^\s*(?:\d+(?:\.\d+)*|[IVXivx]+|[a-zđ])[.)]\s+|^\s*[-+•*]\s*")


@lru_cache(maxsize=4096)
def known_unit(text: str) -> str | None:
    """The canonical code of a unit text, or None. Text longer than a unit is never tried."""
    text = text.strip()
    if not text or len(text) > 30 or text.isdigit():
        return None
    return normalise_unit(text)


@lru_cache(maxsize=4096)
def unit_in_header(header: str) -> str | None:
    """The unit a header names: "Điện tiêu thụ (kWh)", "Nước, m3", "kWh giao"."""
    for part in reversed(header.split(" / ")):
        for inside in re.findall(r"[(\[]([^()\[\]]{1,25})[)\]]", part):
            if unit := known_unit(inside.removeprefix("ĐVT:").strip()):
                return unit
        words = part.replace("(", " ").replace(")", " ").split()
        tails = [" ".join(words[-n:]) for n in (2, 1) if len(words) >= n] + words[:1]
        for text in [t for t in (part.rpartition(",")[2].strip(), *tails) if len(t) > 1]:
            unit = known_unit(text)
            if unit and dimension(unit) in _IN_HEADERS and not find_resource(text):
                return unit
    return None


@lru_cache(maxsize=4096)
def resource_in(text: str) -> Resource | None:
    """The resource a label or header names, its unit and other words set aside."""
    text = _ENUMERATION.sub("", re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text))
    for part in (text, *reversed(text.split(" / "))):
        found = find_resource(part.strip(" :-*"))
        if found:
            return found
        words = [w for w in part.split() if not known_unit(w) or len(w) < 3]
        if len(words) < len(part.split()) and words and (found := find_resource(" ".join(words))):
            return found
    return None


@lru_cache(maxsize=1024)
def saved_resource(text: str) -> Resource | None:
    """The resource of "Lượng than tiết kiệm" or "Tiết kiệm điện", the words for saving set aside."""
    words = [word for word in text.split() if fold(word) not in _SAVED]
    return resource_in(" ".join(words)) or energy_or_water_in(text)


def of_a_year(unit: str | None) -> str | None:
    """The unit of what is saved a year without "a year": "kWh/năm" is kWh."""
    return split_period(unit)[0] if unit else None


@lru_cache(maxsize=1024)
def energy_or_water_in(title: str) -> Resource | None:
    """A fuel, electricity or water named anywhere in a title ("SỔ THEO DÕI THAN NĂM 2025"), longest first."""
    words = re.findall(r"\w+", title)
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            window = " ".join(words[start : start + length])
            found = find_resource(window) if len(window) > 1 else None
            if found and found.kind in ("electricity", "water", "fuel", "heat"):
                return found
    return None


def money(amount: Decimal, unit: str) -> int | None:
    """An amount in dong, or None where the unit is no money unit ("triệu đồng" is)."""
    code = known_unit(unit)
    return (
        int(convert(amount, code, "VND").to_integral_value()) if code and dimension(code) == "money" else None
    )


@lru_cache(maxsize=512)
def cost_resource(header: str) -> str | None:
    """The resource whose cost a header gives: "Tiền điện (triệu đồng)" is that of electricity."""
    bare = re.sub(r"(?i)tiền|chi phí|giá trị|thành", " ", re.sub(r"[(\[][^()\[\]]*[)\]]", " ", header))
    found = resource_in(" ".join(bare.split())) if bare.strip() else None
    return found.code if found else None


def canonical(quantity: Decimal, unit: str, resource: str | None) -> tuple[Decimal, str]:
    """The quantity in its canonical unit; raises ``UnitError`` where the units do not go together."""
    target = _target(unit, resource)
    if target == normalise_unit(unit):
        return quantity, target
    return convert(quantity, unit, target, resource=resource), target


def _target(unit: str, code: str | None) -> str:
    if code:
        return _resource_unit(code)
    preferred = _PREFERRED.get(dimension(unit))
    while preferred is None and units()[unit].multiple_of:
        unit = units()[unit].multiple_of
    return preferred or unit


@lru_cache(maxsize=512)
def _resource_unit(code: str) -> str:
    found = next((r for r in resources() if r.code == code), None)
    if found is None:
        raise UnitError(f"unknown resource {code!r}")
    return found.unit
