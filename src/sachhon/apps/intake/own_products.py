"""The products a facility is known to make, found again in the headers of its workbooks.

What the words of a header alone do not tell ("Colophan (tấn)") the facility's list of products does. A person still
confirms it with the rest of the mapping.
"""

from collections.abc import Sequence
from dataclasses import replace

from sachhon.reference.text import fold
from sachhon.workbooks.profile import ColumnMap, MappingProfile
from sachhon.workbooks.vocabulary import header_key


def with_products(mapping: MappingProfile, products: Sequence[str]) -> MappingProfile:
    """The suggestion with the columns named that the facility makes; what the headers themselves say stays."""
    if mapping.kind in ("solutions", "form"):
        return mapping
    return replace(mapping, columns=tuple(_named(column, products) for column in mapping.columns))


def _named(column: ColumnMap, products: Sequence[str]) -> ColumnMap:
    if column.role not in ("quantity", "undecided") or column.resource or column.label:
        return column
    key = header_key(column.header)
    found = [product for product in products if key and header_key(product) == key]
    if len(found) > 1:  # "Gạch (2 lỗ)" beside "Gạch (4 lỗ)": the bracket tells which
        found = [product for product in found if fold(product) in fold(column.header)]
    if len(found) != 1:
        return column
    return replace(
        column,
        role="quantity",
        label=found[0],
        flow="output",
        confidence=0.7,
        reason="own_product",
        word=found[0],
    )
