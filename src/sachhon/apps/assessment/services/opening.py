"""Opening an assessment, and who works on it."""

import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, AssessmentState, Comment, Kind, Member
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import Role, User
from sachhon.apps.registry.models import Assignment, Facility
from sachhon.apps.registry.services.facilities import assign
from sachhon.documents.numbers import format_date_short

# The roles whose people do assessments: the expert team is made up of experts and of officers of the Centre.
TEAM_ROLES = (Role.EXPERT, Role.CENTRE)
PLANNED = ("visit_on", "data_from", "data_to")


@transaction.atomic
def open_assessment(
    actor: User,
    facility: Facility,
    kind: Kind,
    *,
    data_from: datetime.date,
    data_to: datetime.date,
    reason: str = "",
    by_factory: bool = False,
    follows: Assessment | None = None,
) -> Assessment:
    """Opens an assessment of a facility over the figures of a period.

    A factory asks for one (it is then only requested, and the Centre appoints a team), or begins a quick one by
    itself; whoever else may open one starts it at once and is its first member.
    """
    require(actor, "assessment.request")
    _seen(actor, facility)
    _forward(data_from, data_to)
    asks = actor.role == Role.FACTORY
    if by_factory and not (asks and kind == Kind.QUICK):
        raise AssessmentError(
            _("Only a factory assesses itself, and only quickly: choose a quick assessment.")
        )
    assessment = Assessment.objects.create(
        facility=facility,
        kind=kind,
        state=AssessmentState.UNDERWAY if by_factory or not asks else AssessmentState.REQUESTED,
        by_factory=by_factory,
        follows=follows,
        reason=reason.strip(),
        data_from=data_from,
        data_to=data_to,
        opened_by=actor,
        lead=None if asks else actor,
    )
    audit.record(actor, "assessment.open", assessment, after=audit.snapshot(assessment))
    if not asks and actor.role in TEAM_ROLES:
        _join(actor, assessment, actor, "")
    return assessment


@transaction.atomic
def add_member(actor: User, assessment: Assessment, person: User, *, duty: str = "") -> Member:
    """Puts a person into the team; an expert is given access to the facility with it."""
    _manageable(actor, assessment)
    if person.role not in TEAM_ROLES:
        raise AssessmentError(_("Only experts and officers of the Centre join a team."))
    return _join(actor, assessment, person, duty)


@transaction.atomic
def remove_member(actor: User, member: Member) -> None:
    """Takes a person off the team. What they wrote stays; what they still have open is refused when saved."""
    assessment = member.assessment
    _manageable(actor, assessment)
    audit.record(actor, "assessment.leave", assessment, before={"member": member.user.display_name()})
    if assessment.lead_id == member.user_id:
        Assessment.objects.filter(pk=assessment.pk).update(lead=None)
    member.delete()


@transaction.atomic
def appoint_lead(actor: User, assessment: Assessment, person: User) -> None:
    """Makes a member the lead, who reviews and signs off."""
    require(actor, "assessment.manage")
    _seen_assessment(actor, assessment)
    if not assessment.members.filter(user=person).exists():
        raise AssessmentError(_("The lead is one of the team: add the person first."))
    before = assessment.lead.display_name() if assessment.lead else None
    Assessment.objects.filter(pk=assessment.pk).update(lead=person)
    audit.record(
        actor, "assessment.lead", assessment, before={"lead": before}, after={"lead": person.display_name()}
    )


@transaction.atomic
def plan(
    actor: User,
    assessment: Assessment,
    *,
    version: int,
    visit_on: datetime.date | None,
    data_from: datetime.date,
    data_to: datetime.date,
) -> Assessment:
    """Sets the day of the visit and the period of the figures, unless somebody else did in the meantime."""
    stored = locked_for_edit(actor, assessment)
    before = audit.snapshot(stored, PLANNED)
    shown = partial(format_date_short, lang="en" if get_language() == "en" else "vi")
    if stored.version != version:
        raise AssessmentError(
            _(
                "Somebody else changed this in the meantime (visit %(visit)s, figures %(first)s – %(last)s). "
                "Open the page again and compare."
            )
            % {
                "visit": shown(stored.visit_on),
                "first": shown(stored.data_from),
                "last": shown(stored.data_to),
            }
        )
    _forward(data_from, data_to)
    stored.visit_on, stored.data_from, stored.data_to = visit_on, data_from, data_to
    stored.version += 1
    stored.save(update_fields=[*PLANNED, "version"])
    audit.record(actor, "assessment.plan", stored, before=before, after=audit.snapshot(stored, PLANNED))
    return stored


@transaction.atomic
def comment(actor: User, assessment: Assessment, text: str, *, place: str = "") -> Comment:
    """Says something about an assessment; everyone who sees it may."""
    require(actor, "assessment.comment")
    _seen_assessment(actor, assessment)
    if not text.strip():
        raise AssessmentError(_("Write the comment first."))
    said = Comment.objects.create(
        assessment=assessment, place=place, by=actor, by_name=actor.display_name(), text=text.strip()[:4000]
    )
    audit.record(actor, "assessment.comment", assessment, after={"place": place, "text": said.text})
    return said


def closed_words() -> str:
    """Why somebody may not write an assessment that they may read."""
    return _("The assessment is closed to changes, or you are not in its team: ask its lead.")


def locked_for_edit(actor: User, assessment: Assessment) -> Assessment:
    """The assessment as stored now, its row locked until the transaction ends, if `actor` works on it.

    Every service that changes what is in an assessment begins with it: a person taken off the team in the
    meantime is told so, and what they sent is not stored.
    """
    require(actor, "assessment.edit")
    mine = Assessment.objects.editable_by(actor).filter(pk=assessment.pk).values("pk")
    stored = Assessment.objects.select_for_update().filter(pk__in=mine).first()
    if stored is None:
        raise NotYours(
            _("This was not saved: the assessment is closed, or you are no longer in its team. Ask its lead.")
        )
    return stored


def _join(actor: User, assessment: Assessment, person: User, duty: str) -> Member:
    member, created = Member.objects.get_or_create(
        assessment=assessment, user=person, defaults={"duty": duty.strip()}
    )
    if created:
        audit.record(actor, "assessment.join", assessment, after={"member": person.display_name()})
        sees = Assignment.objects.filter(user=person, facility=assessment.facility).exists()
        if person.role == Role.EXPERT and not sees:
            assign(actor, assessment.facility, person)
    return member


def _manageable(actor: User, assessment: Assessment) -> None:
    """Those who manage assessments, and the lead of this one."""
    if assessment.lead_id != actor.pk:
        require(actor, "assessment.manage")
    _seen_assessment(actor, assessment)


def _seen_assessment(actor: User, assessment: Assessment) -> None:
    if not Assessment.objects.visible_to(actor).filter(pk=assessment.pk).exists():
        raise NotYours(_("This assessment is not one you may see."))


def _forward(data_from: datetime.date, data_to: datetime.date) -> None:
    if data_to < data_from:
        raise AssessmentError(_("The period ends before it begins: choose a later last day."))


def _seen(actor: User, facility: Facility) -> None:
    if not Facility.objects.visible_to(actor).filter(pk=facility.pk).exists():
        raise NotYours(_("This facility is not one you may see."))
