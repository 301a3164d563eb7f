"""Mend the texts of an opened workbook in place: misread, in a coding of before Unicode, or decomposed."""

from __future__ import annotations

import unicodedata

from sachhon.workbooks.book import Sheet
from sachhon.workbooks.legacy import CHARSET_NAMES, detect_legacy, is_modern, is_odd, repair_text
from sachhon.workbooks.misread import undo_misreading
from sachhon.workbooks.problems import Problem


def repair_texts(sheets: list[Sheet], *, composed: bool = False) -> list[Problem]:
    """Look at each distinct text once, and say what was mended.

    `composed`: all texts are known to be as `legacy.is_composed_modern` says; a sheet in Unicode then needs nothing.
    """
    problems = []
    for sheet in sheets:
        if composed and _is_unicode(sheet):
            continue
        texts = {v for v in set().union(*sheet.rows) if type(v) is str and not v.isascii()}
        if not texts:
            continue
        together = "\n".join(texts)
        if is_modern(together) and unicodedata.is_normalized("NFC", together):
            continue
        misread = {t: new for t in texts if (new := undo_misreading(t)) != t}
        if misread:
            problems.append(
                Problem(
                    "info", "misread_text_repaired", sheet.name, params={"count": _replace(sheet, misread)}
                )
            )
            texts = texts - misread.keys()
        charset = detect_legacy(sorted(texts))
        if charset is None:
            texts = {t for t in texts if is_odd(t) or not unicodedata.is_normalized("NFC", t)}
        # A cell that differs from its sheet has to say so in more than one word.
        changed = {t: new for t in texts if (new := repair_text(t, charset, at_least=2)) != t}
        count = _replace(sheet, changed)
        if charset and count:
            params = {"charset": CHARSET_NAMES[charset], "count": count}
            problems.append(Problem("info", "legacy_text_repaired", sheet.name, params=params))
    return problems


def _is_unicode(sheet: Sheet) -> bool:
    """Whether any text has a letter that only Unicode has, or all are plain ASCII; looks no further than it must."""
    is_ascii = True
    for row in sheet.rows:
        for value in row:
            if type(value) is str and not value.isascii():
                if is_modern(value):
                    return True
                is_ascii = False
    return is_ascii


def _replace(sheet: Sheet, texts: dict[str, str]) -> int:
    """Put new texts in the place of old ones; how many cells it were."""
    count = 0
    for row in sheet.rows if texts else ():
        for col, value in enumerate(row):
            if type(value) is str and value in texts:
                row[col] = texts[value]
                count += 1
    return count
