"""A factory among its like: quantiles, position, peers, frontier, and what best practice would save."""

from __future__ import annotations

from sachhon.science.benchmark.dea import Envelopment, dea

__all__ = ["Envelopment", "dea"]
