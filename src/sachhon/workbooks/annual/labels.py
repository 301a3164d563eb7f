"""The words on the form, in Vietnamese and English (`labels.csv`). Words for reading are in `vocabulary`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["vi", "en"]


def label(key: str, lang: Lang = "vi", **params: Any) -> str:
    """The words of `key`, with the parameters put in. An unknown key is an error of ours: KeyError."""
    words = labels()[key][lang]
    return words.format(**params) if params else words


def has_label(key: str) -> bool:
    return key in labels()


@cache
def labels() -> dict[str, dict[Lang, str]]:
    """All labels: key -> language -> words."""
    with Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: {"vi": row["vi"], "en": row["en"]} for row in csv.DictReader(lines)}
