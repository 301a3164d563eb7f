"""The fields of sheet 1 and the signature: who reports, which year, what of cleaner production."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sachhon.reference import fold, normalise_tax_code, valid_tax_code
from sachhon.workbooks.annual.cells import Findings, date, money, text, whole
from sachhon.workbooks.annual.layout import CP_FIELDS, FACILITY_FIELDS, FIRST_YEAR, SIGNER_FIELDS
from sachhon.workbooks.annual.locate import FoundField
from sachhon.workbooks.annual.vocabulary import choice_of, money_factor
from sachhon.workbooks.grid import CellError, Sheet
from sachhon.workbooks.values import is_nothing

_KINDS = {each.key: each.kind for each in (*FACILITY_FIELDS, *CP_FIELDS, *SIGNER_FIELDS)}
_YEAR_IN = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_AREA_DIGITS = 5
_LONGEST_NOTHING = 20
"""Words for "nothing here" are short; a longer text need not be compared with them."""

Placed = tuple[Sheet, FoundField]


def first_answers(placed: Iterable[Placed]) -> dict[str, Placed]:
    """For each field the first label that has an answer."""
    answers: dict[str, Placed] = {}
    for sheet, field in placed:
        if field.value != "" and not isinstance(field.value, CellError):
            answers.setdefault(field.hit.key, (sheet, field))
    return answers


def read_year(answers: Mapping[str, Placed], guesses: Iterable[str], latest: int, found: Findings) -> int:
    """The report's year: as written, else the first year that a title or name speaks of; 0 when none does."""
    if "year" in answers:
        sheet, field = answers["year"]
        match = _YEAR_IN.search(text(field.value)) or re.fullmatch(r"\s*(\d{4})\s*", text(field.value))
        if match:
            year = int(match[1])
            found.origins.put("year", sheet, field.row, field.column)
            if not FIRST_YEAR <= year <= latest:
                found.note(
                    "error",
                    "year_unlikely",
                    sheet,
                    field.row,
                    field.column,
                    year=year,
                    first=FIRST_YEAR,
                    last=latest,
                )
            return year
        found.note("error", "annual_year_unreadable", sheet, field.row, field.column, value=text(field.value))
    for guess in guesses:
        match = _YEAR_IN.search(guess)
        if match and FIRST_YEAR <= int(match[1]) <= latest:
            found.note("warning", "annual_year_guessed", None, -1, -1, year=match[1])
            return int(match[1])
    found.note("error", "annual_year_missing", None, -1, -1)
    return 0


def read_fields(answers: Mapping[str, Placed], year: int, found: Findings) -> dict[str, Any]:
    """The attributes of the report that stand beside labels; those not answered are left out."""
    values: dict[str, Any] = {}
    for key, (sheet, field) in answers.items():
        if key == "year":
            continue
        value = _value(key, sheet, field, year, found)
        if value is not None:
            values[key] = value
            found.origins.put(key, sheet, field.row, field.column)
    return values


def _value(key: str, sheet: Sheet, field: FoundField, year: int, found: Findings) -> Any:
    value, row, column = field.value, field.row, field.column
    kind = _KINDS[key]
    if kind == "choice":
        return _answer(sheet, field, found)
    if kind == "money":
        beside = field.beside if money_factor(field.beside) else ""
        return money(value, field.hit.unit, beside, found, sheet, row, column)
    if kind == "number":
        return whole(value, found, sheet, row, column)
    if kind == "year":
        return _past_year(value, year, found, sheet, row, column)
    if kind == "date":
        # The day of signing is the only date beside a label: without it the report still says all it has to say.
        return date(value, year, found, sheet, row, column, level="warning")
    words = text(value)
    if len(words) <= _LONGEST_NOTHING and is_nothing(words):
        return None
    if key == "tax_code":
        return _tax_code(words, found, sheet, row, column)
    if key == "area_code":
        return words.zfill(_AREA_DIGITS) if words.isdigit() else words
    if key == "cp_unit_people":
        return tuple(name for name in (part.strip(" -") for part in re.split(r"[;\n]|,", words)) if name)
    return words


def _answer(sheet: Sheet, field: FoundField, found: Findings) -> str:
    words = text(field.value)
    code = choice_of("answers", words)
    if code is None:
        first = fold(words).split()[:1]
        code = choice_of("answers", first[0]) if first else None
    if code is None:
        found.note("warning", "annual_answer_unreadable", sheet, field.row, field.column, value=words)
        return "unknown"
    return code


def _past_year(value: Any, year: int, found: Findings, sheet: Sheet, row: int, column: int) -> int | None:
    given = str(value.year) if isinstance(value, dt.date) else text(value)
    if is_nothing(given):
        return None
    match = _YEAR_IN.search(given)
    if match is None:
        found.note("warning", "annual_year_unreadable", sheet, row, column, value=given)
        return None
    since = int(match[1])
    if year and since > year:
        found.note(
            "warning", "year_unlikely", sheet, row, column, year=since, first=FIRST_YEAR - 30, last=year
        )
        return None
    return since


def _tax_code(words: str, found: Findings, sheet: Sheet, row: int, column: int) -> str:
    code = normalise_tax_code(words)
    if not valid_tax_code(code):
        # A code kept as a number has lost its leading zero.
        if code.isdigit() and len(code) == 9 and valid_tax_code(f"0{code}"):
            return f"0{code}"
        found.note("error", "annual_tax_code_invalid", sheet, row, column, value=words)
    return code
