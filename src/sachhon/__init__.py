"""Sạch Hơn: a province's cleaner production programme, from the meter reading to the official report."""

__version__ = "0.1.0"
