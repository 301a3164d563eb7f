"""Pinning the checklist of a quick assessment: the library's questions as they are on the day it begins."""

import dataclasses
import datetime
from decimal import Decimal

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, QuickSheet
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.guidance.queries import checklist_for, trade_of
from sachhon.apps.people.models import User


@transaction.atomic
def pin(actor: User, assessment: Assessment) -> QuickSheet:
    """The checklist of this assessment, pinned now if it is not yet."""
    stored = locked_for_edit(actor, assessment)
    before = QuickSheet.objects.filter(assessment=stored).first()
    if before is not None:
        return before
    trade = trade_of(stored.facility)
    questions = [plain(q) for q in checklist_for(trade, stored.facility.size_class)]
    return QuickSheet.objects.create(assessment=stored, trade=trade, questions=questions)


def plain(entry) -> dict:
    """An entry of the library as JSON keeps it, its version with it."""
    return {name: _value(value) for name, value in dataclasses.asdict(entry).items()}


def _value(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
