"""Whether two facilities may be one: their identity side by side, and what speaks against it.

Only what is known of both can speak against: a tax code that is missing differs from none. Not for finding
duplicates, which is `queries.facilities.duplicates_of`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sachhon.apps.registry.models import Facility
from sachhon.reference.text import fold

ENTERPRISE_DIGITS = 10  # what follows names a branch of the same enterprise


@dataclass(frozen=True)
class Likeness:
    """One line of the comparison. `differs`: both are known and not the same."""

    label: str
    kept: str
    absorbed: str
    differs: bool


def side_by_side(kept: Facility, absorbed: Facility) -> list[Likeness]:
    """What tells one facility from another, in words, for both."""
    values = [
        (_("Code"), kept.code, absorbed.code, False),
        (_("Name"), kept.name, absorbed.name, fold(kept.name) != fold(absorbed.name)),
        (_("Enterprise"), str(kept.enterprise), str(absorbed.enterprise), None),
        (_("Tax code"), kept.tax_code, absorbed.tax_code, are_other_enterprises(kept, absorbed)),
        (_("Trade"), str(kept.trade), str(absorbed.trade), None),
        (_("Sector"), str(kept.sector or ""), str(absorbed.sector or ""), None),
        (_("Commune"), str(kept.area), str(absorbed.area), None),
        (_("Address"), kept.address, absorbed.address, fold(kept.address) != fold(absorbed.address)),
        (_("Status"), kept.get_status_display(), absorbed.get_status_display(), None),
        (_("Years with figures"), _years(kept), _years(absorbed), False),
    ]
    return [
        Likeness(label, a, b, bool(a and b) and (a != b if differs is None else differs))
        for label, a, b, differs in values
    ]


def are_other_enterprises(kept: Facility, absorbed: Facility) -> bool:
    """Whether both have a tax code and the two are of different enterprises."""
    a, b = (facility.tax_code[:ENTERPRISE_DIGITS] for facility in (kept, absorbed))
    return bool(a and b) and a != b


def _years(facility: Facility) -> str:
    years = sorted(set(facility.records.values_list("year", flat=True).distinct().order_by()))
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years))
