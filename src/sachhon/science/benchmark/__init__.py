"""A factory among its like, and what the best would save.

groups, position   quantiles by sector and size, where a factory stands in them, with intervals
adjusted           peers of the same output, mix and weather, by regression: a score from 0 to 100
dea, bootstrap     the frontier of several inputs and outputs, its slacks and peers, corrected for bias
potential          saving at best practice, published or the peers' own
disclosure         which figures of groups may be shown
"""

from sachhon.science.benchmark.adjusted import Comparison, PeerModel, peer_model
from sachhon.science.benchmark.bootstrap import Corrected
from sachhon.science.benchmark.dea import Efficiency, dea
from sachhon.science.benchmark.disclosure import Rules, Withheld, withhold
from sachhon.science.benchmark.groups import Group, Peers, Standing, peers
from sachhon.science.benchmark.position import Position, position
from sachhon.science.benchmark.potential import Potential, saving_potential
from sachhon.science.benchmark.quantile import Quantile, harrell_davis, quantile

__all__ = [
    "Comparison",
    "Corrected",
    "Efficiency",
    "Group",
    "PeerModel",
    "Peers",
    "Position",
    "Potential",
    "Quantile",
    "Rules",
    "Standing",
    "Withheld",
    "dea",
    "harrell_davis",
    "peer_model",
    "peers",
    "position",
    "quantile",
    "saving_potential",
    "withhold",
]
