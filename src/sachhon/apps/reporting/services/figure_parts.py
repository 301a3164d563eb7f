"""Words, terms, facts and records of a figure, in the shape that `registry.Figure` keeps."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from sachhon.apps.registry.models import Resource
from sachhon.apps.reporting.models import AnnualReport
from sachhon.reference.facts import Fact
from sachhon.reference.units import UnitError, unit_label

IDS_KEPT = 300
FILE = Path(__file__).resolve().parent.parent / "data" / "figures.csv"


def term(symbol: str, key: str, words: dict, value, unit: str) -> dict:
    """One line of the formula: symbol, words, value and unit."""
    number = None if value is None else f"{Decimal(str(value)):.9g}"
    return {
        "symbol": symbol,
        "label_vi": text(key, "vi", **words),
        "label_en": text(key, "en", **words),
        "value": None if number is None else f"{Decimal(number):f}",
        "unit": unit,
        "figure": None,
        "fact": None,
    }


def fact_row(fact: Fact) -> dict:
    """A reference fact as it was when the figure was computed."""
    return {
        "code": fact.full_code,
        "value": str(fact.value),
        "unit": fact.unit,
        "source": fact.source,
        "valid_from": fact.valid_from.isoformat() if fact.valid_from else None,
        "confidence": fact.confidence,
    }


def record_rows(ids: list[int], report: AnnualReport, years: list[int], resource: Resource | None) -> dict:
    """The records behind a figure: how many, the first few hundred, and how to find all."""
    query = {"facility": report.facility.code, "years": sorted(set(years))}
    if resource is not None:
        query["resource"] = resource.code
    return {"count": len(ids), "ids": ids[:IDS_KEPT], "query": query}


def text(key: str, lang: str, **words) -> str:
    """Words of data/figures.csv with names and years put in."""
    named = {k: resource_name(v, lang) if isinstance(v, Resource) else v for k, v in words.items()}
    return _words()[key][lang].format(**named)[:255]


def resource_name(resource: Resource, lang: str) -> str:
    """The name in one language, whatever the page speaks."""
    return (resource.name_en if lang == "en" else "") or resource.name_vi


def unit_text(unit: str) -> str:
    """The symbol of a unit; what is no unit stays as it is."""
    try:
        return unit_label(unit)
    except UnitError:
        return unit


def nine(value) -> Decimal:
    """A value as the column keeps it."""
    return Decimal(str(value)).quantize(Decimal("0.000000001"))


@cache
def _words() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
