"""Draws communes as symbols: points on a plane, circles sized by what is counted or saved. No tiles, no boundaries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.apps.registry.models import Area

WIDTH, HEIGHT, MARGIN = 760, 620, 46
SMALLEST, LARGEST = 3.0, 26.0
COUNT_FROM = 8.0  # radius from which the count has room inside the circle
LETTER, LINE = 6.2, 13.0  # width of a letter and height of a line of the names
LEVEL_WORDS = ("Xã ", "Phường ", "Thị trấn ")  # what names begin with; on the map it only takes room

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """One commune: how large its circle is, what is written in it and told of it, and how it looks."""

    area: Area
    size: float
    count: str  # the figure as it is printed
    title: str = ""  # what is told of it; the figure where nothing is given
    look: str = "map-has"  # a class of map.css


@dataclass(frozen=True)
class Symbol:
    """One commune on the drawing, in its user units."""

    place: Place
    x: float
    y: float
    radius: float
    named: bool  # whether its figure is written into it
    label: (
        tuple[float, float, str] | None
    )  # where its name begins: x, y, text-anchor; None where there is no room

    @property
    def look(self) -> str:
        return self.place.look if self.place.size else "map-none"


@dataclass(frozen=True)
class MapDrawing:
    """Everything the template draws."""

    width: int
    height: int
    symbols: tuple[Symbol, ...]
    scale_km: int
    scale_length: float


def project(places: Sequence[Place], names: int = 14) -> MapDrawing:
    """Places on an equirectangular plane true at their mean latitude; the area of a circle is in proportion to
    the size. The `names` largest bear their name. Places without a point are left out (the table has them).
    """
    known = [p for p in places if p.area.latitude is not None and p.area.longitude is not None]
    if not known:
        return MapDrawing(WIDTH, HEIGHT, (), 10, 0.0)
    latitudes = [p.area.latitude for p in known]
    longitudes = [p.area.longitude for p in known]
    shrink = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    span_x = (max(longitudes) - min(longitudes)) * shrink or 0.1
    span_y = max(latitudes) - min(latitudes) or 0.1
    scale = min((WIDTH - 2 * MARGIN) / span_x, (HEIGHT - 2 * MARGIN) / span_y)
    left = (WIDTH - span_x * scale) / 2
    top = (HEIGHT - span_y * scale) / 2
    most = max((p.size for p in known), default=0) or 1
    ranked = sorted(known, key=lambda p: -p.size)
    named = {id(p) for p in ranked[:names] if p.size}
    circles = [
        (
            round(left + (p.area.longitude - min(longitudes)) * shrink * scale, 1),
            round(top + (max(latitudes) - p.area.latitude) * scale, 1),
            round(LARGEST * math.sqrt(p.size / most), 1) if p.size else SMALLEST,
        )
        for p in ranked
    ]
    taken = [(x - r, y - r, x + r, y + r) for (x, y, r), p in zip(circles, ranked, strict=True) if p.size]
    symbols = tuple(
        Symbol(
            p,
            x,
            y,
            r,
            p.size > 0 and r >= max(COUNT_FROM, len(p.count) * LETTER / 2),
            _label(p, x, y, r, taken) if id(p) in named else None,
        )
        for (x, y, r), p in zip(circles, ranked, strict=True)
    )
    km = 111.32  # one degree of latitude
    return MapDrawing(WIDTH, HEIGHT, symbols, 20, round(20 / km * scale, 1))


def short_name(name: str) -> str:
    """ "Xã Hữu Lũng" → "Hữu Lũng"."""
    for word in LEVEL_WORDS:
        name = name.removeprefix(word)
    return name


def _label(place: Place, x: float, y: float, r: float, taken: list[Box]) -> tuple[float, float, str] | None:
    """Below, above, right or left of the circle, the first that meets no circle and no name; it is then taken."""
    width = len(short_name(place.area.name)) * LETTER
    for at_x, at_y, anchor in (
        (x, y + r + LINE - 2, "middle"),
        (x, y - r - 4, "middle"),
        (x + r + 4, y + 4, "start"),
        (x - r - 4, y + 4, "end"),
    ):
        begin = at_x - {"middle": width / 2, "start": 0.0, "end": width}[anchor]
        box = (begin, at_y - LINE + 3, begin + width, at_y + 3)
        inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return round(at_x, 1), round(at_y, 1), anchor
    return None


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
