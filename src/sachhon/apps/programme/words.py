"""The programme's words that are data: why a facility is judged so, how a target's figure is explained."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def reason(entry: dict, lang: str) -> str:
    """An entry of `FacilityStanding.evidence` in words."""
    return say("reasons", entry.get("reason", "no_report"), lang, **entry.get("params", {}))


def say(file: str, code: str, lang: str, **params) -> str:
    """The text of that code in vi or en, with its params put in."""
    return _table(file)[code]["en" if lang == "en" else "vi"].format(**params)


@cache
def _table(file: str) -> dict[str, dict[str, str]]:
    with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
