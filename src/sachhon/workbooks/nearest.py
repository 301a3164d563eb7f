"""A layout that changed a little: the kept mapping nearest to it, carried over, with what differs.

A column added, dropped, moved or renamed gives a table another signature, and the mapping made for it is not
found. The nearest kept one is proposed to a person; nothing is read by it until it is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from sachhon.workbooks.profile import ColumnMap, FieldMap, MappingProfile
from sachhon.workbooks.values import fold
from sachhon.workbooks.vocabulary import header_key

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ALIKE = 0.5  # the least share of headers that two layouts must have in common
_RENAMED = 0.75  # the least likeness of two headers to be one that was renamed


@dataclass(frozen=True)
class Nearest:
    """The kept mapping (by its place in the list), carried over to the new layout, and what differs between them."""

    at: int
    mapping: MappingProfile
    likeness: float
    added: tuple[str, ...]
    missing: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]  # (old header, new header)


def nearest(suggestion: MappingProfile, kept: Sequence[MappingProfile]) -> Nearest | None:
    """The most alike of `kept`, the first of equals; None where none has half of its headers in common.

    Likeness is the share of headers found in both, |A ∩ B| / |A ∪ B| (Jaccard), a renamed one counting as found.
    """
    found = [_carried(suggestion, each, at) for at, each in enumerate(kept)]
    alike = [each for each in found if each is not None and each.likeness >= _ALIKE]
    return max(alike, key=lambda each: each.likeness, default=None)


def _carried(suggestion: MappingProfile, kept: MappingProfile, at: int) -> Nearest | None:
    if (suggestion.kind == "form") != (kept.kind == "form"):
        return None
    new, old = _headers(suggestion), _headers(kept)
    pairs = _pairs(new, old)
    whole = len(new) + len(old) - len(pairs)
    if not pairs:
        return None
    return Nearest(
        at,
        _with_choices(suggestion, kept, pairs),
        len(pairs) / whole,
        added=tuple(header for i, header in enumerate(new) if i not in pairs and header),
        missing=tuple(header for i, header in enumerate(old) if i not in pairs.values() and header),
        renamed=tuple((old[j], new[i]) for i, j in pairs.items() if _spelled(old[j]) != _spelled(new[i])),
    )


def _headers(mapping: MappingProfile) -> list[str]:
    return [c.header for c in mapping.columns] or [f.label for f in mapping.fields]


def _spelled(header: str) -> str:
    """The header as a layout's signature sees it: its unit counts, its year does not."""
    return _YEAR.sub("####", fold(header))


def _pairs(new: Sequence[str], old: Sequence[str]) -> dict[int, int]:
    """New place → old place: equal headers first, in their order, then the most alike of those left over."""
    pairs: dict[int, int] = {}
    for i, header in enumerate(new):
        j = next((j for j, h in _free(old, pairs.values()) if header_key(h) == header_key(header)), None)
        if j is not None:
            pairs[i] = j
    left = [
        (SequenceMatcher(None, header_key(a), header_key(b)).ratio(), i, j)
        for i, a in _free(new, pairs.keys())
        for j, b in _free(old, pairs.values())
        if header_key(a) and header_key(b)
    ]
    for ratio, i, j in sorted(left, key=lambda each: (-each[0], each[1], each[2])):
        if ratio >= _RENAMED and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return dict(sorted(pairs.items()))


def _free(headers: Sequence[str], taken: Iterable[int]) -> list[tuple[int, str]]:
    held = set(taken)
    return [(place, header) for place, header in enumerate(headers) if place not in held]


def _with_choices(suggestion: MappingProfile, kept: MappingProfile, pairs: dict[int, int]) -> MappingProfile:
    """The suggestion's table, read as the kept mapping says; its year is the new file's own."""
    columns = tuple(
        _column(column, kept.columns[pairs[i]]) if i in pairs else column
        for i, column in enumerate(suggestion.columns)
    )
    fields = tuple(
        _field(field, kept.fields[pairs[i]]) if i in pairs and not columns else field
        for i, field in enumerate(suggestion.fields)
    )
    return replace(
        kept,
        name=suggestion.name,
        signature=suggestion.signature,
        sheet=suggestion.sheet,
        columns=columns,
        fields=fields,
        year=suggestion.year,
    )


def _column(new: ColumnMap, old: ColumnMap) -> ColumnMap:
    # The unit is the new header's where it gives one: it may be what changed.
    unit = new.unit or old.unit
    return replace(old, header=new.header, index=new.index, unit=unit, confidence=1.0, reason="kept", word="")


def _field(new: FieldMap, old: FieldMap) -> FieldMap:
    return replace(old, label=new.label, unit=new.unit or old.unit)
