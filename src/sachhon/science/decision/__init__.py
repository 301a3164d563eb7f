"""Which of several technologies: figures side by side, hard limits, weights, and how sure the order is.

    table           Table, Criterion, Out (what rules an alternative out)
    ranking         rank, Ranking, Settings (weighted sum)
    stability       Room (how far a weight may move before the first place changes, exactly)
    acceptability   Acceptability (the ranks over all weights, SMAA)

For a few alternatives that exclude each other. Which of many options to carry out together is `science.portfolio`.
"""

from sachhon.science.decision.acceptability import Acceptability, acceptability
from sachhon.science.decision.ranking import Ranking, Settings, rank
from sachhon.science.decision.stability import Room, rooms
from sachhon.science.decision.table import Criterion, Out, Table, normalise
from sachhon.science.decision.topsis import closeness

__all__ = [
    "Acceptability",
    "Criterion",
    "Out",
    "Ranking",
    "Room",
    "Settings",
    "Table",
    "acceptability",
    "closeness",
    "normalise",
    "rank",
    "rooms",
]
