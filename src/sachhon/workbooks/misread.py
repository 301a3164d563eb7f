"""UTF-8 that some program read as Windows-1252 and stored so ("Sáº£n lÆ°á»£ng"), turned back.

It happens when a CSV of UTF-8 is opened in Excel by a double click and saved again. Such text proves
itself: its letters, written as bytes again, are well-formed UTF-8, which no text of another kind is.
"""

from __future__ import annotations

import re
import unicodedata

# A lead byte and what follows it, as Windows-1252 shows them (bytes it has no letter for stay controls).
_TAIL = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_PAIR = re.compile(rf"[\xc2-\xdf][{_TAIL} ]|[\xe0-\xef][{_TAIL} ]{{2}}")
_BYTES = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(256)}


def undo_misreading(text: str) -> str:
    """The text as it was written; unchanged where it was not misread."""
    if text.isascii() or not _PAIR.search(text):
        return text
    # The last byte of "à" is shown as a no-break space, which some programs make a plain one.
    for given in (text, re.sub("Ã (?=[^A-Z]|$)", "Ã\xa0", text)):
        try:
            found = bytes(_BYTES[c] for c in given).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
        if len(found) < len(given):
            return unicodedata.normalize("NFC", found)
    return text
