"""Material and energy balances: reconcile readings, tell what is known, find the meter that is wrong."""

from __future__ import annotations

from sachhon.science.balance.linear import LinearResult, Suspect, Suspects, prepare, reconcile_linear
from sachhon.science.balance.network import ContradictionError

__all__ = ["ContradictionError", "LinearResult", "Suspect", "Suspects", "prepare", "reconcile_linear"]
