"""What each trade makes and uses, read from data/recipes.csv; totals of the province from data/totals.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Ingredient:
    """One product, input, waste or emission of a trade.

    For products ``value`` is the yearly output per employee (main product) or the ratio to the main product;
    for the rest the quantity per weighted unit of output. ``spread`` is the log-normal spread between factories.
    """

    trade: str
    kind: str
    item: str
    unit: str
    value: float
    spread: float
    weight: float
    fixed_share: float
    price_vnd: int | None


@cache
def recipe(trade: str) -> tuple[Ingredient, ...]:
    """Everything of one trade, products first."""
    return tuple(i for i in _all() if i.trade == trade)


@cache
def yearly_totals() -> dict[str, float]:
    """Output of the main product in the whole province, by trade, where a figure was found."""
    return {row["trade"]: float(row["yearly_total"]) for row in _rows("totals.csv")}


@cache
def names(kind: str) -> tuple[str, ...]:
    """Invented words for names, and sentences factories write."""
    return tuple(row["text"] for row in _rows("names.csv") if row["kind"] == kind)


@cache
def _all() -> tuple[Ingredient, ...]:
    return tuple(
        Ingredient(
            trade=row["trade"],
            kind=row["kind"],
            item=row["item"],
            unit=row["unit"],
            value=float(row["value"]),
            spread=float(row["spread"]),
            weight=float(row["weight"] or 1),
            fixed_share=float(row["fixed_share"] or 0),
            price_vnd=int(row["price_vnd"]) if row["price_vnd"] else None,
        )
        for row in _rows("recipes.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("sachhon.demo").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
