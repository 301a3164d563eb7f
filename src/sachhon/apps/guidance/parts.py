"""The parts of a content: the one option, the questions of a checklist, the rows of benchmarks.

Adding, replacing and taking out a part gives a new content; nothing here is stored.
"""

from sachhon.apps.guidance.fields import FIELDS
from sachhon.apps.guidance.models import Kind

_LIST = {Kind.CHECKLIST: "questions", Kind.BENCHMARK: "rows"}


def parts_of(kind: str, content: dict) -> list[dict]:
    """All parts, in order; an option or a case is its own only part."""
    return content[_LIST[Kind(kind)]] if kind in _LIST else [content]


def with_parts(kind: str, content: dict, parts: list[dict]) -> dict:
    """The content with these parts in place of its own."""
    return content | {_LIST[Kind(kind)]: parts} if kind in _LIST else parts[0]


def part_of(kind: str, content: dict, code: str) -> dict | None:
    """The part of that code."""
    return next((part for part in parts_of(kind, content) if part["code"] == code), None)


def with_part(kind: str, content: dict, part: dict) -> dict:
    """The content with a part of that code replaced, or added: a question at the end of its place in the walk."""
    parts = list(parts_of(kind, content))
    if kind == Kind.CHECKLIST:
        part = _placed(part, parts)
    if kind == Kind.BENCHMARK:
        part = part | {f"name_{lang}": _row_name(part, lang) for lang in ("vi", "en")}
    place = next((n for n, one in enumerate(parts) if one["code"] == part["code"]), None)
    if place is not None and parts[place].get("section") == part.get("section"):
        parts[place] = part
        return with_parts(kind, content, parts)
    rest = [one for one in parts if one["code"] != part["code"]]
    beside = [n for n, one in enumerate(rest) if one.get("section") == part.get("section")]
    after = beside[-1] + 1 if beside else len(rest)
    return with_parts(kind, content, [*rest[:after], part, *rest[after:]])


def without_part(kind: str, content: dict, code: str) -> dict:
    """The content without that part."""
    return with_parts(kind, content, [p for p in parts_of(kind, content) if p["code"] != code])


def new_part(kind: str, content: dict) -> dict:
    """An empty part of that content."""
    empty: dict = {"code": "", **{f.name: _empty(f.shape) for f in FIELDS[kind]}}
    if kind == Kind.CHECKLIST:
        return empty | {
            "checklist": content["code"],
            "section": "",
            "weight": 2.0,
            "confidence": "memory-low",
        }
    if kind == Kind.BENCHMARK:
        return empty | {"system": content["code"], "name_vi": "", "name_en": "", "confidence": "memory-low"}
    return empty | {"confidence": "estimate"}


def _row_name(part: dict, lang: str) -> str:
    return f"{part[f'process_{lang}']}: {part[f'indicator_{lang}']}"


def _empty(shape: str):
    return {"list": [], "number": None, "whole": None, "date": None, "yes": False}.get(shape, "")


def _placed(part: dict, parts: list[dict]) -> dict:
    """The question with the code of the place that it names; a place not known yet is a new one at the end."""
    for one in parts:
        if one["section_vi"] == part["section_vi"]:
            return part | {"section": one["section"], "section_en": one["section_en"]}
    known = {one["section"] for one in parts if one["code"] != part["code"]}
    number = next(n for n in range(1, 100) if f"{part['checklist']}.s{n}" not in known)
    return part | {"section": f"{part['checklist']}.s{number}"}
