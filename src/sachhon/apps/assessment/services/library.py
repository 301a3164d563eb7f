"""An option taken from the library: its published version pinned, its range put onto the facility's own use."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Option, Origin
from sachhon.apps.assessment.queries.facility_facts import Used, used
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.options import Start, add_option
from sachhon.apps.guidance import queries as library
from sachhon.apps.people.models import User
from sachhon.reference.catalogue import investment_classes
from sachhon.science.equipment.yearly import taken_away


@dataclass(frozen=True)
class Offer:
    """An option of the library with what it would save here, by resource (low, likely, high a year).

    Without savings nothing is promised: what it acts on has no figure here, and has to be measured first.
    """

    option: library.Option
    savings: dict[str, dict[str, float]]
    taken: bool


def offers(user: User, assessment: Assessment) -> list[Offer]:
    """The library's options for the facility's trade that save something it uses, those not taken up first.

    One taken up as a trade secret stands among the others for whoever may not know of it.
    """
    have = used(assessment)
    kinds = {u.resource.kind for u in have.values() if u.a_year}
    from_library = assessment.options.filter(origin=Origin.LIBRARY, deleted_at=None)
    taken = {o.origin_code.partition("@")[0] for o in from_library if not is_closed(user, o)}
    found = [
        Offer(o, savings_of(o, have), o.code in taken)
        for o in library.options_for(
            library.trade_of(assessment.facility), kinds, facility=assessment.facility
        )
    ]
    return sorted(found, key=lambda offer: (offer.taken, not offer.savings))


def savings_of(option: library.Option, have: dict[str, Used]) -> dict[str, dict[str, float]]:
    """The option's shares on the year's use of the resources that it acts on; on no other of their kind."""
    low, high = option.saving_of_resource
    return {
        code: {
            "low": taken_away(use.a_year, low)["saving"],
            "likely": taken_away(use.a_year, (low + high) / 2)["saving"],
            "high": taken_away(use.a_year, high)["saving"],
        }
        for code, use in have.items()
        if use.a_year and option.acts(code, use.resource.kind)
    }


@transaction.atomic
def take_from_library(actor: User, assessment: Assessment, code: str) -> Option:
    """Takes up an option of the library as it is published now; the version is kept with it."""
    found = library.option(code)
    if found is None:
        raise AssessmentError(_("The library has no published solution %(code)s.") % {"code": code})
    lang = "en" if get_language() == "en" else "vi"
    money = next((f for f in investment_classes() if f.code == found.investment_class), None)
    economic = {}
    if money is not None and money.low is not None and money.high is not None:
        economic = {
            "investment_low": money.low,
            "investment_likely": int(money.value or money.high),
            "investment_high": money.high,
        }
    savings = {
        code: {end: f"{amount:.4g}" for end, amount in row.items()}
        for code, row in savings_of(found, used(assessment)).items()
    }
    values = {
        "name": found.name(lang),
        "group": found.group,
        "description": "\n".join(filter(None, (found.condition(lang), found.effects(lang)))),
        "savings": {c: _plain(row) for c, row in savings.items()},
        "economic": economic,
    }
    facts = {
        "version": found.version,
        "low": str(found.low),
        "high": str(found.high),
        "base": found.base_vi,
        "acts_on": list(found.acts_on),
        "source": found.source,
        "confidence": found.confidence,
        "investment_class": found.investment_class,
    }
    return add_option(
        actor, assessment, values, Start(Origin.LIBRARY, f"{found.code}@{found.version}", facts)
    )


def _plain(row: dict[str, str]) -> dict[str, str]:
    return {end: f"{float(text):f}" for end, text in row.items()}
