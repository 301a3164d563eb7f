"""The programme's words that are data: why a facility is judged so, how a target's figure is explained."""

import csv
import datetime
from functools import cache
from pathlib import Path

from sachhon.reference import Area, Target, all_areas, fact

DATA = Path(__file__).parent / "data"


def reason(entry: dict, lang: str) -> str:
    """An entry of `FacilityStanding.evidence` in words."""
    return say("reasons", entry.get("reason", "no_report"), lang, **entry.get("params", {}))


def denominator_text(target: Target, year: int, lang: str) -> str:
    """Who is counted by a target, with the sizes it names."""
    rule = fact(f"denominator_rules.{target.denominator_rule}", datetime.date(year, 12, 31)).name(lang)
    if not target.scope_sizes:
        return rule
    sizes = ", ".join(say("figures", f"size.{size}", lang) for size in target.scope_sizes)
    return say("figures", "denominator.sizes", lang, rule=rule, sizes=sizes)


def province_area(code: str) -> Area:
    """The province of that code as it is now; of one that ended, as it last was."""
    versions = [a for a in all_areas() if a.code == code and a.level == "province"]
    return max(versions, key=lambda a: a.valid_from)


def say(file: str, code: str, lang: str, **params) -> str:
    """The text of that code in vi or en, with its params put in."""
    return _table(file)[code]["en" if lang == "en" else "vi"].format(**params)


@cache
def _table(file: str) -> dict[str, dict[str, str]]:
    with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
