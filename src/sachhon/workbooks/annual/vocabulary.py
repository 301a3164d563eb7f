"""What the words in a workbook mean: column heads, field labels, section titles, answers, groups.

The form's own words (`labels.csv`, both languages) and what people write instead (`words.csv`). Compared
folded, without brackets: "Chi phí (triệu đồng)" is `cost` in a unit of a million dong. Everything is
cached by the text as it stands, because a thousand workbooks say the same few hundred words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from sachhon.reference import UnitError, convert, find_resource, fold, normalise_unit
from sachhon.workbooks.annual.choices import CHOICE_LISTS, choices
from sachhon.workbooks.annual.labels import labels
from sachhon.workbooks.annual.layout import CP_FIELDS, FACILITY_FIELDS, SIGNER_FIELDS, TABLES
from sachhon.workbooks.vocabulary import is_total_text, words_of

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_MONTH = re.compile(
    r"(?:(?:thang|th|t|m|month)[\s.]*(\d{1,2})|(\d{1,2})(?=\s*[/-]\s*(?:20)?\d\d$))(?:\s*[/-]\s*(?:20)?\d\d)?"
)
_ENGLISH_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_YEAR = re.compile(r"(.*?)\s*\b(20\d\d|19\d\d)")
_NUMBERED = re.compile(r"(.*\D)\s*([1-9])")
_EXAMPLES = ("vi du", "vd:", "vd.", "example", "e.g")
_SAVED = ("tiet kiem ", "giam tieu thu ", "saving of ", "saved ")
_LONGEST_HEAD = 60
_ORDINAL = re.compile(r"^(?:(?:[ivx]+|\d{1,2}|[a-z])[.)]|(?:[ivx]+|\d{1,2})\s+[-–]\s)\s*")


@dataclass(frozen=True)
class Role:
    """What a column holds: `number` is the month, the n-th saving or a year; `unit` stood in brackets.

    `flow` is the flow that a name's head tells, or the resource of a saving that its head names ("saved_of").
    """

    key: str
    number: int = 0
    unit: str = ""
    flow: str = ""


@dataclass(frozen=True)
class FieldHit:
    """A label of sheet 1: which field, what stood behind its colon, the unit in brackets."""

    key: str
    inline: str = ""
    unit: str = ""


@lru_cache(maxsize=20_000)
def key_of(text: str) -> str:
    """A text as it is compared: folded, brackets and the punctuation at its ends taken off."""
    return " ".join(_BRACKETS.sub(" ", fold(text)).split()).strip(" :;.,*-–_")


@lru_cache(maxsize=20_000)
def column_role(text: str) -> Role | None:
    """The role of a column head, or None where the words are no head of ours."""
    if not text or len(text) > _LONGEST_HEAD:
        return None
    key = key_of(text)
    unit = _bracketed(text)
    month = _month_of(key)
    if month:
        return Role("month", month, unit)
    if key[-4:].isdigit() and (match := _YEAR.fullmatch(key)):
        before, year = match[1], int(match[2])
        if before in ("", "nam"):
            return Role("year", year, unit)
        wordings = (before, before.removesuffix(" nam"), f"{before} nam")
        key = next((words for words in wordings if words in _columns().exact), key)
    found = _columns().find(key)
    number = 0
    if found is None and key[-1:].isdigit() and (match := _NUMBERED.fullmatch(key)):
        found, number = _columns().find(match[1].strip()), int(match[2])
    if found is None:
        code = _saved_in(key, unit)
        return Role("saved_of", 0, unit, code) if code else None
    name, _, flow = found.partition(".")
    if name == "saved_resource" and money_factor(unit) is not None:
        name = "saved_money"
    return Role(name, number, unit, flow)


def _saved_in(key: str, unit: str) -> str | None:
    """The resource that a head such as "Tiết kiệm điện (kWh/năm)" says was saved; it must give a unit to be one."""
    if not unit or not key.startswith(_SAVED) or money_factor(unit) is not None:
        return None
    what = next(key.removeprefix(start) for start in _SAVED if key.startswith(start))
    found = find_resource(what)
    return found.code if found else None


@lru_cache(maxsize=20_000)
def is_example(text: str) -> bool:
    """True for the example the form shows under a table's head."""
    return key_of(text).startswith(_EXAMPLES)


@lru_cache(maxsize=20_000)
def is_total_row(text: str) -> bool:
    """True for the name of a total, "Tổng cộng", which is no line of its own."""
    return key_of(text).startswith(_total_starts()) and is_total_text(text)


@lru_cache(maxsize=20_000)
def is_whole_head(text: str) -> bool:
    """True where the whole text is a column head, not only a sentence with such words in it."""
    return key_of(text) in _columns().exact


@lru_cache(maxsize=20_000)
def field_of(text: str) -> FieldHit | None:
    """The field a label names, "Tên cơ sở: Công ty A" with what stands behind the colon, or None."""
    if not text or len(text) > 300:
        return None
    label, colon, inline = text.partition(":")
    if len(label) > 70:
        return None
    key = _ORDINAL.sub("", key_of(label))
    found = _fields().exact.get(key)
    return FieldHit(found, inline.strip() if colon else "", _bracketed(label)) if found else None


@lru_cache(maxsize=20_000)
def meaning_of(text: str) -> tuple[Role | None, FieldHit | None] | None:
    """What a text is as a column head and as a label; None for most texts of a workbook, which are neither."""
    role, hit = column_role(text), field_of(text)
    return None if role is None and hit is None else (role, hit)


@lru_cache(maxsize=20_000)
def section_of(text: str) -> str | None:
    """The part of the report a title or sheet name speaks of: a flow, "solutions" or "remarks"."""
    return _words("section").find(fold(text)) if text else None


@lru_cache(maxsize=20_000)
def is_title(text: str) -> bool:
    """True for a numbered title, "III. Chất thải", or the words over a signature: a table ends there."""
    folded = fold(text)
    if key_of(text) in _words("break").exact:
        return True
    return bool(_ORDINAL.match(folded)) and _words("section").find(folded) is not None


@lru_cache(maxsize=20_000)
def choice_of(name: str, text: str) -> str | None:
    """The code of a list that the text chooses, by the list's words, its code, its number or usual words."""
    text = text.strip()
    exact = _choice_words(name).get(text)
    if exact:
        return exact
    key = key_of(text)
    if name == "groups" and (match := re.fullmatch(r"(?:nhom\s*)?([1-8])(?:\s*[.):-].*)?", key)):
        return choices("groups")[int(match[1]) - 1].code
    return _choice_words(name).get(key) or _words(name).find(_ORDINAL.sub("", fold(text)))


@lru_cache(maxsize=4096)
def is_aside(text: str) -> bool:
    """True for the hints printed beside a field, which are no value."""
    key = key_of(text)
    return key in _hints() or key in _words("aside").exact


@lru_cache(maxsize=4096)
def money_factor(unit: str) -> Decimal | None:
    """How many dong one of that unit is ("triệu đồng", "đồng/năm"), or None where it is no money."""
    if not unit:
        return None
    code = normalise_unit(unit.partition("/")[0])
    try:
        return convert(Decimal(1), code, "VND") if code else None
    except UnitError:
        return None


def _bracketed(text: str) -> str:
    for match in _BRACKETS.finditer(text):
        inside = (match[1] or match[2] or "").strip()
        if inside and normalise_unit(inside.partition("/")[0]):
            return inside
    return ""


def _month_of(key: str) -> int | None:
    match = _MONTH.fullmatch(key)
    month = int(match[1] or match[2]) if match else _ENGLISH_MONTHS.get(key[:3] if len(key) <= 9 else "", 0)
    if not match and month and not key.isalpha():
        return None
    return month if 1 <= month <= 12 else None


class _Words:
    """Words of one list: whole texts, and parts of texts with the longest first."""

    def __init__(self, exact: Iterable[tuple[str, str]], has: Iterable[tuple[str, str]] = ()):
        self.exact: dict[str, str] = {}
        for words, key in exact:
            self.exact.setdefault(words, key)
        self.has = sorted(has, key=lambda pair: -len(pair[0]))

    def find(self, text: str) -> str | None:
        found = self.exact.get(text)
        if found:
            return found
        for words, key in self.has:
            if words in text:
                return key
        return None


@cache
def _rows() -> dict[str, list[tuple[str, str, str]]]:
    lists: dict[str, list[tuple[str, str, str]]] = {}
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            lists.setdefault(row["list"], []).append((row["words"], row["key"], row["match"]))
    return lists


@cache
def _words(name: str) -> _Words:
    rows = _rows().get(name, [])
    return _Words(
        ((words, key) for words, key, match in rows if match == "exact"),
        ((words, key) for words, key, match in rows if match == "has"),
    )


@cache
def _columns() -> _Words:
    own = [
        (key_of(words.format(n="", month="")), _own_key(table.key, column.key))
        for table in TABLES
        for column in table.columns
        if column.key != "month"
        for words in labels()[column.words].values()
    ]
    usual = _words("column")
    return _Words((*own, *usual.exact.items()), usual.has)


def _own_key(table: str, column: str) -> str:
    if table == "products" and column == "name":
        return "name.output"
    return "unit" if column == "saved_unit" else column


@cache
def _fields() -> _Words:
    own = [
        (key_of(words), each.key)
        for each in (*FACILITY_FIELDS, *CP_FIELDS, *SIGNER_FIELDS)
        for words in labels()[f"field.{each.key}"].values()
    ]
    return _Words((*own, *_words("field").exact.items()))


@cache
def _choice_words(name: str) -> dict[str, str]:
    """The list's own words in both languages, as they are and folded, and its codes."""
    found: dict[str, str] = {}
    if name in CHOICE_LISTS:
        for lang in ("vi", "en"):
            for choice in choices(name, lang):
                found.setdefault(choice.words, choice.code)
                found.setdefault(fold(choice.words), choice.code)
                found.setdefault(choice.code, choice.code)
    return found


@cache
def _total_starts() -> tuple[str, ...]:
    """The first words of totals; few names begin with one, and only those are looked at closely."""
    return tuple({fold(words).split()[0] for words in words_of("total")})


@cache
def _hints() -> frozenset[str]:
    return frozenset(
        key_of(words)
        for key, translations in labels().items()
        if key.startswith("hint.")
        for words in translations.values()
    )
