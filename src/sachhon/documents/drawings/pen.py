"""The strokes all drawings share: escaped text in lines, colours told apart in grey, one frame with its words."""

from __future__ import annotations

from html import escape

from sachhon.documents.charts.look import wrap
from sachhon.documents.texts import clean

INK, PAPER, SOFT = "#1b2a33", "#ffffff", "#4b5b64"
COLOURS = {
    "material": "#0072B2",
    "energy": "#B36B00",
    "water": "#2A8FBD",
    "waste": "#A5301D",
    "product": "#0b6e4f",
    "loss": "#A5301D",
    "system": "#7A5C99",
    "waste_management": "#6B4B3A",
    "stock": "#4b5b64",
}
FONT = "Be Vietnam Pro, Tinos, sans-serif"


def colour(kind: str) -> str:
    return COLOURS.get(kind, SOFT)


def frame(code: str, title: str, description: str, width: float, height: float, body: str) -> str:
    """The whole picture, with the words a reader who cannot see it gets."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-labelledby="{escape(code)}-title {escape(code)}-desc" '
        f'font-family="{FONT}" font-size="12" fill="{INK}">'
        f'<title id="{escape(code)}-title">{escape(clean(title))}</title>'
        f'<desc id="{escape(code)}-desc">{escape(clean(description))}</desc>'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{body}</svg>'
    )


def lines(
    text: str,
    x: float,
    y: float,
    width: int,
    *,
    anchor: str = "middle",
    size: float = 12,
    most: int = 3,
    fill: str = INK,
    bold: bool = False,
    middle: bool = True,
    halo: bool = False,
) -> str:
    """Text of at most `most` lines of `width` characters; around y where `middle`, else from y down; with a `halo` of
    paper around it, to be read where it crosses something.
    """
    rows = wrap(text, width).split("\n") if text else []
    if len(rows) > most:
        rows = [*rows[: most - 1], rows[most - 1] + " …"]
    step = size * 1.25
    top = y - step * (len(rows) - 1) / 2 + size * 0.35 if middle else y + size * 0.8
    weight = ' font-weight="700"' if bold else ""
    if halo:
        weight += f' stroke="{PAPER}" stroke-width="3" stroke-opacity="0.75"'
        weight += ' paint-order="stroke" stroke-linejoin="round"'
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + k * step:.1f}">{escape(row)}</tspan>' for k, row in enumerate(rows)
    )
    return f'<text text-anchor="{anchor}" font-size="{size:g}" fill="{fill}"{weight}>{spans}</text>'


def marker(name: str, fill: str) -> str:
    """The head of an arrow."""
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{fill}"/></marker>'
    )
