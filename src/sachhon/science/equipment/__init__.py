"""Calculators for a factory's equipment; each returns a `Result` that can be read step by step.

`electrical`: three-phase power, power factor, motors, lighting. `water`: IAPWS-IF97; `steam`: leaks, flash,
condensate; `combustion`, `gas_heat`, `boiler`: fuel, air, flue gas, losses; `surface`, `insulation`: heat to the
air; `furnace`, `waste_heat`: kilns and what leaves them; `compressed_air`, `pump_fan`;
`humid_air`, `drying`, `cooling_tower`; `exchanger`, `pinch`; `solar`, `wastewater`. `spread`: how
sure a result is; `yearly`: what it saves in a year. Import the module you need.
"""
