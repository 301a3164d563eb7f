"""Verification of a saving: the plan of measuring, the figures against a baseline model, and the expert's judgement.

A worsening is told and kept. The lead judges; what is verified is a figure with its interval, and proposed to the
annual report of its year. The figures are computed in services/verification_result.py.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import cast

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Option, OptionState, Verification, VerificationState
from sachhon.apps.assessment.services import lessons
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.assessment.services.figures import verified_figure
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.assessment.services.verification_result import computed
from sachhon.apps.assessment.services.verification_rules import check_plan, hindrances
from sachhon.apps.assessment.signals import saving_judged
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility, Figure, Resource
from sachhon.science.intensity import Verdict

PLANNED = (
    "resource", "meter", "who", "how_often", "baseline_from", "baseline_to", "report_from", "report_to", "confidence",
)  # fmt: skip


@transaction.atomic
def plan_verification(
    actor: User, assessment: Assessment, options: Sequence[Option], values: Mapping[str, object]
) -> Verification:
    """Says how the saving of some options will be measured: what, with which meter, by whom, over which months."""
    stored = locked_for_edit(actor, assessment)
    _periods(values)
    chosen = check_plan(stored, options, cast(Resource, values["resource"]))
    row = Verification.objects.create(assessment=stored, **{k: values[k] for k in PLANNED if k in values})
    row.options.set(chosen)
    log(actor, stored, row, before={}, after={"resource": str(row.resource)})
    audit.record(actor, "verification.plan", row, after=audit.snapshot(row, PLANNED))
    return row


@transaction.atomic
def change_verification(
    actor: User, row: Verification, options: Sequence[Option], values: Mapping[str, object], version: int
) -> Verification:
    """Changes the plan; what was computed on the old one is computed anew, what was judged stays as judged."""
    stored = _locked(actor, row)
    if stored.state in (VerificationState.VERIFIED, VerificationState.REFUSED):
        raise AssessmentError(_("This was judged already. Take the judgement back first."))
    _periods(values)
    paths = merge(actor, stored.assessment, stored, {k: values[k] for k in PLANNED if k in values}, version)
    stored.options.set(check_plan(stored.assessment, options, stored.resource))
    if paths and stored.state == VerificationState.COMPUTED:
        _store(stored)
    audit.record(actor, "verification.plan", stored, after={"fields": paths})
    return stored


@transaction.atomic
def compute(actor: User, row: Verification) -> Verification:
    """Computes the saving from the records as they are now."""
    stored = _locked(actor, row)
    if stored.state in (VerificationState.VERIFIED, VerificationState.REFUSED):
        raise AssessmentError(_("This was judged already. Take the judgement back first."))
    _store(stored)
    audit.record(actor, "verification.compute", stored, after={"verdict": stored.result.get("verdict")})
    return stored


@transaction.atomic
def judge(
    actor: User, row: Verification, *, verified: bool, note: str, version: int, now: datetime.datetime
) -> Verification:
    """The lead's word on a computed saving: verified as measured, or not verified, and why.

    Verified is only what was carried out and is not counted yet (`verification_rules.hindrances`).
    """
    # two assessments of a facility measure on the same records: their leads judge one after the other
    Facility.objects.select_for_update().get(pk=row.assessment.facility_id)
    stored = _locked(actor, row)
    _leads(actor, stored.assessment)
    if "saving" not in stored.result:
        raise AssessmentError(_("There is nothing to judge: compute it first."))
    if not verified and not note.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    if verified and (against := hindrances(stored, localtime(now).date())):
        raise AssessmentError(" ".join(against))
    state = VerificationState.VERIFIED if verified else VerificationState.REFUSED
    taken = Verification.objects.filter(
        pk=stored.pk, version=version, state=VerificationState.COMPUTED
    ).update(state=state, note=note.strip(), judged_at=now, judged_by=actor, version=version + 1)
    if not taken:
        raise AlreadyMoved(_("Somebody else changed or judged this in the meantime. Open the page again."))
    stored.refresh_from_db()
    if verified:
        stored.figure = verified_figure(stored)
        stored.save(update_fields=["figure"])
    log(actor, stored.assessment, stored, before={"state": "computed"}, after={"state": state}, reason=note)
    audit.record(actor, f"verification.{state}", stored, after={"saving": stored.result["saving"]})
    _tell(stored)
    if verified and stored.result["verdict"] == Verdict.SAVED:
        for option in stored.options.filter(state=OptionState.DONE, deleted_at=None):
            move_option(actor, option, "verify", today=localtime(now).date(), reason=note)
    return stored


@transaction.atomic
def take_back(actor: User, row: Verification, *, reason: str, now: datetime.datetime) -> Verification:
    """Takes a judgement back; the options are done again, the figure is no longer verified."""
    stored = _locked(actor, row)
    _leads(actor, stored.assessment)
    if not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    before = stored.state
    taken = Verification.objects.filter(
        pk=stored.pk, state__in=(VerificationState.VERIFIED, VerificationState.REFUSED)
    ).update(state=VerificationState.COMPUTED, judged_at=None, judged_by=None, version=stored.version + 1)
    if not taken:
        raise AlreadyMoved(_("Nothing was judged here."))
    if stored.figure_id:
        Figure.objects.filter(pk=stored.figure_id, issued=False).delete()
    stored.refresh_from_db()
    log(
        actor, stored.assessment, stored, before={"state": before}, after={"state": "computed"}, reason=reason
    )
    audit.record(actor, "verification.take_back", stored, before={"state": before}, after={"reason": reason})
    _tell(stored)
    for option in stored.options.filter(state=OptionState.VERIFIED):
        if not option.verifications.filter(state=VerificationState.VERIFIED).exists():
            move_option(actor, option, "doubt", today=localtime(now).date(), reason=reason)
            lessons.recall(option, _("The saving it tells is no longer verified."))
    return stored


def _store(row: Verification) -> None:
    row.result = computed(row)
    row.state = VerificationState.COMPUTED if "saving" in row.result else VerificationState.PLANNED
    row.save(update_fields=["result", "state"])


def _tell(row: Verification) -> None:
    years = list(range(row.report_from.year, row.report_to.year + 1))
    saving_judged.send(sender=Verification, facility=row.facility, years=years)


def _periods(values: Mapping[str, object]) -> None:
    a, b, c, d = (values.get(k) for k in ("baseline_from", "baseline_to", "report_from", "report_to"))
    if not (a and b and c and d) or not (a <= b < c <= d):
        raise AssessmentError(
            _("The baseline ends before the report months begin, and each period goes forward.")
        )


def _leads(actor: User, assessment: Assessment) -> None:
    if assessment.lead_id != actor.pk and not actor.may("assessment.manage"):
        raise NotYours(_("This step is taken by the lead or by the Centre."))


def _locked(actor: User, row: Verification) -> Verification:
    locked_for_edit(actor, row.assessment)
    return (
        Verification.objects.select_for_update()
        .select_related("assessment__facility", "resource")
        .get(pk=row.pk)
    )
