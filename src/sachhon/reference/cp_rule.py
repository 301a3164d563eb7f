"""What is not cleaner production: told by the words of a measure, the one rule for reports, files and the library.

The words are rows of `not_cp_words.csv`, folded; a measure that also speaks of reuse, recovery and the like is
not refused by its words alone, nor is one that has the very name of a known option.
"""

from functools import cache, lru_cache

from .facts import facts, rows
from .text import fold


@lru_cache(maxsize=20_000)
def not_cp_kind(text: str) -> tuple[str, str] | None:
    """Return the kind of measure that is not cleaner production and the words that say so, or None.

    >>> not_cp_kind("Xây trạm xử lý nước thải"), not_cp_kind("Thu hồi bụi về dây chuyền")
    (('treatment', 'xu ly nuoc thai'), None)
    """
    folded = fold(text)
    refused, allowed = _words()
    if folded in _known_options() or any(words in folded for words in allowed):
        return None
    return next(((kind, words) for words, kind in refused if words in folded), None)


@cache
def _words() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    refused = [(r["words"], r["not_cp"]) for r in rows("not_cp_words") if r["not_cp"]]
    allowed = tuple(r["words"] for r in rows("not_cp_words") if r["still_cp"])
    return tuple(sorted(refused, key=lambda pair: -len(pair[0]))), allowed


@cache
def _known_options() -> frozenset[str]:
    known = [f for f in facts("options") if not f.extra["not_cp"]]
    return frozenset(fold(name) for f in known for name in (f.name_vi, f.name_en))
