"""A fact in words, for the command line and the "where does this come from?" panel."""

import re
from datetime import date
from decimal import Decimal
from functools import cache

from .facts import Fact, fact, rows, tables_with, versions_of
from .numbers import format_number
from .units import unit_label


def describe(code: str, on: date, lang: str = "vi") -> str:
    """Return all there is to say of a fact on that day; of every table that has the code, where it is bare."""
    names = [f"{table}.{code}" for table in tables_with(code)] or [code]
    held = [f for name in names for f in versions_of(name) if f.holds(on)]
    return "\n\n".join(_describe(f, lang) for f in held or [fact(names[0], on)])


def confidence_label(confidence: str, lang: str = "vi") -> str:
    """Return the words shown for how sure a fact is."""
    return _labels(lang)[confidence]


def source_in(source: str, lang: str) -> str:
    """Return the name of a source in the language; titles and addresses that have no other name stay."""
    words = _source_words(lang)
    return re.sub(_any_of(lang), lambda found: words[found.group()], source)


@cache
def _source_words(lang: str) -> dict[str, str]:
    if lang == "en":
        return {r["vi"]: r["en"] for r in rows("source_words")}
    return {r["en"]: r["vi"] for r in rows("source_words") if r["both_ways"]}


@cache
def _any_of(lang: str) -> re.Pattern[str]:
    longest_first = sorted(_source_words(lang), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(words)}(?!\w)" for words in longest_first))


def _describe(f: Fact, lang: str) -> str:
    label = _labels(lang)
    lines = [f"{f.full_code}: {f.name(lang)}"]
    if f.value is not None:
        spread = ""
        if f.low is not None and f.high is not None:
            spread = f" ({format_number(f.low, lang)} – {format_number(f.high, lang)})"
        lines.append(
            f"{label['value']}: {format_number(f.value, lang)}{spread} {unit_label(f.unit, lang)}".rstrip()
        )
    if f.relative_uncertainty is not None:
        lines.append(f"{label['uncertainty']}: ±{format_number(f.relative_uncertainty * 100, lang)} %")
    lines.append(f"{label['validity']}: {_day(f.valid_from, lang)} – {_day(f.valid_to, lang)}")
    lines += [f"{label[key]}: {_as_number(key, text, lang)}" for key, text in _in_language(f, lang).items()]
    lines.append(f"{label['source']}: {source_in(f.source, lang)}")
    lines.append(f"{label['confidence']}: {confidence_label(f.confidence, lang)}")
    if f.note:
        lines.append(f"{label['note']}: {f.note}")
    return "\n".join(lines)


def _in_language(f: Fact, lang: str) -> dict[str, str]:
    """Return the table's own columns that are filled, of a pair such as text_vi and text_en only one."""
    wanted, other = ("_en", "_vi") if lang == "en" else ("_vi", "_en")
    return {k.removesuffix(wanted): text for k, text in f.extra.items() if text and not k.endswith(other)}


def _as_number(key: str, text: str, lang: str) -> str:
    """Write decimals and large amounts in the manner of the language; codes, years and words as they are."""
    if key == "arc_code" or not re.fullmatch(r"\d+\.\d+|[1-9]\d{4,}", text):
        return text
    return format_number(Decimal(text), lang)


@cache
def _labels(lang: str) -> dict[str, str]:
    return {r["key"]: r["en" if lang == "en" else "vi"] for r in rows("labels")}


def _day(day: date | None, lang: str) -> str:
    if day is None:
        return "…"
    return day.isoformat() if lang == "en" else f"{day:%d/%m/%Y}"
