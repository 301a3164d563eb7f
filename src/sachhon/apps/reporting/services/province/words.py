"""Words of the province's figures and report in the language asked for, and the names behind codes."""

import csv
from functools import cache
from pathlib import Path

from sachhon import reference
from sachhon.apps.programme.words import province_area
from sachhon.apps.reporting.services.province.codes import parts_of
from sachhon.reference.units import UnitError, unit_label

# First part of a figure's code → what it counts; all others are measured and bear their unit.
COUNTED = {
    **dict.fromkeys(
        ("facilities", "key_users", "energy_reporters", "sector", "area", "size", "difficulty", "request"),
        "facilities",
    ),
    **dict.fromkeys(("solutions", "solutions_of_year"), "solutions"),
}
FILE = Path(__file__).resolve().parents[2] / "data" / "province.csv"


def say(code: str, lang: str, **params) -> str:
    """The text of that code in vi or en, with its params put in."""
    return _texts()[code]["en" if lang == "en" else "vi"].format(**params)


def both(code: str, **params) -> tuple[str, str]:
    """The text in Vietnamese and in English; a param that is a pair gives each its own."""
    vi, en = (
        say(code, lang, **{k: v[i] if isinstance(v, tuple) else v for k, v in params.items()})
        for i, lang in enumerate(("vi", "en"))
    )
    return vi, en


def province_name(code: str, lang: str) -> str:
    """Inside running text: "tỉnh Lạng Sơn", "Lạng Sơn Province"."""
    found = province_area(code)
    return found.name_en if lang == "en" else found.name[:1].lower() + found.name[1:]


def place_name(code: str) -> str:
    """The bare name, for the date line: "Lạng Sơn"."""
    name = province_area(code).name
    for level in ("Tỉnh ", "Thành phố "):
        name = name.removeprefix(level)
    return name


def resource_name(code: str, lang: str) -> str:
    """The resource in words; the code itself where the catalogue has lost it."""
    try:
        return reference.resource(code).name(lang)
    except reference.FactNotFound:
        return code


def unit_name(unit: str, lang: str) -> str:
    """The unit as it is printed."""
    try:
        return unit_label(unit, "en" if lang == "en" else "vi")
    except UnitError:
        return unit


def group_name(kind: str, code: str | None, areas: dict[str, str], lang: str) -> str:
    """A row of a breakdown in words: a trade, a commune or a size."""
    if code is None:
        return say("group.none", lang)
    if kind == "sector":
        return reference.trade(code).name(lang)
    if kind == "size":
        return say(f"size.{code}", lang).capitalize()
    return area_name(code, lang, areas.get(code, code))


def area_name(key: str, lang: str, name: str) -> str:
    """A commune by its key: as the store calls it, in English by the reference ("Đông Kinh Ward")."""
    if lang != "en":
        return name
    return _english_areas().get(key) or name


@cache
def _english_areas() -> dict[str, str]:
    return {area.key: area.name_en for area in reference.all_areas()}


def counted_unit(figure_code: str, lang: str) -> str:
    """What a figure of the province counts ("cơ sở", "giải pháp"); "" for one that measures."""
    part, *_more = parts_of(figure_code) or [""]
    return say(f"unit.{COUNTED[part]}", lang) if part in COUNTED else ""


@cache
def _texts() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}
