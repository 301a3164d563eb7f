"""The look of the form: colours, fonts and number formats, made once a workbook and asked for by name."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK = "#1b2a33"
ACCENT = "#0b6e4f"
BAND = "#dcebe4"
INPUT = "#e8f5ee"
QUIET = "#f1f3f2"
LINE = "#bfd3c9"
GREY = "#5f6f76"
AMBER = "#8a5a00"
AMBER_BAND = "#fff3d6"

FONT = "Arial"
"""Every office program has it or a face of the same widths, with all Vietnamese letters."""

QUANTITY = "#,##0.####"
WHOLE = "#,##0"
DATE = "dd/mm/yyyy"

_BOXED = {"border": 1, "border_color": LINE}
_ENTRY = {"bg_color": INPUT, "locked": False, "valign": "vcenter", **_BOXED}

_FIELD = {"align": "left", "indent": 1, **_ENTRY}

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#ffffff", "bg_color": ACCENT, "indent": 1},
    "title.right": {"font_size": 11, "font_color": "#ffffff", "bg_color": ACCENT, "align": "right"},
    "strip": {"font_color": GREY, "indent": 1},
    "demo": {"bold": True, "font_color": AMBER, "bg_color": AMBER_BAND, "indent": 1},
    "section": {"bold": True, "font_color": ACCENT, "bg_color": BAND, "indent": 1},
    "label": {"indent": 1, "bottom": 1, "bottom_color": LINE},
    "hint": {"italic": True, "font_color": GREY, "font_size": 9, "indent": 1},
    "head": {
        "bold": True,
        "font_size": 9,
        "font_color": "#ffffff",
        "bg_color": ACCENT,
        "align": "center",
        "text_wrap": True,
        "border": 1,
        "border_color": "#3f8d75",
    },
    "example": {"italic": True, "font_color": GREY, "font_size": 9, "bg_color": QUIET, "indent": 1, **_BOXED},
    "index": {"font_color": GREY, "align": "center", **_BOXED},
    "locked": {"font_color": GREY, "bg_color": QUIET, "num_format": QUANTITY, "shrink": True, **_BOXED},
    "text": {"text_wrap": True, "indent": 1, **_ENTRY},
    "choice": {"text_wrap": True, "indent": 1, **_ENTRY},
    "unit": {"align": "center", **_ENTRY},
    "months": {"num_format": "@", "align": "center", **_ENTRY},
    "number": {"num_format": QUANTITY, "shrink": True, **_ENTRY},
    "money": {"num_format": WHOLE, "shrink": True, **_ENTRY},
    "code": {"num_format": "@", **_ENTRY},
    "date": {"num_format": DATE, "align": "center", **_ENTRY},
    "total": {
        "bold": True,
        "num_format": QUANTITY,
        "bg_color": QUIET,
        "locked": False,
        "shrink": True,
        **_BOXED,
    },
    # The fields of sheet 1 stand flush left under one another, whatever they hold.
    "field.text": {"text_wrap": True, **_FIELD},
    "field.choice": _FIELD,
    "field.code": {"num_format": "@", **_FIELD},
    "field.number": {"num_format": WHOLE, **_FIELD},
    "field.money": {"num_format": WHOLE, **_FIELD},
    "field.year": {"num_format": "0", **_FIELD},
    "field.date": {"num_format": DATE, **_FIELD},
    "guide": {"text_wrap": True, "indent": 1},
    "guide.number": {"bold": True, "font_color": ACCENT, "align": "center"},
    "link": {"font_color": "#0a58a6", "underline": 1, "indent": 1},
}


class Styles:
    """The formats of one workbook; each is made when first asked for, so that small forms stay small."""

    def __init__(self, book: Workbook):
        self._book = book
        self._made: dict[str, Format] = {}
        self.whole = book.add_format({"num_format": WHOLE})
        """For conditional formats: a whole number is shown without a dangling decimal sign."""

    def __getitem__(self, name: str) -> Format:
        made = self._made.get(name)
        if made is None:
            look = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            made = self._made[name] = self._book.add_format({**look, **_STYLES[name]})
        return made
