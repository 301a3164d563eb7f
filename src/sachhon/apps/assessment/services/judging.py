"""What treatments and choices of technology do alike: numbered, locked, and one alternative marked as chosen."""

import datetime
from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models.judged import Judged
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import log
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.people.models import User

MOST = 30  # of a kind in an assessment
Kind = TypeVar("Kind", bound=Judged)


def next_number(rows: QuerySet, full: str) -> int:
    """The number of a further one among `rows` of an assessment; `full`: what is said where there are too many."""
    last = rows.aggregate(n=Max("number"))["n"] or 0
    if last >= MOST:
        raise AssessmentError(full % {"n": MOST})
    return last + 1


def locked(actor: User, row: Kind) -> tuple[Assessment, Kind]:
    """The assessment and the row as they are stored, locked for a person who may change them."""
    assessment = locked_for_edit(actor, row.assessment)
    kind = type(row)
    return assessment, kind.objects.select_for_update().select_related("assessment__facility").get(pk=row.pk)


def locked_at(actor: User, row: Kind, version: int) -> tuple[Assessment, Kind]:
    """As `locked`; refused where the row is no longer as the person saw it."""
    assessment, stored = locked(actor, row)
    if stored.version != version:
        raise AssessmentError(_("Somebody else changed or judged this in the meantime. Open the page again."))
    return assessment, stored


def limited(alternatives: Mapping[str, Mapping], most: int) -> None:
    """Refuses more alternatives than can be read side by side."""
    if len(alternatives) > most:
        raise AssessmentError(_("Compare %(n)s alternatives at most.") % {"n": most})


def mark_chosen(
    actor: User, stored: Judged, alternative: str, *, reason: str, now: datetime.datetime
) -> dict:
    """Keeps which alternative was chosen, by whom, when and why; what was chosen before."""
    before = {"chosen": stored.chosen}
    stored.chosen, stored.chosen_reason = alternative, reason.strip()[:512]
    stored.chosen_at, stored.chosen_by_name = now, actor.display_name()
    stored.version += 1
    stored.save()
    log(actor, stored.assessment, stored, before=before, after={"chosen": alternative}, reason=reason)
    return before
