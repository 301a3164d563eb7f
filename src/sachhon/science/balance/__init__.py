"""Material and energy balances: reconcile readings, tell what is known, find the meter that is wrong."""

from __future__ import annotations

from sachhon.science.balance.advice import Measure, measurements_to_add
from sachhon.science.balance.batch import BatchResult, reconcile_batch
from sachhon.science.balance.bilinear import BilinearResult, reconcile_bilinear
from sachhon.science.balance.bounded import ActiveBound, BoundedResult, reconcile_bounded
from sachhon.science.balance.diagnosis import Diagnosis, GrossError
from sachhon.science.balance.disclosure import close_besides
from sachhon.science.balance.flowsheet import Factor, Flowsheet, Process, Reading, Relation, Stream, Transfer
from sachhon.science.balance.gross import Findings, diagnose, find_gross_errors
from sachhon.science.balance.linear import LinearResult, Suspect, Suspects, chance, prepare, reconcile_linear
from sachhon.science.balance.montecarlo import Draws, FlowsheetDraws, simulate
from sachhon.science.balance.network import ContradictionError
from sachhon.science.balance.settings import Settings

__all__ = [
    "ActiveBound",
    "BatchResult",
    "BilinearResult",
    "BoundedResult",
    "ContradictionError",
    "Diagnosis",
    "Draws",
    "Factor",
    "Findings",
    "Flowsheet",
    "FlowsheetDraws",
    "GrossError",
    "LinearResult",
    "Measure",
    "Process",
    "Reading",
    "Relation",
    "Settings",
    "Stream",
    "Suspect",
    "Suspects",
    "Transfer",
    "chance",
    "close_besides",
    "diagnose",
    "find_gross_errors",
    "measurements_to_add",
    "prepare",
    "reconcile_batch",
    "reconcile_bilinear",
    "reconcile_bounded",
    "reconcile_linear",
    "simulate",
]
