"""The lead's signature under each of the six steps: who, when and of which state; taken back it stays, with the reason.

A signed step may still be edited, since the work goes on while the assessment is under way. The signature then says
that the step was changed after it (queries/way.py), on every page and in every report, until the lead takes it back
and signs what is there now.
"""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, AssessmentState, Kind, StepSign
from sachhon.apps.assessment.queries.way import begun
from sachhon.apps.assessment.services import sign_checks
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.assessment.services.fingerprint import fingerprint
from sachhon.apps.people import audit
from sachhon.apps.people.models import User

STEPS = range(1, 7)


@transaction.atomic
def sign_step(actor: User, assessment: Assessment, step: int, *, note: str = "") -> StepSign:
    """Signs a step. The steps are signed in order: what a step stands on is agreed before it."""
    stored = _locked(actor, assessment)
    if step not in STEPS:
        raise AssessmentError(_("There are six steps."))
    signed = set(stored.step_signs.filter(withdrawn_at=None).values_list("step", flat=True))
    if missing := [s for s in STEPS if s < step and s not in signed]:
        raise AssessmentError(_("Step %(n)s is signed first.") % {"n": missing[0]})
    if step not in begun(stored):
        raise AssessmentError(_("There is nothing in this step to sign yet."))
    if step == sign_checks.LAST_STEP and (found := sign_checks.against_signing(stored)):
        raise AssessmentError(sign_checks.refusal(found))
    try:
        with transaction.atomic():
            sign = StepSign.objects.create(
                assessment=stored,
                step=step,
                note=note.strip()[:512],
                by=actor,
                by_name=actor.display_name(),
                of=fingerprint(stored, step),
            )
    except IntegrityError as error:
        raise AlreadyMoved(_("This step is signed already.")) from error
    audit.record(actor, "assessment.sign_step", stored, after={"step": step, "note": sign.note})
    return sign


@transaction.atomic
def withdraw_step(
    actor: User, assessment: Assessment, step: int, *, reason: str, now: datetime.datetime
) -> None:
    """Takes a signature back, and with it those of the later steps, which stand on it."""
    stored = _locked(actor, assessment)
    if not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    taken = stored.step_signs.filter(step__gte=step, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by_name=actor.display_name(), withdrawn_reason=reason.strip()[:512]
    )
    if not taken:
        raise AlreadyMoved(_("This step is not signed."))
    audit.record(actor, "assessment.withdraw_step", stored, after={"step": step, "reason": reason.strip()})


def may_sign(user: User, assessment: Assessment) -> bool:
    """Whether this person leads the assessment (or manages all), and it is open."""
    leads = assessment.lead_id == user.pk or user.may("assessment.manage")
    return leads and assessment.kind == Kind.DETAILED and assessment.state == AssessmentState.UNDERWAY


def _locked(actor: User, assessment: Assessment) -> Assessment:
    rows = Assessment.objects.visible_to(actor).filter(pk=assessment.pk).values("pk")
    stored = Assessment.objects.select_for_update().filter(pk__in=rows).first()
    if stored is None or not may_sign(actor, stored):
        raise NotYours(_("A step is signed by the lead or by the Centre, while the assessment is under way."))
    return stored
