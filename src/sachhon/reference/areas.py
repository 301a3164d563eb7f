"""Provinces, districts and communes with their validity and what became of them.

Codes are used again over time (06037 was Trung Thành, and is Kháng Chiến since July 2025), so an area is
identified by its key, code and first year: "06037@2025".  Points are for symbols on a map, not boundaries.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from .facts import Fact, FactNotFound, facts, rows


@dataclass(frozen=True)
class Area:
    """A province, district or commune while it was in being; `parent` is the code of the next level up."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    province_code: str
    valid_from: date
    valid_to: date | None
    lat: float | None
    lon: float | None
    confidence: str

    @property
    def key(self) -> str:
        return f"{self.code}@{self.valid_from.year}"

    @property
    def parent_key(self) -> str | None:
        """The key of the area this one lies in; None for a province."""
        last = self.valid_to or date.max
        return area(self.parent, last).key if self.parent else None

    @property
    def successor_keys(self) -> tuple[str, ...]:
        """The keys of the areas that took over, the main one first; () while it is in being."""
        return _successors().get(self.key, ())

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def all_areas() -> tuple[Area, ...]:
    """Return every area of every time."""
    return tuple(_by_key().values())


@cache
def areas(on: date) -> tuple[Area, ...]:
    """Return the areas in being on that day: provinces, then districts, then communes."""
    return tuple(a for a in _by_key().values() if a.holds(on))


def area(code: str, on: date | None = None) -> Area:
    """Return the area of that key ("06037@2025"), or of that code on that day."""
    if code in _by_key():
        return _by_key()[code]
    versions = [a for a in _by_key().values() if a.code == code]
    for version in versions:
        if version.holds(on or date.max):
            return version
    raise FactNotFound(f"areas.{code}", on, _nearest(code))


def province(code: str, on: date | None = None) -> Area:
    """Return the province of that code, as it is now or was on that day."""
    found = area(code, on)
    if found.level != "province":
        raise FactNotFound(f"areas.{code}", on)
    return found


def successors(code: str) -> tuple[str, ...]:
    """Return the keys of the areas that took over from an ended one, the main one first; () for a living one.

    A bare code means its last ended version, where there is one.
    """
    return _successors().get(_ended_key(code), ())


def successor(code: str, on: date) -> Area:
    """Return the area that stands on that day for an older one: itself, or the main one that took it over."""
    found = _by_key().get(code) or _by_key().get(_ended_key(code)) or area(code, on)
    while not found.holds(on):
        heirs = _successors().get(found.key, ())
        if not heirs:
            raise FactNotFound(f"areas.{code}", on, _nearest(found.code))
        found = _by_key()[heirs[0]]
    return found


@cache
def _by_key() -> dict[str, Area]:
    found = [_to_area(f) for f in facts("areas")]
    order = {"province": 0, "district": 1, "commune": 2}
    found.sort(key=lambda a: (order[a.level], a.code, a.valid_from))
    return {a.key: a for a in found}


@cache
def _successors() -> dict[str, tuple[str, ...]]:
    links: dict[str, list[tuple[bool, str]]] = {}
    for row in rows("area_successors"):
        links.setdefault(row["area"], []).append((row["is_default"] != "1", row["successor"]))
    return {key: tuple(k for _, k in sorted(heirs)) for key, heirs in links.items()}


def _ended_key(code: str) -> str:
    if "@" in code:
        return code
    ended = [a for a in _by_key().values() if a.code == code and a.valid_to]
    return ended[-1].key if ended else code


def _nearest(code: str) -> Fact | None:
    versions = [f for f in facts("areas") if f.code == code.partition("@")[0]]
    return versions[-1] if versions else None


def _to_area(f: Fact) -> Area:
    x = f.extra
    return Area(
        code=f.code,
        name=f.name_vi,
        name_en=f.name_en,
        level=x["level"],
        parent=x["parent"],
        province_code=x["province_code"],
        valid_from=f.valid_from or date.min,
        valid_to=f.valid_to,
        lat=float(x["lat"]) if x["lat"] else None,
        lon=float(x["lon"]) if x["lon"] else None,
        confidence=f.confidence,
    )
