"""The JSON form of a report's data: what is kept of an issued report, so that it prints the same for ever.

`to_json(data)` and `from_json(text)` are exact inverses (Decimals travel as strings, dates as ISO text).
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sachhon.documents.model import ProvinceReportData
from sachhon.documents.shapes import Cell

VERSION = 1
_CELL_TAGS = {"d": Decimal, "t": date.fromisoformat}


class SnapshotUnreadable(ValueError):
    """The stored text is not a report of this version."""


def to_json(data: ProvinceReportData) -> str:
    return json.dumps({"version": VERSION, "report": _plain(data)}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> ProvinceReportData:
    try:
        stored = json.loads(text)
        if stored["version"] != VERSION:
            raise SnapshotUnreadable(
                f"this report was stored in version {stored['version']} of the form, this program reads "
                f"version {VERSION}: open it with the program it was issued with"
            )
        return _build(ProvinceReportData, stored["report"])
    except (KeyError, TypeError, json.JSONDecodeError, AttributeError) as error:
        raise SnapshotUnreadable(
            f"the stored report is damaged ({error!r}): restore it from a backup, "
            "or build it anew from the records"
        ) from error


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return {"d": str(value)}
    if isinstance(value, date):
        return {"t": value.isoformat()}
    return value


_hints = cache(get_type_hints)  # a report is built of thousands of parts of some dozen kinds


def _build(kind: Any, value: Any) -> Any:
    """Rebuild a value of the annotated type. Tagged scalars know their own type."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _CELL_TAGS:
        tag, inner = next(iter(value.items()))
        return _CELL_TAGS[tag](inner)
    if value is None or kind == Cell:
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _build(hints[name], item) for name, item in value.items()})
    origin = get_origin(kind)
    if origin is tuple:
        args = get_args(kind)
        return tuple(_build(args[0], item) for item in value)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return _build(inner, value)
    if origin is Literal and value not in get_args(kind):
        raise KeyError(value)
    return value
