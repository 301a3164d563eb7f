"""Bricks of different sizes as standard bricks (QTC), the unit that benchmarks of brickworks are per.

Weights that the factory gave its products are relative to its main product and go before the sizes: then only the
main product is turned into standard bricks. Without them each product counts by its size (reference.bricks).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.registry.models import Product
from sachhon.reference.bricks import StandardBricks, standard_bricks
from sachhon.reference.units import dimension, normalise_unit

STANDARD = "vien_qtc"
PIECES = "cai"


@dataclass(frozen=True)
class Counted:
    """What one brick of a product counts as; `known` False: neither its size nor its kind is told by its name."""

    product: Product
    value: Decimal
    known: bool
    found: StandardBricks | None = None


def wants_standard(unit_code: str, products: Sequence[Product]) -> bool:
    """Whether a benchmark in this unit is per standard brick, and the products are counted in pieces."""
    pieces = dimension(normalise_unit(PIECES) or PIECES)
    return STANDARD in unit_code and any(dimension(p.unit) == pieces for p in products)


def counted(products: Sequence[Product]) -> list[Counted]:
    """Each product with what one of it counts as, in standard bricks."""
    found = {p.pk: standard_bricks(p.name) for p in products}
    if any(p.norm_weight != 1 for p in products):
        main = next((p for p in products if p.norm_weight == 1), products[0])
        base = found[main.pk]
        size = base.value / main.norm_weight if base else Decimal(1)
        return [Counted(p, p.norm_weight * size, base is not None, base) for p in products]
    out = []
    for p in products:
        one = found[p.pk]
        out.append(Counted(p, one.value if one else Decimal(1), one is not None, one))
    return out
