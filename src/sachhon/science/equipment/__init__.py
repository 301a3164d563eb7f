"""Calculators for a factory's equipment; each returns a `Result` that can be read step by step.

`electrical`: three-phase power, power factor, motors, lighting. Import the module you need.
"""
