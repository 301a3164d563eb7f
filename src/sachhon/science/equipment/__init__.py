"""Calculators for a factory's equipment; each returns a `Result` that can be read step by step.

`electrical`: three-phase power, power factor, motors, lighting. `water`: IAPWS-IF97; `steam`: leaks, flash,
condensate; `combustion`, `gas_heat`, `boiler`: fuel, air, flue gas, losses; `surface`, `insulation`: heat to the
air; `furnace`, `waste_heat`: kilns and what leaves them; `compressed_air`, `pump_fan`;
`humid_air`, `drying`, `cooling_tower`; `exchanger`, `pinch`; `solar`, `wastewater`. `spread`: how
sure a result is; `yearly`: what it saves in a year. Each module is loaded when it is first asked for.
"""

from sachhon.science.lazy import lazily

__getattr__, __dir__ = lazily(
    __name__,
    "boiler combustion compressed_air cooling_tower drying electrical exchanger furnace gas_heat humid_air insulation "
    "pinch pump_fan solar spread steam surface waste_heat wastewater water yearly",
)
