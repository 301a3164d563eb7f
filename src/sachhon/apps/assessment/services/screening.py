"""Screening in one go: for each option do now, study or drop, with the reason; what collides is told row by row."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.options import change_option
from sachhon.apps.people.models import User


@dataclass(frozen=True)
class Wish:
    """What a person says of one option, on top of the version they saw."""

    option: Option
    version: int
    screening: str
    reason: str


def screen(actor: User, wishes: Iterable[Wish]) -> dict[int, AssessmentError | Collision]:
    """Stores each that can be stored; what is wrong with the others, by number of the option.

    One option somebody else judged meanwhile does not keep the rest from being stored.
    """
    wrong = {}
    for wish in wishes:
        option = wish.option
        if (option.screening, option.screening_reason) == (wish.screening, wish.reason):
            continue
        values = {"screening": wish.screening, "screening_reason": wish.reason}
        try:
            with transaction.atomic():
                change_option(actor, option, values, wish.version)
        except AssessmentError as error:
            wrong[option.number] = error
    return wrong
