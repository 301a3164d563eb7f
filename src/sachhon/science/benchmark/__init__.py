"""A factory among its like: the frontier of the best, and what reaching it would save."""

from sachhon.science.benchmark.bootstrap import Corrected
from sachhon.science.benchmark.dea import Efficiency, dea

__all__ = ["Corrected", "Efficiency", "dea"]
