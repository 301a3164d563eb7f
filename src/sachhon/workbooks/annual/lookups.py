"""What a factory's words stand for in the reference: resource, unit, factor. Cached, for words come back."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from sachhon.reference import (
    Resource,
    UnitError,
    convert,
    find_resource,
    fold,
    normalise_unit,
    resource,
    split_period,
)
from sachhon.workbooks.annual.vocabulary import choice_of


@lru_cache(maxsize=8192)
def same_name(name: str) -> str:
    """A name as it is compared with others."""
    return fold(name)


@lru_cache(maxsize=8192)
def known_resource(name: str) -> Resource | None:
    """The resource a name means: one of the drop-downs, or as people write it."""
    if not name:
        return None
    code = choice_of("resources", name) or choice_of("residues", name)
    return resource(code) if code else find_resource(name)


@lru_cache(maxsize=8192)
def canonical_unit(typed: str) -> str | None:
    """The canonical unit of what was typed; "tấn/năm" in a column of a year's months is just "tấn"."""
    unit = normalise_unit(typed)
    return split_period(unit)[0] if unit else None


@lru_cache(maxsize=8192)
def conversion(unit: str, wanted: str, code: str) -> Decimal | None:
    """How many `wanted` one `unit` of that resource is ("" for a product), or None where they do not go."""
    try:
        return convert(Decimal(1), unit, wanted, resource=code or None)
    except UnitError:
        return None
