"""A version's content as plain JSON, and the reference's dataclasses made from it.

One codec for all kinds, driven by the dataclasses' own types, so that the file, the store and what the
queries give can never differ in shape. Decimals and dates are kept as text, exactly.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from sachhon.apps.guidance.cases import Case
from sachhon.apps.guidance.models import Kind
from sachhon.reference import knowledge
from sachhon.reference.library import Benchmark, Checklist, Option, Question

_WHOLE = {
    "electricity": ["all_electricity"],
    "fuel": ["thermal_fuels"],
    "water": ["all_water"],
    "raw_material": ["all_raw_materials"],
}
_LEFT_OUT = {"version"}  # the number of a version is not part of what it says


def plain_option(option: Option) -> dict[str, Any]:
    return _plain(option)


def plain_checklist(checklist: Checklist) -> dict[str, Any]:
    head = {name: getattr(checklist, name) for name in ("code", "name_vi", "name_en", "trade")}
    return head | {"questions": [_plain(q) for q in checklist.questions]}


def plain_benchmarks(system: str) -> dict[str, Any]:
    """The benchmarks of one system; its name is the item's."""
    found = knowledge.systems()[system]
    rows = [_plain(b) for b in knowledge.library_benchmarks().values() if b.system == system]
    return {"code": system, "name_vi": found.name_vi, "name_en": found.name_en, "rows": rows}


def option_of(content: dict, version: int) -> Option:
    """One option. A version from before `acts_on` was asked for speaks of its materials, or of its first kind."""
    before = {"acts_on": content["materials"] or _WHOLE.get(content["resources"][0], []), "alternative": ""}
    return _typed(Option, before | content, version)


def checklist_of(content: dict, version: int) -> Checklist:
    questions = tuple(_typed(Question, {"needs": ""} | q, version) for q in content["questions"])
    return Checklist(content["code"], content["name_vi"], content["name_en"], content["trade"], questions)


def benchmarks_of(content: dict, version: int) -> tuple[Benchmark, ...]:
    """The rows of a system. One from before it said what it counts takes that of the data file's row of its code."""
    return tuple(_typed(Benchmark, benchmark_scope(row) | row, version) for row in content["rows"])


def benchmark_scope(row: Mapping) -> dict[str, Any]:
    """What a benchmark kept as plain data counts and is per; of one kept before that was asked, as the file says."""
    file = knowledge.library_benchmarks().get(row["code"])
    known = {} if file is None else {name: list(getattr(file, name)) for name in ("counts", "products")}
    return {"counts": [], "per": file.per if file else "", "products": []} | known


def case_of(content: dict, version: int) -> Case:
    return _typed(Case, content, version)


def plain_case(case: Case) -> dict[str, Any]:
    return _plain(case)


def digest(content: dict) -> str:
    """A fingerprint of a content, to notice that a data file has changed."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def filed_under(kind: str, content: dict) -> dict[str, str]:
    """What the item repeats of its content, for lists: system, trade, group, resources, names."""
    if kind == Kind.OPTION:
        named = {"system": content["system"], "group": content["group"]}
        touched = content["resources"]
    elif kind == Kind.CASE:
        named = {"trade": content["trade"], "group": content["group"]}
        touched = [content["resource"]]
    elif kind == Kind.CHECKLIST:
        named = {"trade": content["trade"]}
        touched = sorted({q["resource"] for q in content["questions"]})
    else:
        named = {"system": content["code"]}
        touched = sorted({row["resource"] for row in content["rows"] if row["resource"]})
    names = {"name_vi": content["name_vi"], "name_en": content["name_en"]}
    return names | named | {"resources": f";{';'.join(touched)};" if touched else ""}


def _plain(thing) -> dict[str, Any]:
    return {f.name: _plain_value(getattr(thing, f.name)) for f in fields(thing) if f.name not in _LEFT_OUT}


def _plain_value(value):
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _typed(cls, content: dict, version: int):
    hints = _hints(cls)
    known = {name: _typed_value(hints[name], content[name]) for name in hints if name not in _LEFT_OUT}
    return cls(**known, version=version)


def _typed_value(hint, value):
    if value is None:
        return None
    if hint == tuple[str, ...]:
        return tuple(value)
    if hint in (Decimal, Decimal | None):
        return Decimal(value)
    if hint in (date, date | None):
        return date.fromisoformat(value)
    return float(value) if hint is float else value


@cache
def _hints(cls) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(cls).items() if name in {f.name for f in fields(cls)}}
