"""The room's own settings, each a row of data/rules.csv with its source, never a number in the code."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "rules.csv"


def rule(code: str) -> float:
    """The value of a setting, such as "plausibility.peers"."""
    return float(_rows()[code]["value"])


def rule_row(code: str) -> dict[str, str]:
    """The whole row, for the page and the lineage that cite it."""
    return dict(_rows()[code])


def uncertainty_of(source: str, quality: str) -> float:
    """Relative standard uncertainty of a record, by what it was read from."""
    return rule("uncertainty.estimate" if quality == "estimated" else f"uncertainty.{source}")


@cache
def _rows() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
