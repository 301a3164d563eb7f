"""Valuing options anew when the facility's records have moved the prices they were valued with.

A result is kept with its prices, so that the figure of a report stays what it was. Corrected or new records change
the price of today, not the result: the pages tell which options stand on old prices, and a person values them anew.
"""

from collections.abc import Iterable

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, Option
from sachhon.apps.assessment.services import comparison_result, economics
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.options import recompute
from sachhon.apps.people import audit
from sachhon.apps.people.models import User


def repriced(options: Iterable[Option], basis: economics.Basis) -> list[Option]:
    """Those whose prices are other ones today, or that had none and have one now."""
    return [option for option in options if any(_moved(option, code, basis) for code in option.savings)]


def _moved(option: Option, code: str, basis: economics.Basis) -> bool:
    if option.savings[code].get("price_vnd"):
        return False  # typed into the option: no record has a say in it
    if option.result.get("problem") == "no_price":
        return option.result["resource"] == code and basis.price(code).vnd is not None
    known = option.result.get("prices", {})
    return code in known and known[code] != basis.price(code).vnd


@transaction.atomic
def revalue(actor: User, assessment: Assessment) -> list[Option]:
    """Values the options on old prices anew; returns them. A choice that was decided stays as decided.

    Raises AssessmentError where the assessment is closed or the person does not work on it.
    """
    stored = locked_for_edit(actor, assessment)
    basis = economics.basis_of(stored)
    rows = stored.options.select_for_update(of=("self",)).filter(deleted_at=None)
    found = repriced(rows.select_related("assessment__facility"), basis)
    for option in found:
        recompute(option, basis)
        audit.record(
            actor, "option.revalue", option
        )  # no prices: the history is read by more people than they are
    if found:
        comparison_result.refresh(stored)
    return found
