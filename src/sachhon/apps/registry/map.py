"""Draws communes as symbols: their points on a plane, circles sized by what is counted. No tiles, no boundaries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.apps.registry.queries.places import PlaceCount

WIDTH, HEIGHT, MARGIN = 760, 620, 46
SMALLEST, LARGEST = 3.0, 26.0


@dataclass(frozen=True)
class Symbol:
    """One commune on the drawing, in its user units."""

    place: PlaceCount
    x: float
    y: float
    radius: float
    named: bool


@dataclass(frozen=True)
class MapDrawing:
    """Everything the template draws."""

    width: int
    height: int
    symbols: tuple[Symbol, ...]
    scale_km: int
    scale_length: float


def project(places: Sequence[PlaceCount], names: int = 14) -> MapDrawing:
    """Places on an equirectangular plane true at their mean latitude; the area of a circle is in proportion to
    the count. The `names` largest bear their name. Places without a point are left out (the table has them).
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
    most = max((p.facilities for p in known), default=0) or 1
    ranked = sorted(known, key=lambda p: -p.facilities)
    named = {id(p) for p in ranked[:names] if p.facilities}
    symbols = tuple(
        Symbol(
            place=p,
            x=round(left + (p.area.longitude - min(longitudes)) * shrink * scale, 1),
            y=round(top + (max(latitudes) - p.area.latitude) * scale, 1),
            radius=round(LARGEST * math.sqrt(p.facilities / most), 1) if p.facilities else SMALLEST,
            named=id(p) in named,
        )
        for p in ranked
    )
    km = 111.32  # one degree of latitude
    return MapDrawing(WIDTH, HEIGHT, symbols, 20, round(20 / km * scale, 1))
