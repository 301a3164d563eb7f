"""What the steps of a calculation are called: the science names them by codes, people by words (step_words.csv)."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).parents[1] / "data" / "step_words.csv"


def step_word(name: str) -> str:
    """ "now: leak_share" as "Hiện nay: phần khí nén rò rỉ"; a code nobody has named stays."""
    lang = "en" if get_language() == "en" else "vi"
    head, colon, code = name.rpartition(": ")
    word = _words().get(code, {}).get(lang, code)
    if not colon:
        return word
    before = _words().get(f"{head}:", {}).get(lang, head)
    return f"{before}: {word[:1].lower()}{word[1:]}"


@cache
def _words() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
