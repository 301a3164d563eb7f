"""Insulation of walls and pipes: heat that gets through, and how hot it is outside.

    wall   q = (t_i − t_a) / (1/h_i + Σ s/k + 1/h_o)                                    W/m²
    pipe   q = (t_i − t_a) / (1/(π D_i h_i) + Σ ln(D_o/D_i)/(2π k) + 1/(π D_o h_o))     W/m

The outer coefficient h_o is given, or found with the surface temperature so that what is conducted is what
the surface gives off (`surface.flux`). A conductivity that changes with temperature is a function of the
layer's mean temperature in °C. Sources: ISO 12241:2008, 4.1 and 4.2 (resistances, surface temperature);
ASTM C680-14 (surface). Not here: bridges by supports and flanges (ISO 12241 annex A: 5 to 25 % more), wet
insulation, ground.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sachhon.science.equipment import surface
from sachhon.science.equipment.sheet import Result, Sheet, positive
from sachhon.science.uncertainty import ScienceError

_ISO = "ISO 12241:2008, 4.1"
_ROUNDS = 60


@dataclass(frozen=True)
class Layer:
    """One layer, from the hot side outwards: thickness and conductivity, a number or f(mean °C)."""

    thickness_mm: float
    conductivity_w_mk: float | Callable[[float], float]

    def at(self, mean_c: float) -> float:
        """Conductivity at a mean temperature."""
        k = self.conductivity_w_mk(mean_c) if callable(self.conductivity_w_mk) else self.conductivity_w_mk
        positive(conductivity_w_mk=k)
        return k


@dataclass(frozen=True)
class _Outside:
    """The outer face: of that area (per metre of pipe), giving off heat by a coefficient or by correlation."""

    area_m2: float
    size_m: float
    shape: str
    emissivity: float | None
    wind_m_s: float
    coefficient: float | None

    def __post_init__(self) -> None:
        if (self.emissivity is None) == (self.coefficient is None):
            raise ScienceError(
                "give the emissivity of the surface, or the coefficient outside_w_m2k.",
                "hãy cho độ phát xạ (emissivity) của bề mặt, hoặc hệ số outside_w_m2k.",
            )
        if self.coefficient is not None:
            positive(outside_w_m2k=self.coefficient)

    def flux(self, surface_c: float, air_c: float) -> Result:
        """What `surface.flux` says of it."""
        return surface.flux(surface_c, air_c, self.emissivity or 0.0, self.shape, self.size_m, self.wind_m_s)

    def gives_off(self, surface_c: float, air_c: float) -> float:
        """Heat in W, or W a metre."""
        if self.coefficient is not None:
            return self.area_m2 * self.coefficient * (surface_c - air_c)
        return self.area_m2 * self.flux(surface_c, air_c)["flux_w_m2"]


def wall(
    layers: Sequence[Layer],
    inside_c: float,
    air_c: float,
    *,
    height_m: float = 2.0,
    emissivity: float | None = None,
    wind_m_s: float = 0.0,
    inside_w_m2k: float | None = None,
    outside_w_m2k: float | None = None,
    shape: str = "wall",
) -> Result:
    """Heat through a flat wall of layers, and its surface temperature.

    inside_c : the wall's inner face, or with inside_w_m2k the medium inside.
    outside_w_m2k, or emissivity (with height_m, wind_m_s, shape) to have it from `surface.flux`.
    Steps: flux_w_m2, surface_c, coefficient_w_m2k, and between the layers between_1_c, between_2_c ….
    """
    outside = _Outside(1.0, height_m, shape, emissivity, wind_m_s, outside_w_m2k)
    films = [layer.thickness_mm / 1e3 for layer in layers]
    found = _Conduction(layers, films, _film(1.0, inside_w_m2k), inside_c)
    return _sheet("wall", "flux_w_m2", "W/m²", found, outside, air_c)


def pipe(
    diameter_mm: float,
    layers: Sequence[Layer],
    inside_c: float,
    air_c: float,
    *,
    emissivity: float | None = None,
    wind_m_s: float = 0.0,
    inside_w_m2k: float | None = None,
    outside_w_m2k: float | None = None,
) -> Result:
    """Heat through a metre of horizontal pipe with layers around it, and its surface temperature.

    diameter_mm : where the first layer begins (the outer diameter of a steel pipe; its wall hardly counts).
    No layers: a bare pipe. Steps: loss_w_m, surface_c, coefficient_w_m2k, between_1_c ….
    """
    positive(diameter_mm=diameter_mm)
    edges = [diameter_mm / 1e3]
    for layer in layers:
        edges.append(edges[-1] + 2 * layer.thickness_mm / 1e3)
    outside = _Outside(math.pi * edges[-1], edges[-1], "pipe", emissivity, wind_m_s, outside_w_m2k)
    films = [math.log(outer / inner) / (2 * math.pi) for inner, outer in pairwise(edges)]
    found = _Conduction(layers, films, _film(math.pi * edges[0], inside_w_m2k), inside_c)
    return _sheet("pipe", "loss_w_m", "W/m", found, outside, air_c)


def _film(area_m2: float, coefficient: float | None) -> float:
    if coefficient is None:
        return 0.0
    positive(inside_w_m2k=coefficient)
    return 1 / (area_m2 * coefficient)


@dataclass(frozen=True)
class _Conduction:
    """The layers between the hot side and the outer face: each has the resistance films[i] / k."""

    layers: Sequence[Layer]
    films: Sequence[float]
    inner_film: float
    inside_c: float

    def __post_init__(self) -> None:
        positive(**{f"thickness_mm_{i}": layer.thickness_mm for i, layer in enumerate(self.layers, 1)})

    @property
    def bare(self) -> bool:
        return not self.layers and not self.inner_film

    def to(self, surface_c: float) -> tuple[float, list[float]]:
        """Heat to an outer face of that temperature, and the faces from the first layer's inner one outwards."""
        means = [(self.inside_c + surface_c) / 2] * len(self.layers)
        flow, faces = 0.0, [self.inside_c]
        for _ in range(_ROUNDS):
            own = [f / layer.at(t) for f, layer, t in zip(self.films, self.layers, means, strict=True)]
            flow = (self.inside_c - surface_c) / (self.inner_film + sum(own))
            faces = [self.inside_c - flow * self.inner_film]
            for resistance in own:
                faces.append(faces[-1] - flow * resistance)
            new = [(a + b) / 2 for a, b in pairwise(faces)]
            if all(abs(a - b) < 1e-9 for a, b in zip(new, means, strict=True)):
                break
            means = new
        return flow, faces


def _sheet(name: str, heat: str, unit: str, inner: _Conduction, outside: _Outside, air_c: float) -> Result:
    face = inner.inside_c if inner.bare else _balanced(inner, outside, air_c)
    flow = outside.gives_off(face, air_c) if inner.bare else inner.to(face)[0]
    sheet = Sheet(name, _ISO if outside.emissivity is None else f"{_ISO}; ASTM C680-14")
    sheet.step(heat, "(t_i − t_a) / Σ R", flow, unit)
    sheet.step("surface_c", "conducted = given off", face, "°C")
    coefficient = outside.coefficient or outside.flux(face, air_c)["coefficient_w_m2k"]
    sheet.step("coefficient_w_m2k", "q / A (t_s − t_a)", coefficient, "W/(m² K)")
    for i, between in enumerate([] if inner.bare else inner.to(face)[1][1:-1], 1):
        sheet.step(f"between_{i}_c", "t − q R", between, "°C")
    if outside.emissivity is not None:
        for limit in outside.flux(face, air_c).ranges:
            sheet.within(limit.quantity, limit.value, limit.low, limit.high, limit.unit, limit.source)
    return sheet.result()


def _balanced(inner: _Conduction, outside: _Outside, air_c: float) -> float:
    """The temperature of the outer face at which what is conducted to it is what it gives off, by halving."""
    low, high = sorted((inner.inside_c, air_c))
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if inner.to(middle)[0] > outside.gives_off(middle, air_c):
            low = middle
        else:
            high = middle
    return (low + high) / 2
