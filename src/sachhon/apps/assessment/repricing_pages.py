"""Puts what is told of options on old prices together, as a person may read it. Shows, decides nothing."""

from collections.abc import Iterable

from sachhon.apps.assessment.forms_options import unit_word
from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services.economics import Basis
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.assessment.services.revaluing import repriced
from sachhon.apps.registry.models import Resource


def repriced_rows(user, found: Iterable[Option], basis: Basis) -> list[tuple[Option, list[dict]]]:
    """Options on old prices, each with the prices then and now; closed are those that this person may not know."""
    moved = repriced(found, basis)
    codes = {m.resource for prices in moved.values() for m in prices}
    names = {r.code: r for r in Resource.objects.filter(code__in=codes)}
    secret = frozenset() if sees_secrets(user) else basis.secret_prices
    return [
        (
            option,
            [
                {
                    "name": names[m.resource].name,
                    "unit": unit_word(names[m.resource].unit),
                    "old": m.old,
                    "new": m.new,
                    "closed": m.resource in secret,
                }
                for m in prices
            ],
        )
        for option, prices in moved.items()
    ]
