"""The words that headers, totals and remarks are made of. They are data: two CSV files beside this one.

``header_words.csv`` says which role a header speaks for; ``word_lists.csv`` holds the lists for totals,
estimates, errors, meter changes and flows. Headers are compared folded (no marks, no case).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sachhon.reference.text import fold


def header_role(text: str) -> tuple[str, str] | None:
    """The role a header speaks for and the word it was known by: ``("date_from", "tu ngay")``, or None."""
    return next(iter(header_roles(text)), None)


@lru_cache(maxsize=4096)
def header_roles(text: str) -> tuple[tuple[str, str], ...]:
    """All the roles a header may speak for, the one known by the longest words first."""
    key = header_key(text)
    if not key:
        return ()
    hits: list[tuple[int, int, str, str]] = []
    for order, (role, where, words) in enumerate(_header_words()):
        hit = (
            key == words
            if where == "exact"
            else key.startswith(words) and not key[len(words) : len(words) + 1].isalnum()
            if where == "start"
            else re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", key) is not None
        )
        if hit:
            hits.append((-len(words), order, role, words))
    return tuple((role, words) for _, _, role, words in sorted(hits))


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header folded, without its bracketed unit and with years masked, as compared from month to month."""
    key = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(text))
    key = re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", "####", key)
    return re.sub(r"[^a-z0-9#%/]+", " ", key).strip()


def is_total_text(value: Any) -> bool:
    """True for the label of a total, subtotal or average: "Cộng tháng 1", "TỔNG", "Luỹ kế"."""
    if not isinstance(value, str) or not value:
        return False
    return _total_text(value)


def is_total_column(header: str) -> bool:
    """True for a header such as "Cả năm" or "Tổng cộng" beside columns of months."""
    return header_key(header).removesuffix("####").strip() in words_of("total_column")


def is_rate(header: str) -> str | None:
    """The word by which a header is a share, a temperature or another state: "Tỷ lệ phế phẩm", "Độ ẩm (%)".

    Such a figure is no amount of anything, whatever else its header names.
    """
    last = header.split(" / ")[-1]
    if re.search(r"[(\[]\s*%\s*[)\]]|%\s*$", last):
        return "%"
    key = header_key(last)
    return next((w for w in words_of("rate") if re.match(rf"{re.escape(w)}(?![a-z0-9])", key)), None)


def has_word(value: Any, words: Iterable[str]) -> str | None:
    """The first of the words found in a text as a whole word (marks ignored where the word has none)."""
    if not isinstance(value, str) or not value.strip():
        return None
    lowered, folded = value.casefold(), fold(value)
    for word in words:
        text = folded if word.isascii() else lowered
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            return word
    return None


@cache
def words_of(name: str) -> tuple[str, ...]:
    """One list of ``word_lists.csv``, longest words first."""
    with Path(__file__).with_name("word_lists.csv").open(encoding="utf-8", newline="") as handle:
        words = [row["words"] for row in csv.DictReader(handle) if row["list"] == name]
    if not words:
        raise KeyError(name)
    return tuple(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=4096)
def _total_text(value: str) -> bool:
    text = " ".join(value.casefold().split()).lstrip("-*•.+ ")
    text = re.sub(r"^(?:[ivx]+|\d+|[a-z])[.)]\s*", "", text)
    if any(text.startswith(word) for word in words_of("not_total")):
        return False
    return any(re.match(rf"{re.escape(word)}(?!\w)", text) for word in words_of("total"))


@cache
def _header_words() -> tuple[tuple[str, str, str], ...]:
    with Path(__file__).with_name("header_words.csv").open(encoding="utf-8", newline="") as handle:
        return tuple((row["role"], row["where"], row["words"]) for row in csv.DictReader(handle))
