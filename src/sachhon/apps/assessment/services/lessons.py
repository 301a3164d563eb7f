"""Lessons for the library: a factory's consent, the case drafted of its verified option, and both taken back.

A case is made only of a verified saving and a standing consent; where either falls, it is withdrawn from the library.
"""

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import LessonConsent, Member, Option, OptionState
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.lesson_case import case_of, verified_row
from sachhon.apps.assessment.services.lesson_leaks import leaks_of
from sachhon.apps.guidance import content as contents
from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion
from sachhon.apps.guidance.services import library
from sachhon.apps.guidance.services.errors import NotGoodYet
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import Role, User

CONSENT = "assessment.consent"


@transaction.atomic
def consent(
    actor: User, option: Option, *, person: str, position: str, given_on: datetime.date, paper: str = ""
) -> LessonConsent:
    """Records who of the factory agrees to the option being told without its name.

    A user of the factory consents here; whoever works on the assessment records a signed paper.
    """
    require(actor, CONSENT)
    stored = _seen(actor, option)
    if actor.role != Role.FACTORY and not paper.strip():
        raise AssessmentError(_("Write the number and day of the paper that the factory signed."))
    if not person.strip() or not position.strip():
        raise AssessmentError(_("Write who of the factory consents, and in which position."))
    if stored.confidential:
        raise AssessmentError(_("The solution is a trade secret of the factory: it is told to nobody."))
    if stored.state != OptionState.VERIFIED:
        raise AssessmentError(_("Only a solution whose saving is verified becomes a case."))
    try:
        with transaction.atomic():
            row = LessonConsent.objects.create(
                option=stored,
                person=person.strip()[:255],
                position=position.strip()[:255],
                paper=paper.strip()[:255],
                given_on=given_on,
                recorded_by=actor,
                recorded_by_name=actor.display_name(),
            )
    except IntegrityError:
        raise AssessmentError(_("There is a consent already.")) from None
    audit.record(actor, "lesson.consent", row, after={"person": row.person, "position": row.position})
    return row


@transaction.atomic
def withdraw(actor: User, row: LessonConsent, *, reason: str, now: datetime.datetime) -> LessonConsent:
    """Takes a consent back; the case made of it leaves the library at once. A factory owes no reason."""
    require(actor, CONSENT)
    _seen(actor, row.option)
    if actor.role != Role.FACTORY and not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    stored = _locked(row)
    if stored.withdrawn_at is not None:
        raise AssessmentError(_("This consent was taken back already."))
    stored.withdrawn_at, stored.withdrawn_by_name = now, actor.display_name()
    stored.withdrawn_reason = reason.strip()[:512]
    stored.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_reason"])
    if stored.case:
        library.take_down_case(stored.case, _("The consent to it was taken back."))
    audit.record(actor, "lesson.withdraw", stored, after={"reason": stored.withdrawn_reason})
    return stored


@transaction.atomic
def draft(actor: User, row: LessonConsent, words: Mapping[str, str]) -> LibraryVersion:
    """Drafts the case: figures from the verification, the words of what went well and badly; it waits for review."""
    require(actor, CONSENT)
    stored = _locked(row)
    option = _seen(actor, stored.option)
    if stored.withdrawn_at is not None:
        raise AssessmentError(_("The consent was taken back: nothing is told of this solution."))
    if stored.case:
        raise AssessmentError(
            _("The case %(code)s was drafted already: change it in the library.") % {"code": stored.case}
        )
    verified = verified_row(option)
    if option.state != OptionState.VERIFIED or verified is None:
        raise AssessmentError(_("Only a solution whose saving is verified becomes a case."))
    case = contents.plain_case(case_of(option, verified, _next_code(), dict(words)))
    if found := list(leaks_of(stored.facility, case)):
        raise NotGoodYet(found)
    stored.case = case["code"]
    stored.save(update_fields=["case"])
    made = library.create(actor, Kind.CASE, case, _("Drafted from a verified saving"))
    audit.record(actor, "lesson.draft", stored)
    return made


def recall(option: Option, why: str) -> None:
    """What a case was told by holds no longer: it leaves the library; the consent stands for a later one."""
    for row in option.consents.exclude(case="").filter(withdrawn_at=None):
        library.take_down_case(row.case, why)


def _locked(row: LessonConsent) -> LessonConsent:
    rows = LessonConsent.objects.select_for_update().select_related("option__assessment__facility")
    return rows.get(pk=row.pk)


def _next_code() -> str:
    """TH-0001, TH-0002, …: a number that tells nothing but the order."""
    last = LibraryItem.objects.filter(kind=Kind.CASE).aggregate(last=Max("code"))["last"]
    return f"TH-{int(last[3:]) + 1 if last else 1:04d}"


def _seen(actor: User, option: Option) -> Option:
    """The option, for a user of its factory or whoever works on the assessment; refused to all others."""
    stored = (
        Option.objects.visible_to(actor)
        .select_related("assessment__facility__enterprise")
        .filter(pk=option.pk)
    )
    found = stored.filter(deleted_at=None).first()
    if found is None:
        raise NotYours(_("This solution is not there any more."))
    works = Member.objects.filter(assessment=found.assessment, user=actor).exists()
    if not (works or actor.role in (Role.FACTORY, Role.CENTRE, Role.ADMIN)):
        raise NotYours(_("Only the factory and those who work on the assessment decide on this."))
    return found
