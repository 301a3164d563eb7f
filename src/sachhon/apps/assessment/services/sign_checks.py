"""What stands against the last signatures of a detailed assessment, and what the lead is told before giving them.

A saving that was computed from records that are no longer there is no ground for a signature: step 6 and the sign-off
of the whole are refused with the place where it is put right. Work that is still open only warns, since an assessment
may be closed over it. One person may sign all of it; the page then says that nobody else has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    Kind,
    OptionState,
    PlanTask,
    StepSign,
    VerificationState,
)
from sachhon.apps.assessment.queries.verified import superseded
from sachhon.apps.assessment.services.verification_doubts import is_outdated

LAST_STEP = 6
MOST_NAMED = 5
OPEN_WORK = (OptionState.CHOSEN, OptionState.IN_PROGRESS)


@dataclass(frozen=True)
class Against:
    """One thing that a signature is refused for: what it is, and the page where it is put right."""

    words: str
    url: str


def against_signing(assessment: Assessment) -> list[Against]:
    """The savings of a detailed assessment whose records were changed since; none is of a quick one.

    A judgement that refused a saving, and one that is counted with another, tell nothing that could grow old.
    """
    if assessment.kind != Kind.DETAILED:
        return []
    rows = assessment.verifications.filter(
        state__in=(VerificationState.COMPUTED, VerificationState.VERIFIED)
    ).select_related("assessment__facility", "resource")
    replaced = superseded(assessment.facility)
    return [
        Against(
            _("%(resource)s, %(months)s: the records were changed after the saving was computed.")
            % {"resource": row.resource.name, "months": f"{row.report_from:%m/%Y}–{row.report_to:%m/%Y}"},
            reverse("assessment:verification", args=[assessment.pk, row.pk]),
        )
        for row in rows
        if row.pk not in replaced and is_outdated(row)
    ]


def open_work(assessment: Assessment) -> list[str]:
    """What of the plans is not done, in words; it is told before signing and hinders nothing."""
    if assessment.kind != Kind.DETAILED:
        return []
    tasks = PlanTask.objects.filter(assessment=assessment, removed=False, done=False).order_by("code")
    options = assessment.options.filter(deleted_at=None, state__in=OPEN_WORK).order_by("number")
    computed = assessment.verifications.filter(state=VerificationState.COMPUTED).count()
    told = []
    if names := [t.name for t in tasks]:
        told.append(_("Tasks of the plan not done (%(n)d): %(names)s.") % _named(names))
    if names := [o.code for o in options]:
        told.append(_("Solutions chosen but not carried out (%(n)d): %(names)s.") % _named(names))
    if computed:
        told.append(_("Savings computed but not judged: %(n)d.") % {"n": computed})
    return told


def refusal(found: Sequence[Against]) -> str:
    """Why it is not signed, with the cure."""
    return _("Not signed: %(what)s Take the judgement back, compute again and judge anew, then sign.") % {
        "what": " ".join(one.words for one in found)
    }


def one_hand(assessment: Assessment) -> str:
    """The name of the person who gave every signature of a detailed assessment; empty where there were two, or few."""
    signs = StepSign.objects.filter(assessment=assessment, withdrawn_at=None)
    hands = {(s.by_id, s.by_name) for s in signs}
    if len(signs) < LAST_STEP or len({by for by, _name in hands}) > 1:
        return ""
    by, name = hands.pop()
    return "" if assessment.signed_by_id not in (None, by) else name


def _named(names: list[str]) -> dict:
    more = " …" if len(names) > MOST_NAMED else ""
    return {"n": len(names), "names": "; ".join(names[:MOST_NAMED]) + more}
