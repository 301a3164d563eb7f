"""Text typed with fonts of before Unicode (TCVN3 "ABC", VNI-Windows, VPS) turned into Unicode.

Such a file holds Latin-1 letters that only look right in an old font: "S¶n l­îng" for "Sản lượng".
The coding is found by trying each table and counting which reading makes well-formed Vietnamese
syllables. The tables are data (``legacy_charsets.csv``: code points in, letter out). What this does not
do: guess at text that is plain ASCII, or mend text whose marks were lost.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

CHARSET_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI-Windows", "vps": "VPS"}


@lru_cache(maxsize=20_000)
def repair_text(text: str, charset: str | None = None) -> str:
    """The text in composed Unicode; converted when it is in a legacy coding (given, or found)."""
    text = unicodedata.normalize("NFC", text)
    if not _LATIN1.search(text) or _UNICODE.search(text):
        return text
    if charset is None:
        charset = detect_legacy([text])
    return to_unicode(text, charset) if charset else text


def detect_legacy(texts: Iterable[str]) -> str | None:
    """``"tcvn3"``, ``"vni"``, ``"vps"``, or None when the texts read better as they stand."""
    texts = list(texts)
    old = [text for text in texts if not _UNICODE.search(text)]
    # Beside text that is surely Unicode, letters that Unicode Vietnamese has too say nothing of another coding.
    if len(old) < len(texts) and not any(map(is_odd, old)):
        return None
    words = [w for text in texts if _LATIN1.search(text) for w in _WORD.findall(text) if _foreign(w)]
    words = words[:2000]
    if not words:
        return None
    best, best_score = None, _score(words)
    for charset in CHARSET_NAMES:
        score = _score([to_unicode(word, charset) for word in words])
        if score > best_score:
            best, best_score = charset, score
    return best if best_score >= 0.6 else None


def is_modern(text: str) -> bool:
    """True where a text is surely Unicode: letters only Unicode has, and no sign of another coding."""
    return _UNICODE.search(text) is not None and not is_odd(text)


def is_odd(text: str) -> bool:
    """True where a text has signs that no Vietnamese in Unicode uses and the legacy codings are full of."""
    return _ODD.search(text) is not None


def to_unicode(text: str, charset: str) -> str:
    """The text read by one legacy table, whatever it looks like."""
    table, pattern = _table(charset)
    converted = []
    for word in re.split(r"(\s+)", text):
        new = pattern.sub(lambda m: table[m.group()], word)
        # Capitals of TCVN3 are a font, not codes: "C«NG" is meant as "CÔNG".
        plain = [c for c in word if c.isascii() and c.isalpha()]
        if charset != "vni" and new != word and len(plain) > 1 and all(c.isupper() for c in plain):
            new = new.upper()
        converted.append(new)
    return unicodedata.normalize("NFC", "".join(converted))


def syllable_share(text: str) -> float:
    """How much of a text's accented words are well-formed Vietnamese, 0 to 1 (1 where there are none)."""
    words = [word for word in _WORD.findall(text) if _foreign(word)][:2000]
    return _score(words) if words else 1.0


_LATIN1 = re.compile(
    r"[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac]"
)
_ODD = re.compile(
    r"[^\u0000-\u007fÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1"
    r"\u01af\u01b0\u1ea0-\u1ef9\u00a0°±²³·×÷\u0300-\u036f\u2010-\u201f\u2020-\u20cf\u2190-\U0010ffff]"
)
_UNICODE = re.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
)
_WORD = re.compile(r"[^\s\d.,;:()\[\]/\\\"'=+*%<>_\u2010-\u2015]+")
_SYLLABLE = re.compile(
    r"(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"(?:(?:oai|oay|oeo|oao|uây|uôi|uai|uay|uao|uya|uyu|iêu|yêu|ươi|ươu|"
    r"ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu)"
    r"|(?:uyê|oa|oă|oe|oo|uâ|uê|uô|uơ|uy|iê|yê|ươ|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)(?:ch|ng|nh|c|m|n|p|t)?)"
)
_NOT_VIETNAMESE = re.compile(r"[^a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _foreign(word: str) -> bool:
    return not word.isascii() and any(c.isalpha() for c in word)


def _score(words: list[str]) -> float:
    """Share of words that are well-formed Vietnamese syllables with at most one tone mark."""
    good = 0
    for word in words:
        decomposed = unicodedata.normalize("NFD", word.lower())
        tones = sum(decomposed.count(tone) for tone in _TONES)
        bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
        mixed = not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower()))
        if (
            tones <= 1
            and not mixed
            and not _NOT_VIETNAMESE.search(word.lower())
            and _SYLLABLE.fullmatch(bare)
        ):
            good += 1
    return good / len(words)


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
