"""What a problem carries, as a reader sees it: the params stay machine-readable, the message says their form.

In a message "{old:number}" prints "21003.806452" as 21.003,81 (Vietnamese) or 21,003.81 (English), "{cost:money}"
whole dong, "{period:month}" "2024-12" as 12/2024, "{unit:unit}" "k_vien" as nghìn viên ("{unit:bracketed}" puts it in
brackets, if there is one), "{day:date}" an ISO date, "{cells:list}" a list with commas, "{found:whole}" a sentence in
full, "{missing:blanks}" what is not known of a solution, "{why:because}" why a figure knows less than another,
"{figures:changes}" and "{figures:kept}" what came of each month's figure. What is not of that form (a word typed into
a number's cell, say) is printed as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from sachhon.reference.numbers import format_number, round_half_up, sensible_decimals
from sachhon.reference.resources import resources
from sachhon.reference.units import UnitError, unit_label

_LONGEST_PARAM = 120
_MOST_LISTED = 12
_LEAST_DECIMALS = 2
_MOST_DIGITS = 16  # a longer number is no figure: it is printed as it was typed
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d\d)|([QH])(\d)))?")


class Params(dict):
    """The params of a problem for `str.format_map`; a name that is not there stays visible instead of failing."""

    def __init__(self, params: Mapping[str, Any], lang: str) -> None:
        super().__init__({name: _Param(_named(name, value, lang), lang) for name, value in params.items()})

    def __missing__(self, key: str) -> _Unknown:
        return _Unknown(key)


def _named(name: str, value: Any, lang: str) -> Any:
    """A thing that goes by the catalogue's Vietnamese name, as the reader's language calls it."""
    if name != "item" or not lang.startswith("en") or not isinstance(value, str):
        return value
    return _english_names().get(value, value)


@cache
def _english_names() -> dict[str, str]:
    return {resource.name_vi: resource.name_en for resource in resources()}


class _Unknown(str):
    def __format__(self, spec: str) -> str:
        return "" if spec in _SILENT else "{" + self + "}"


class _Param:
    def __init__(self, value: Any, lang: str) -> None:
        self.value, self.lang = value, "en" if lang.startswith("en") else "vi"

    def __format__(self, spec: str) -> str:
        if spec in _LISTS:
            return _LISTS[spec](self.value, self.lang)
        text = str(self.value)
        shown = _FORMS[spec](text, self.lang) if spec else text
        return shown if len(shown) <= _LONGEST_PARAM else shown[: _LONGEST_PARAM - 1] + "…"


def number(text: str, lang: str) -> str:
    """At most two digits after the comma, more where the number is small: 15.480; 212,8; 0,00412."""
    value = _decimal(text)
    if value is None:
        return text
    return format_number(round_half_up(value, max(_LEAST_DECIMALS, sensible_decimals(value))), lang)


def money(text: str, lang: str) -> str:
    """Whole dong."""
    value = _decimal(text)
    return text if value is None else format_number(value, lang, 0)


def digits(text: str, lang: str) -> str:
    """The number with every digit it has."""
    value = _decimal(text)
    return text if value is None else format_number(value, lang)


def month(text: str, lang: str) -> str:
    """ "2024-12" → 12/2024."""
    found = _PERIOD.fullmatch(text)
    return f"{found[2]}/{found[1]}" if found and found[2] else text


def period(text: str, lang: str) -> str:
    """ "2024-12" → tháng 12/2024; "2024-Q1", "2024-H2" and "2024" in words too."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return text
    year, month_of, kind, which = found.groups()
    word = "M" if month_of else f"{kind or 'Y'}{which or ''}"
    return _words(lang)[word].format(year=year, month=month_of)


def unit(text: str, lang: str) -> str:
    """The unit's symbol; a unit that is not of the reference as it was written."""
    try:
        return unit_label(text, lang)
    except UnitError:
        return text


def bracketed(text: str, lang: str) -> str:
    """The unit behind a name, " (kWh)"; nothing where there is none."""
    return f" ({unit(text, lang)})" if text else ""


def day(text: str, lang: str) -> str:
    """ "2025-01-31" → 31/01/2025."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text


def whole(value: Any, lang: str) -> str:
    """A sentence of another room, however long."""
    return str(value)


def joined(values: Any, lang: str) -> str:
    """The values with commas between them, the first twelve."""
    texts = [str(value) for value in _many(values)]
    return ", ".join(texts[:_MOST_LISTED]) + _rest(texts, lang)


def blanks(values: Any, lang: str) -> str:
    """What is not known of a solution, in words: its name, group, day, investment, saving."""
    return joined([_words(lang).get(f"blank_{value}", str(value)) for value in _many(values)], lang)


def changes(values: Any, lang: str) -> str:
    """Month by month: [period, figure there, figure of the file, cell] → "01/2025 (B3): 90 → 100"."""
    return _by_month(
        values, lang, lambda old, new: " → ".join(number(each, lang) for each in (old, new) if each)
    )


def kept(values: Any, lang: str) -> str:
    """As `changes`, of figures that were left aside: "01/2025 (B3): 90, tệp ghi 100"."""

    def words(old: str | None, new: str | None) -> str:
        said = _words(lang)["said"].format(new=number(new, lang)) if new else ""
        return ", ".join(filter(None, (number(old, lang) if old else "", said)))

    return _by_month(values, lang, words)


def _by_month(values: Any, lang: str, words: Callable[[str | None, str | None], str]) -> str:
    lines = []
    for code, old, new, cell in _many(values):
        when = f"{month(code, lang)} ({cell})" if cell else month(code, lang)
        lines.append(": ".join(filter(None, (when, words(old, new)))))
    return "; ".join(lines[:_MOST_LISTED]) + _rest(lines, lang)


def source(text: str, lang: str) -> str:
    """What a figure was read from, in words."""
    return _words(lang).get(f"source_{text}", text)


def because(text: str, lang: str) -> str:
    """Why a figure knows less than another, behind a comma: ", vì tệp này chỉ có số của một phần tháng"."""
    return _words(lang).get(f"because_{text}", "")


_FORMS = {
    "number": number,
    "digits": digits,
    "money": money,
    "month": month,
    "period": period,
    "unit": unit,
    "bracketed": bracketed,
    "date": day,
    "source": source,
    "because": because,
}
_SILENT = ("bracketed", "because")  # of a name that is not there: problems kept from before it was told
_LISTS = {"list": joined, "changes": changes, "kept": kept, "blanks": blanks, "whole": whole}


def plain(value: Any) -> Any:
    """A param as JSON keeps it: int, text, or lists of these."""
    if isinstance(value, int):
        return value
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _many(values: Any) -> Sequence[Any]:
    return values if isinstance(values, list | tuple) else [values]


def _rest(shown: Sequence[str], lang: str) -> str:
    left = len(shown) - _MOST_LISTED
    return _words(lang)["more"].format(n=left) if left > 0 else ""


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value.adjusted() < _MOST_DIGITS else None


@cache
def _words(lang: str) -> dict[str, str]:
    with Path(__file__).with_name("shown_words.csv").open(encoding="utf-8", newline="") as handle:
        return {row["word"]: row[lang] for row in csv.DictReader(handle)}
