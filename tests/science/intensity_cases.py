"""The published cases of the intensity modules, read once."""

from __future__ import annotations

import json
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases" / "intensity"


def case(name: str) -> dict:
    """A case file of tests/cases/intensity by its name without the ending."""
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
