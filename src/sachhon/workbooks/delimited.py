"""A text table (.csv, .tsv, a meter's export) turned into rows: find its coding and its delimiter.

Codings tried: UTF-8 (also with a few broken bytes), UTF-16 with and without its mark, Windows-1252 and
1258, and the legacy font codings over Latin-1. Every cell stays text; reading numbers and dates is the work
of ``values``.
"""

from __future__ import annotations

import csv
import unicodedata
from io import StringIO

from sachhon.workbooks.legacy import detect_legacy, syllable_share, to_unicode
from sachhon.workbooks.problems import Problem, refuse

_SAMPLE = 200_000


def decode(data: bytes) -> tuple[str, str, bool]:
    """The text, the name of its coding, and whether the coding was a guess."""
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            if coding == "utf-16" and len(data) % 2 and data[-1:] in (b"\0", b"\n", b"\x1a"):
                data = data[:-1]  # half a sign that a program added at the end
            try:
                return data.decode(coding), coding.replace("-sig", ""), False
            except UnicodeDecodeError as broken:
                raise refuse("file_corrupt") from broken
    head = data[:2000]
    if len(head) > 3 and b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 5:
            coding = "utf-16-le" if odd > even else "utf-16-be"
            return data.decode(coding, "replace"), coding, False
        raise refuse("format_unknown", found="binary")
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        return _nearly_utf8(data) or _eight_bit(data)


def parse_delimited(text: str) -> tuple[list[list[str]], str]:
    """Rows of the text (the shape kept, blank lines too) and the delimiter found."""
    delimiter = sniff_delimiter(text)
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error as broken:
        raise refuse("file_corrupt") from broken
    return rows, delimiter


def sniff_delimiter(text: str) -> str:
    """The sign that splits most lines into the same number of fields (over one)."""
    lines = [line for line in text[:_SAMPLE].splitlines()[:-1] or text.splitlines() if line.strip()][:400]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    best, best_score = ",", 0.0
    for delimiter in (";", "\t", "|", ","):
        widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines]
        wide = [w for w in widths if w > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        # Commas inside "12,5" split lines unevenly; steadiness over all lines tells the real delimiter.
        score = wide.count(usual) / len(lines) + 0.01 * min(usual, 20)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def guessed_problem(coding: str) -> Problem:
    """The note that the coding was guessed."""
    return Problem("info", "encoding_guessed", params={"encoding": coding})


def _nearly_utf8(data: bytes) -> tuple[str, str, bool] | None:
    """UTF-8 that a program cut or pasted into carelessly: a broken byte or two among many sound letters."""
    text = data.decode("utf-8", "replace")
    sound = sum(not c.isascii() for c in text) - (broken := text.count("\ufffd"))
    return (text, "utf-8", True) if sound >= 10 * broken else None


def _eight_bit(data: bytes) -> tuple[str, str, bool]:
    latin = "".join(_cp1252(byte) for byte in data[:_SAMPLE])
    windows = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    whole = "".join(_cp1252(byte) for byte in data)
    choices = [
        (syllable_share(latin), "windows-1252", whole),
        (syllable_share(windows[:_SAMPLE]), "windows-1258", windows),
    ]
    charset = detect_legacy(latin.splitlines())
    if charset:
        converted = "\n".join(to_unicode(line, charset) for line in whole.splitlines())
        choices.append((syllable_share(converted[:_SAMPLE]), charset, converted))
    _, coding, text = max(choices, key=lambda choice: choice[0])
    return text, coding, True


_CP1252 = [
    bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in range(256)
]


def _cp1252(byte: int) -> str:
    return _CP1252[byte]
