"""The one way to compare Vietnamese text without its marks, and to read the legacy TCVN3 coding.

Every search key, alias and header match of the project goes through `fold`.  It is for matching only:
sorting and printing use the text as it was written.
"""

import re
import unicodedata
from functools import lru_cache

# TCVN3 (ABC fonts such as .VnTime) stores one byte a letter; opened as Latin-1 it shows these characters.
_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
# Letters that occur in TCVN3 text and hardly ever in real Vietnamese or English.
_TCVN3_SIGNS = frozenset("µ¸¶·¹¨»¾¼½Æ©ÇËÈÉ®ÎÏÑªÖ×Ø«åæçë¬îïñ\u00adøö÷ûüþ¡¢§£¤¥¦ßä")
_MODERN = re.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)


def fold(text: str) -> str:
    """Return `text` without tone marks, with đ as d, casefolded, whitespace collapsed.

    >>> fold("  Xi măng\\n Đồng Bành ")
    'xi mang dong banh'
    """
    return _folded(text) if len(text) < _SHORT else _folded.__wrapped__(text)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    text = text.lower() if text.isascii() else text.translate(_FOLDED)
    return " ".join(text.split())


_SHORT = 120
"""Names and labels, which are folded again and again; what is longer comes once and is not worth its memory."""


class _Folded(dict[int, str]):
    """Code point -> the letter folded, filled as letters come: a text is mostly of the same few."""

    def __missing__(self, code: int) -> str:
        marked = unicodedata.normalize("NFD", chr(code))
        letter = "".join(c for c in marked if not unicodedata.combining(c))
        letter = letter.replace("đ", "d").replace("Đ", "d").casefold()
        if code < _LATIN_END:
            self[code] = letter
        return letter


_LATIN_END = 0x2100
"""Beyond it hardly anything of a text stands; to keep all of it would only cost memory."""
_FOLDED = _Folded()


def is_marked(text: str) -> bool:
    """Say whether `text` bears Vietnamese marks; then a short word must not be matched without them."""
    return "đ" in text.casefold() or any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", text))


def looks_tcvn3(text: str) -> bool:
    """Say whether `text` is likely TCVN3 read as Latin-1: has its odd signs and no modern Vietnamese letter."""
    return not _MODERN.search(text) and any(c in _TCVN3_SIGNS for c in text)


def decode_tcvn3(text: str) -> str:
    """Return TCVN3 text (as Latin-1 characters) in Unicode; other characters stay.

    >>> decode_tcvn3("§iÖn n¨ng")
    'Điện năng'
    """
    return text.translate(_TCVN3)
