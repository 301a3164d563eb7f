"""Whether a benchmark row says what it is of: its numerator, its denominator, and that these are what its words say.

A verdict on a factory is only as good as these: electricity alone against a norm of all energy always looks good, and
a use per tonne of product against one per tonne of raw material always looks poor.
"""

from collections.abc import Iterator, Mapping

from sachhon.reference import resources
from sachhon.reference.families import families
from sachhon.reference.text import fold

PER = ("product", "raw_material")
_KIND = {"heat": "fuel"}  # bought heat is told with the fuels
_OF_RAW_MATERIAL = ("nguyen lieu", "raw material")
_WASTE_WATER = ("nuoc thai", "waste water", "wastewater")


def scope_faults(part: Mapping) -> Iterator[str]:
    """The fields of a row that cannot be right, by name; none of a row that nobody is compared with."""
    counts, per = part.get("counts") or [], part.get("per") or ""
    if per not in ("", *PER) or bool(counts) != bool(per):
        yield "per"
    if not counts:
        return
    kinds = {kind for code in counts for kind in _kinds(code)}
    wanted = {"electricity", "fuel"} if part["resource"] == "energy" else {part["resource"]}
    said = [fold(part.get(name) or "") for name in ("indicator_vi", "indicator_en", "unit_vi", "unit_en")]
    if kinds != wanted or any(word in text for word in _WASTE_WATER for text in said):
        yield "counts"
    if per == "product" and any(word in text for word in _OF_RAW_MATERIAL for text in said[2:]):
        yield "per"


def _kinds(code: str) -> set[str]:
    by_code = {r.code: r.kind for r in resources()}
    found = families().get(code)
    if found is None:
        return {_KIND.get(by_code[code], by_code[code])} if code in by_code else set()
    kinds = found.kinds | {by_code[name] for name in found.resources}
    return {_KIND.get(kind, kind) for kind in kinds}
