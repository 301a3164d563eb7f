"""Valuing options anew when the facility's records have moved the prices they were valued with.

A result is kept with its prices, so that the figure of a report stays what it was. Corrected or new records change
the price of today, not the result: the pages tell which options stand on old prices, and a person values them anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, Option
from sachhon.apps.assessment.services import comparison_result, economics
from sachhon.apps.assessment.services.merging import log
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.options import recompute
from sachhon.apps.people import audit
from sachhon.apps.people.models import User


@dataclass(frozen=True)
class MovedPrice:
    """One price of an option that is another one today, in dong a unit; `old` None where it had none."""

    resource: str
    old: float | None
    new: float | None


def repriced(options: Iterable[Option], basis: economics.Basis) -> dict[Option, list[MovedPrice]]:
    """Those whose prices are other ones today, or that had none and have one now, with these prices."""
    found = {option: [m for c in option.savings if (m := _moved(option, c, basis))] for option in options}
    return {option: prices for option, prices in found.items() if prices}


def _moved(option: Option, code: str, basis: economics.Basis) -> MovedPrice | None:
    if option.savings[code].get("price_vnd"):
        return None  # typed into the option: no record has a say in it
    now = basis.price(code).vnd
    if option.result.get("problem") == "no_price":
        missed = option.result["resource"] == code and now is not None
        return MovedPrice(code, None, now) if missed else None
    known = option.result.get("prices", {})
    return MovedPrice(code, known[code], now) if code in known and known[code] != now else None


@transaction.atomic
def revalue(actor: User, assessment: Assessment) -> list[Option]:
    """Values the options on old prices anew; returns them. A choice that was decided stays as decided.

    It stands in the history of each, without the prices: more people read that than may know them. Raises
    AssessmentError where the assessment is closed or the person does not work on it.
    """
    stored = locked_for_edit(actor, assessment)
    basis = economics.basis_of(stored)
    rows = stored.options.select_for_update(of=("self",)).filter(deleted_at=None)
    found = list(repriced(rows.select_related("assessment__facility"), basis))
    for option in found:
        option.version += 1
        option.save(update_fields=["version"])
        recompute(option, basis)
        log(actor, stored, option, before={}, after={"revalued": True})
        audit.record(actor, "option.revalue", option)
    if found:
        comparison_result.refresh(stored)
    return found
