"""How wide the columns of a printed table are, and how tall: no word of a head, no number and no date is ever broken.

Measured with the document's own type at the size tables are set in, so Word and PDF agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from pathlib import Path

from PIL import ImageFont

from sachhon.documents.numbers import format_cell
from sachhon.documents.shapes import Cell, Column, Lang, Table
from sachhon.documents.texts import clean

FONTS = Path(__file__).parent / "fonts"
PORTRAIT_MM, LANDSCAPE_MM = 165.0, 252.0
"""Width of the text on an upright and a lying A4 page."""
KEEP_WHOLE, KEEP_LINES = 9, 16
"""A table of at most so many rows, in so many lines of type (a quarter of a page), is kept on one page."""
PHOTOS_A_ROW = 3
SMALL_PT, SMALL_INK = 7, "555555"
"""Type of the codes behind footnotes: for who looks a figure up, not for who reads."""

_POINT_MM = 25.4 / 72
_TABLE_POINTS = 11
_PADDING_MM = 2.8
_LONGEST_MM = 45.0
_SCALE = 100


def head_text(column: Column) -> str:
    """Title of a column with its unit: "Điện (kWh)"."""
    title = clean(column.title)
    return f"{title} ({column.unit})" if column.unit else title


def column_widths(table: Table, width_mm: float, lang: Lang) -> list[float]:
    """Widths in mm that fill `width_mm`: by the columns' weights, but never under their longest word."""
    least = [_least(table, index, lang) for index in range(len(table.columns))]
    if sum(least) >= width_mm:
        return [width * width_mm / sum(least) for width in least]
    widths = [0.0] * len(least)
    free = set(range(len(least)))
    room = width_mm
    while free:
        weight = sum(table.columns[i].width for i in free)
        tight = {i for i in free if room * table.columns[i].width / weight < least[i]}
        if not tight:
            for i in free:
                widths[i] = room * table.columns[i].width / weight
            break
        for i in tight:
            widths[i] = least[i]
        room -= sum(least[i] for i in tight)
        free -= tight
    return widths


def _least(table: Table, index: int, lang: Lang) -> float:
    column = table.columns[index]
    words = set(head_text(column).split())
    for line in (*table.rows, *([table.total] if table.total is not None else [])):
        text = clean(format_cell(line[index], column, lang))
        words.update([text] if column.kind == "date" else text.split())
    return min(max((_width(word) for word in words), default=0.0), _LONGEST_MM) + _PADDING_MM


def kept_whole(table: Table, widths_mm: list[float], lang: Lang) -> bool:
    """Whether all of the table goes on one page.

    Few rows of long texts are tall: kept together they would leave their caption alone on the page before.
    """
    if len(table.rows) + (table.total is not None) > KEEP_WHOLE:
        return False
    return sum(_lines(row, table, widths_mm, lang) for row in table.rows) <= KEEP_LINES


def _lines(row: Sequence[Cell], table: Table, widths_mm: list[float], lang: Lang) -> int:
    """Lines of type of the row's tallest cell."""
    texts = (
        clean(format_cell(value, column, lang)) for value, column in zip(row, table.columns, strict=True)
    )
    return max(
        ceil(_width(text) / (width - _PADDING_MM)) or 1 for text, width in zip(texts, widths_mm, strict=True)
    )


@lru_cache(maxsize=20_000)
def _width(word: str) -> float:
    """Width of a word or a line in bold at the size of tables, in mm."""
    return _bold().getlength(word) / _SCALE * _TABLE_POINTS * _POINT_MM


@lru_cache(maxsize=1)
def _bold() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "Tinos-Bold.ttf"), _SCALE)
