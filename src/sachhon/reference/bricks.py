"""Standard bricks (viên quy tiêu chuẩn, QTC): how many 220 × 105 × 60 mm bricks one brick of another size counts as.

By its outer volume: from the size where the name of the product says it, else from the kind of brick (table
`standard_bricks`). Benchmarks of brickworks are per 1,000 standard bricks.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .facts import Fact, facts
from .text import fold

STANDARD_MM3 = Decimal(220 * 105 * 60)
TABLE = "standard_bricks"
_SIZE = re.compile(r"(\d{2,3})\s*[x×*]\s*(\d{2,3})\s*[x×*]\s*(\d{2,3})")


@dataclass(frozen=True)
class StandardBricks:
    """What one brick counts as; `fact` is the row it was taken from, None where the name gave the size."""

    value: Decimal
    fact: Fact | None = None


def standard_bricks(name: str) -> StandardBricks | None:
    """How many standard bricks one brick of that name is; None where neither size nor kind can be told from it."""
    if size := _SIZE.search(name.lower()):
        a, b, c = (Decimal(part) for part in size.groups())
        return StandardBricks(round(a * b * c / STANDARD_MM3, 3))
    words = f" {fold(name)} "
    found = [f for f in facts(TABLE) if any(f" {word} " in words for word in f.extra["words"].split(";"))]
    return StandardBricks(found[0].value or Decimal(1), found[0]) if len(found) == 1 else None
