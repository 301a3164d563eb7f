"""How charts look, and drawing them: palette, type, number format, SVG and PNG.

Colours are the Okabe–Ito set, ordered so that neighbours also differ in grey; nothing is told by colour
alone (labels stand on the bars, lines differ in dash and point).
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from html import escape
from typing import Any, Literal

import altair as alt
import vl_convert
from altair.utils import schemapi

from sachhon.documents.layout import FONTS
from sachhon.documents.shapes import ChartSpec, Lang
from sachhon.documents.texts import clean

# Checking every part of a spec as it is put together takes longer than drawing it; see `to_spec`.
schemapi.disable_debug_mode()

Look = Literal["document", "page"]

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, YELLOW, BLACK = OKABE_ITO
INK = "#1b2a33"
PALE = "#E6EAEC"
GRID = "#D5DBDE"
STACK = (BLUE, YELLOW, SKY, VERMILLION, ORANGE, GREEN, PINK, BLACK)
"""For parts lying side by side: each differs from the next in grey too."""
NUMBER = ",.3~f"
"""Axis numbers: grouped, at most three digits after the comma, never 5e+4."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [4, 1])

NAMES, PLOT, SIDE = 190, 220, 210
NARROW = 320  # of a panel that has a phone for itself
"""Pixels for names, bars and the words beside the bars; together as wide as the text of a page."""

# The whole picture has its words; roles of its parts would only be read as nameless ones.
_PART_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_FONT = {"document": "Tinos", "page": "Be Vietnam Pro"}
_SIZE = {"document": 13, "page": 11}
"""Be Vietnam Pro runs wider than Tinos, so that a smaller size fills the same room."""
THEMED = "is-themed"
"""Class of a drawing that takes the colours of the page around it."""
# Presentation attributes take what a style sheet would: `--line` is the page's own token.
_OF_PAGE = {INK: "currentColor", BLACK: "currentColor", GRID: "var(--line)", PALE: "var(--line)"}
_NUMBER = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₫", ""]},
}


def to_spec(chart: Any, lang: Lang) -> dict[str, Any]:
    """The Vega-Lite spec of an Altair chart, with the number format of the language in it.

    Checking a spec takes longer than drawing it, so the tests do that, once for each kind of chart.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = spec.get("config", {}) | {"locale": {"number": _NUMBER[lang]}}
    return spec


def to_svg(chart: ChartSpec, look: Look = "document") -> str:
    """SVG with a title and a description, to stand in a page or a document.

    In a page ink and grid take the colours of the page around them, so that a chart is at home in the dark too.
    """
    _register_fonts()
    if chart.svg:
        return chart.svg
    start, body = _drawn(json.dumps(chart.spec, sort_keys=True), look).split(">", 1)
    body = _PART_ROLES.sub("", body)
    head = f' role="img" aria-labelledby="{chart.code}-title {chart.code}-desc">'
    words = (
        f'<title id="{chart.code}-title">{escape(clean(chart.title))}</title>'
        f'<desc id="{chart.code}-desc">{escape(clean(chart.description))}</desc>'
    )
    return start + head + words + body


@lru_cache(maxsize=256)
def _drawn(spec: str, look: Look) -> str:
    """The bare drawing. A page is asked for more often than its figures change, and drawing takes half a second."""
    svg = vl_convert.vegalite_to_svg(json.loads(spec), config=_config(look))
    if look == "page":
        svg = svg.replace('class="marks"', f'class="marks {THEMED}"', 1)
        for colour, of_page in _OF_PAGE.items():
            svg = re.sub(f'"{colour}"', f'"{of_page}"', svg, flags=re.IGNORECASE)
    return svg


def either(channel: Any, test: str, yes: Any, no: Any) -> Any:
    """A fixed value where `test` (a Vega expression) holds, else another: `either(alt.ColorValue, "datum.x", …)`."""
    return channel(no, condition={"test": test, "value": yes})


def to_png(chart: ChartSpec, scale: float = 3.0, look: Look = "document") -> bytes:
    """PNG for Word; a scale of 3 prints at some 300 dots per inch across a page."""
    _register_fonts()
    if chart.svg:
        return vl_convert.svg_to_png(chart.svg, scale=scale / 2)
    return vl_convert.vegalite_to_png(dict(chart.spec), scale=scale, config=_config(look))


def wrapped_axis(width: int, **kwargs: Any) -> alt.Axis:
    """Axis of long names: labels hold line breaks ("\\n"), set flush right in `width` pixels."""
    return alt.Axis(
        title=None,
        labelExpr="split(datum.label, '\\n')",
        labelLimit=width,
        labelOffset=_middle_of_lines(),
        minExtent=width,
        maxExtent=width,
        domain=False,
        ticks=False,
        labelPadding=6,
        **kwargs,
    )


def _middle_of_lines() -> Any:
    """Labels of two and three lines stand in the middle of their bar, as those of one line do."""
    lines = "length(split(datum.label, '\\n'))"
    return {
        "condition": [{"test": f"{lines} == 2", "value": -8}, {"test": f"{lines} > 2", "value": -16}],
        "value": 0,
    }


def wrap(text: str, width: int) -> str:
    """Lines of at most `width` characters, broken at spaces, as even as can be."""
    words = clean(text).split()
    lines = [""]
    count = -(-len(" ".join(words)) // width)
    even = max(len(" ".join(words)) // max(count, 1) + 4, *(len(w) for w in words), 1)
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > min(even, width):
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _config(look: Look) -> dict[str, Any]:
    size = _SIZE[look]
    text = {"labelFontSize": size, "titleFontSize": size, "labelColor": INK, "titleColor": INK}
    return {
        "aria": False,
        "font": _FONT[look],
        "background": "white" if look == "document" else None,
        "view": {"stroke": None},
        "axis": text | {"gridColor": GRID, "domainColor": INK, "tickColor": INK, "titleFontWeight": "normal"},
        "header": text,
        "legend": text | {"titleFontWeight": "normal"},
        "text": {"fontSize": size, "color": INK},
        "title": {"fontSize": size + 1, "subtitleFontSize": size - 1.5, "color": INK, "subtitleColor": INK}
        | {"fontWeight": "bold", "anchor": "start"},
    }
