"""Text typed with fonts of before Unicode (TCVN3 "ABC", VNI-Windows, VPS, VISCII) turned into Unicode.

Such a file holds Latin-1 letters that only look right in an old font: "S¶n l­îng" for "Sản lượng".
The coding is found by trying each table and counting which reading makes well-formed Vietnamese
syllables. The tables are data (``legacy_charsets.csv``: code points in, letter out). Signs that any text
may hold (a dash, "5 µm", "20 °C", "Ø 200", a quotation mark) prove nothing, and text in another language
is no Vietnamese. What this does not do: guess at text that is plain ASCII, mend text whose marks were
lost, or undo UTF-8 that was read as something else (``misread``).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from sachhon.workbooks.syllables import is_mixed, is_syllable

CHARSET_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI-Windows", "vps": "VPS", "viscii": "VISCII"}


@lru_cache(maxsize=20_000)
def repair_text(text: str, charset: str | None = None, at_least: int = 1) -> str:
    """The text in composed Unicode; converted when it is in a legacy coding (given, or found)."""
    text = unicodedata.normalize("NFC", text)
    if not _LATIN1.search(text) or _UNICODE.search(text):
        return text
    if charset is None:
        charset = detect_legacy([text], at_least)
    return to_unicode(text, charset) if charset else text


def detect_legacy(texts: Iterable[str], at_least: int = 1) -> str | None:
    """A key of ``CHARSET_NAMES``, or None when the texts read better as they stand.

    `at_least` so many different words must become Vietnamese by it.
    """
    texts = list(texts)
    old = [text for text in texts if not _UNICODE.search(text)]
    # Beside text that is surely Unicode, letters that Unicode Vietnamese has too say nothing of another coding.
    if len(old) < len(texts):
        old = [text for text in old if is_odd(text)]
    words = [w for text in old if _LATIN1.search(text) for w in _WORD.findall(text) if _proves(w)][:2000]
    if not words:
        return None
    best, best_score = None, _score(words)
    for charset in CHARSET_NAMES:
        score = _score([to_unicode(word, charset) for word in words])
        if score > best_score:
            best, best_score = charset, score
    if best is None or best_score < 0.6:
        return None
    return best if _outweighs(words, best, old, at_least) else None


def is_modern(text: str) -> bool:
    """True where a text is surely Unicode: letters only Unicode has, and no sign of another coding."""
    return _UNICODE.search(text) is not None and not is_odd(text)


def is_composed_modern(xml: bytes) -> bool:
    """True where no text of a part `is_odd` and all are composed: texts that are modern then need no repair.

    Looks at the UTF-8 as it stands; where letters may be written as codes it cannot tell, and is False.
    """
    # A lone sign is looked for many times faster than two, and hardly any part has it.
    if (b"&" in xml and b"&#" in xml) or (b"_" in xml and b"_x" in xml):
        return False
    try:
        return xml.isascii() or _UNSURE.search(xml.translate(None, _ASCII).decode()) is None
    except UnicodeDecodeError:
        return False


def is_odd(text: str) -> bool:
    """True where a text has signs that no Vietnamese in Unicode uses and the legacy codings are full of."""
    return _ODD.search(text) is not None


def to_unicode(text: str, charset: str) -> str:
    """The text read by one legacy table, whatever it looks like."""
    return unicodedata.normalize("NFC", _WORD.sub(lambda found: _word(found.group(), charset), text))


def syllable_share(text: str) -> float:
    """How much of a text's accented words are well-formed Vietnamese, 0 to 1 (1 where there are none)."""
    words = [word for word in _WORD.findall(text) if _foreign(word)][:2000]
    return _score(words) if words else 1.0


_LATIN1 = re.compile(
    r"[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_ODD = re.compile(
    r"[^\u0000-\u007fÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1"
    r"\u01af\u01b0\u1ea0-\u1ef9\u00a0°±²³·×÷\u0300-\u036f\u2010-\u201f\u2020-\u20cf\u2190-\U0010ffff]"
)
# Fewer than those that are not odd: without signs of which some have a composed form of their own.
_UNSURE = re.compile(
    r"[^ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1"
    r"\u01af\u01b0\u1ea0-\u1ef9\u00a0°±²³·×÷\u2010-\u201f\u2022\u2026\u2070-\u2089\u20ab\u2190-\u2199\u2264\u2265]"
)
_ASCII = bytes(range(128))
_UNICODE = re.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)
_WORD = re.compile(r"[^\s.,;:()\[\]/\\\"'=+*%<>_|-]+")
_SIGNS = "0123456789°º±µ×÷·•…–—‘’“”‚„‹›«»‰§¶†‡©®™€£¥¢½¼¾²³¹¬¯´¨¸ª¦ˆ˜Øø¤¿¡#&~"
# Signs that stand alone in any text. In a coding "¸", "«", "ª" are words: "Á", "ô", "ở".
_ALONE = _SIGNS.translate({ord(c): None for c in "¸«ª"})
# What is never a word, in any coding: "µ", "10µm", "µg", "20°C", "m³", "Ø200", "3ø".
_MEASURE = re.compile(
    r"\d*µ(?:m|g|s|l|L|A|V|S|F|W|M|N|Pa|mol|Sv|Gy)?[\d²³]*|\d*[°º][CFKBEN]x?|(?:[kcdm]?m|N?m|ft|W|s)[²³]"
    r"|[Øø]\d*|[Øø]\d+[a-z]{1,2}|\d+[øØ]|[Ååƒ]"
)


def _foreign(word: str) -> bool:
    return not word.isascii() and any(c.isalpha() for c in word)


def _proves(word: str) -> bool:
    """Whether a word says something of its coding: a letter that is not ASCII, and not just a sign at its edge."""
    return not word.strip(_SIGNS).isascii() and not _MEASURE.fullmatch(word)


def _score(words: list[str]) -> float:
    """Share of words that are well-formed Vietnamese syllables."""
    return sum(map(is_syllable, words)) / len(words)


def _outweighs(words: list[str], charset: str, texts: list[str], at_least: int) -> bool:
    """Whether what reads as Vietnamese in a coding outweighs the words beside it that are no Vietnamese.

    Vietnamese without marks is Vietnamese all the same ("than", "kho"); a name or a unit is let pass where
    much speaks for the coding. In English or French the plain words are hardly ever syllables.
    """
    good = {w for w in words if is_syllable(to_unicode(w, charset))}
    plain = {
        w.lower()
        for text in texts
        for w in _WORD.findall(text)
        if len(w) > 2 and w.isascii() and w.isalpha() and not is_mixed(w)
    }
    strange = sum(not is_syllable(word, marked=False) for word in plain)
    # One word proves little beside another language: "på", "søn", "può" would each be a syllable.
    return len(good) >= (max(at_least, 2) if strange else at_least) and 2 * len(good) >= strange


def _word(word: str, charset: str) -> str:
    """One word read by a table; a measure, and what would make no word of any language, stays."""
    if word.isascii() or _MEASURE.fullmatch(word) or (len(word) == 1 and word in _ALONE):
        return word
    new = _by_table(word, charset)
    if is_syllable(new):
        return new
    core = word.strip(_SIGNS)
    start = word.find(core)
    if not core.isascii() and core != word and is_syllable(inner := _by_table(core, charset)):
        return word[:start] + inner + word[start + len(core) :]
    if start == 0 and len(core) > 1 and core.isascii():
        return word  # "Siemens®"
    return word if is_mixed(new) and any(c in _SIGNS for c in word) else new


def _by_table(word: str, charset: str) -> str:
    table, pattern = _table(charset)
    new = unicodedata.normalize("NFC", pattern.sub(lambda m: table[m.group()], word))
    # Capitals of TCVN3 are a font, not codes: "C«NG" is meant as "CÔNG".
    plain = [c for c in word if c.isascii() and c.isalpha()]
    telling = len(plain) > 1 or (plain and word[0] != plain[0])
    if charset != "vni" and new != word and telling and all(c.isupper() for c in plain):
        new = new.upper()
    return new


@cache
def _table(charset: str) -> tuple[dict[str, str], re.Pattern[str]]:
    with Path(__file__).with_name("legacy_charsets.csv").open(encoding="utf-8", newline="") as handle:
        table = {
            "".join(chr(int(code, 16)) for code in row["legacy_code_points"].split()): row["unicode"]
            for row in csv.DictReader(handle)
            if row["charset"] == charset
        }
    longest_first = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, longest_first)))
