"""A factory among its peers: data envelopment analysis."""

from sachhon.science.benchmark.envelopment import Efficiency, dea

__all__ = ["Efficiency", "dea"]
