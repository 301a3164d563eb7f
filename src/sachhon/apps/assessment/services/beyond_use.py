"""Solutions that are said to save more of a resource than the facility uses in a year: a slip, not a solution.

Neither the likely saving nor the high end of its range can be more than that: range and chance are drawn up to the high
end, and of one that reaches too far the likely value lies outside the interval drawn. The use is that of the
assessment's period (`facility_facts.Used.a_year`); where it is not known nothing is judged. What cannot be is in no
choice, no sum and no curve before it is put right.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.queries.facility_facts import Used
from sachhon.apps.registry.models import Resource
from sachhon.documents.numbers import format_quantity
from sachhon.reference.units import unit_label
from sachhon.science.plausibility import Severity, saving_against_whole


@dataclass(frozen=True)
class Beyond:
    """A saving of a year that is more than all that is used, both in the resource's unit."""

    resource: Resource
    saving: float
    use: float
    at_most: bool = False  # the high end alone is too much, the likely saving can be

    @property
    def words(self) -> str:
        """What is wrong and what to do, in the language of the page."""
        lang = "en" if get_language() == "en" else "vi"
        told = {
            "saving": format_quantity(self.saving, lang),
            "use": format_quantity(self.use, lang),
            "unit": unit_label(self.resource.unit, lang),
            "resource": self.resource.name,
        }
        if self.at_most:
            return (
                _(
                    "It is said to save at most %(saving)s %(unit)s of %(resource)s a year; the facility uses "
                    "%(use)s. Correct the high end: until then it is in no choice and no sum."
                )
                % told
            )
        return (
            _(
                "It is said to save %(saving)s %(unit)s of %(resource)s a year; the facility uses %(use)s. "
                "Correct the saving: until then it is in no choice and no sum."
            )
            % told
        )


def beyond_use(option: Option, used: Mapping[str, Used]) -> tuple[Beyond, ...]:
    """What this option saves more of than there is, by its likely saving or else by the high end of its range."""
    found = []
    for code, row in option.savings.items():
        use = used[code].a_year if code in used else None
        ends = [(float(row[end]), end == "high") for end in ("likely", "high")]
        too_much = [(saving, at_most) for saving, at_most in ends if _is_slip(saving, use)]
        if too_much:
            saving, at_most = too_much[0]
            found.append(Beyond(used[code].resource, saving, use or 0.0, at_most))
    return tuple(found)


def _is_slip(saving: float, use: float | None) -> bool:
    return any(f.severity == Severity.ERROR for f in saving_against_whole(saving, use))


def beyond_words(option: Option, used: Mapping[str, Used]) -> str:
    """The same in words; empty where all can be."""
    return " ".join(one.words for one in beyond_use(option, used))
