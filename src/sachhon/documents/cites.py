"""A figure cited in running text by its code, and the footnote that the cite becomes."""

from __future__ import annotations

import re

from sachhon.documents.model import Footnote, ProvinceReportData
from sachhon.documents.numbers import in_language
from sachhon.documents.shapes import Lang, Note
from sachhon.documents.texts import clean, words

_CITE = re.compile("\ue000([^\ue001]*)\ue001")
"""Private-use marks around a figure code; `clean` takes them out of anything a person typed."""


def split_cites(text: str) -> list[tuple[str, str | None]]:
    """Text as pieces: (words, None) and ("", figure code) in turn."""
    pieces: list[tuple[str, str | None]] = []
    for index, piece in enumerate(_CITE.split(text)):
        if index % 2:
            pieces.append(("", piece))
        elif piece:
            pieces.append((piece, None))
    return pieces


class Citing:
    """Text about a report's data in one language; what is written with it cites each figure once."""

    def __init__(self, data: ProvinceReportData, lang: Lang) -> None:
        self.data = data
        self.lang: Lang = lang
        self.say = words(lang)
        self._cited: set[str] = set()

    def note(self, note: Footnote) -> Note:
        """The footnote of a figure: what it is, formula and sources; apart, for smaller type, its code."""
        text = clean(note.text).rstrip(".") + "."
        if note.formula:
            formula = in_language(clean(note.formula).rstrip("."), self.lang)
            text += self.say("note.formula", formula=formula)
        if note.sources:
            text += self.say("note.sources", sources="; ".join(clean(s) for s in note.sources).rstrip("."))
        return Note(text, self.say("note.ends", code=clean(note.figure_code)))

    def _cite(self, code: str) -> str:
        """A cite where the figure has a lineage note; a figure is noted once, at its first place."""
        if code in self._cited or self.data.footnote(code) is None:
            return ""
        self._cited.add(code)
        return f"\ue000{clean(code)}\ue001"
