"""How an assessment moves: one table of transitions, one conditional UPDATE that takes a step.

The higher a step, the fewer may take it: whoever works on it sends it for review, the lead (or who manages
assessments) signs it off. Nobody checks before the row is taken; a step that is not there from where it stands
is told as such.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sachhon.apps.assessment.models import Assessment, AssessmentState
from sachhon.apps.assessment.services import sign_checks
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.people.permissions import allowed_roles

S = AssessmentState


@dataclass(frozen=True)
class Transition:
    """One step: where it starts, where it ends, and who may take it."""

    action: str
    sources: tuple[str, ...]
    target: str
    may: Callable[[User, Assessment], bool]
    label: str | Promise
    needs_reason: bool = False
    question: str | Promise = ""  # asked before a step that takes something from those who work on it


def _works_on(actor: User, assessment: Assessment) -> bool:
    return Assessment.objects.editable_by(actor).filter(pk=assessment.pk).exists()


def _manages(actor: User, assessment: Assessment) -> bool:
    return actor.may("assessment.manage")


def _signs(actor: User, assessment: Assessment) -> bool:
    return assessment.lead_id == actor.pk or actor.role in allowed_roles("assessment.manage")


TRANSITIONS: dict[str, Transition] = {
    step.action: step
    for step in [
        Transition("begin", (S.REQUESTED,), S.UNDERWAY, _manages, gettext_lazy("Begin")),
        Transition(
            "send",
            (S.UNDERWAY,),
            S.IN_REVIEW,
            _works_on,
            gettext_lazy("Send for review"),
            question=gettext_lazy("Nobody can change it then until it is given back."),
        ),
        Transition("give_back", (S.IN_REVIEW,), S.UNDERWAY, _signs, gettext_lazy("Give back"), True),
        Transition(
            "sign",
            (S.IN_REVIEW,),
            S.SIGNED,
            _signs,
            gettext_lazy("Sign off"),
            question=gettext_lazy("It is final then, under your name; to open it again needs a reason."),
        ),
        Transition("reopen", (S.SIGNED,), S.UNDERWAY, _signs, gettext_lazy("Open again"), True),
        Transition(
            "cancel",
            (S.REQUESTED, S.UNDERWAY),
            S.CANCELLED,
            _manages,
            gettext_lazy("Cancel the assessment"),
            True,
        ),
    ]
}


def possible(user: User, assessment: Assessment) -> list[Transition]:
    """The steps this person may take from where the assessment stands."""
    return [t for t in TRANSITIONS.values() if assessment.state in t.sources and t.may(user, assessment)]


@transaction.atomic
def move(
    actor: User, assessment: Assessment, action: str, *, now: datetime.datetime, reason: str = ""
) -> Assessment:
    """Takes one step of the table, audited; returns the assessment as stored then."""
    step = TRANSITIONS[action]
    if not Assessment.objects.visible_to(actor).filter(pk=assessment.pk).exists():
        raise NotYours(_("This assessment is not one you may see."))
    if step.needs_reason and not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    before = Assessment.objects.get(pk=assessment.pk)
    if before.state in step.sources and not step.may(actor, before):
        raise NotYours(_("This step is taken by the lead or by the Centre."))
    if action == "begin" and before.lead_id is None:
        raise AssessmentError(
            _("Name the lead first: add a person to the team, then make that person the lead.")
        )
    if action == "sign" and (found := sign_checks.against_signing(before)):
        raise AssessmentError(sign_checks.refusal(found))
    signed = {"signed_at": now, "signed_by": actor} if step.target == S.SIGNED else {}
    if action == "reopen":
        signed = {"signed_at": None, "signed_by": None}
    taken = Assessment.objects.filter(pk=assessment.pk, state__in=step.sources).update(
        state=step.target, version=F("version") + 1, **signed
    )
    stored = Assessment.objects.select_related("facility", "lead").get(pk=assessment.pk)
    if not taken:
        raise AlreadyMoved(
            _("Nothing was done: the assessment is “%(state)s”.") % {"state": stored.get_state_display()}
        )
    after = {"state": stored.state, **({"reason": reason.strip()} if reason.strip() else {})}
    audit.record(actor, f"assessment.{action}", stored, before={"state": before.state}, after=after)
    return stored
