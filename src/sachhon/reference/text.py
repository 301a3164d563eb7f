"""The one way to compare Vietnamese text without its marks, and to read the legacy TCVN3 coding.

Every search key, alias and header match of the project goes through `fold`.  It is for matching only:
sorting and printing use the text as it was written.
"""

import re
import unicodedata

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
    if not text.isascii():
        marked = unicodedata.normalize("NFD", text)
        text = "".join([c for c in marked if not unicodedata.combining(c)])
        text = text.replace("đ", "d").replace("Đ", "d")
    return " ".join(text.casefold().split())


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
