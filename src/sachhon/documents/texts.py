"""The wording of the documents, in Vietnamese and English: `texts/*.csv` (key, vi, en).

A text may hold `{name}` to be filled, and `{name|word|words}`, which chooses by the number `name`
(English only: Vietnamese has one form). Filling is strict: a missing key or value is an error, so that no
document leaves with a hole in it.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib import resources

from sachhon.documents.shapes import Lang

_PLURAL = re.compile(r"\{(\w+)\|([^|}]*)\|([^}]*)\}")


class TextMissing(KeyError):
    """A text the document needs is not in `texts/*.csv`."""


class Words:
    """The texts of one language, called like a function: say("general", facilities="300")."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        if key not in self._texts:
            raise TextMissing(f"documents/texts has no text {key!r}: add a row with its vi and en wording")
        text = self._texts[key]
        text = _PLURAL.sub(lambda m: m[2] if str(values[m[1]]) == "1" else m[3], text)
        return text.format(**values) if values else text

    def get(self, key: str, otherwise: str) -> str:
        """A text that need not be there."""
        return self._texts.get(key, otherwise)

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)


@lru_cache(maxsize=2)
def words(lang: Lang) -> Words:
    """All texts of a language. A key found twice is an error."""
    texts: dict[str, str] = {}
    folder = resources.files("sachhon.documents").joinpath("texts")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".csv"):
            continue
        for row in csv.DictReader(file.read_text("utf-8").splitlines()):
            if row["key"] in texts:
                raise TextMissing(f"text {row['key']!r} stands twice, the second time in {file.name}")
            texts[row["key"]] = row[lang]
    return Words(texts)


def clean(text: str) -> str:
    """Text that XML and typst can carry: control characters out, line ends as spaces."""
    if text.isprintable():
        return text.strip()
    return "".join(c if c.isprintable() else " " for c in text).strip()
