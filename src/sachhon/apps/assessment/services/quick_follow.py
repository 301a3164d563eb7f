"""The factory's word on the advice, and what was carried out of it later."""

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, AssessmentState, FollowUp, OptionReply, QuickSheet
from sachhon.apps.assessment.queries.quick_follow import MONTHS
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import Role, User


@transaction.atomic
def reply(actor: User, sheet: QuickSheet, said: dict[str, tuple[str, str]]) -> None:
    """Keeps what the factory says about options: {code: (reply, note)}; "" takes an earlier word back."""
    assessment = _mine(actor, sheet)
    known = _options(sheet)
    for code, (word, note) in said.items():
        if code not in known or word not in ("", *OptionReply.Reply.values):
            raise AssessmentError(
                _("“%(code)s” is not among the options of this assessment.") % {"code": code[:32]}
            )
        if word == OptionReply.Reply.NOT_FIT and not note.strip():
            raise AssessmentError(_("Say why “%(name)s” does not fit.") % {"name": known[code]})
        if not word:
            sheet.option_replies.filter(option=code).delete()
            continue
        values = {"reply": word, "note": note.strip()[:2000], "by_name": actor.display_name()}
        OptionReply.objects.update_or_create(sheet=sheet, option=code, defaults=values)
    after = {code: word for code, (word, _note) in said.items() if word}
    audit.record(actor, "assessment.reply", assessment, after=after)


@transaction.atomic
def follow_up(
    actor: User, sheet: QuickSheet, *, months: int, states: dict[str, dict[str, str]], note: str
) -> FollowUp:
    """Keeps what was found some months after the signature: {code: {"state", "note"}}."""
    assessment = _mine(actor, sheet)
    if assessment.state != AssessmentState.SIGNED:
        raise AssessmentError(_("Follow-ups begin with the signature: sign the assessment off first."))
    known = _options(sheet)
    if months not in MONTHS or not set(states) <= set(known):
        raise AssessmentError(_("Choose 3, 6 or 12 months, and options of this assessment."))
    if any(one["state"] not in FollowUp.Done.values for one in states.values()):
        raise AssessmentError(_("Say of each option how far it is."))
    values = {"states": states, "note": note.strip()[:4000], "by": actor, "by_name": actor.display_name()}
    made, _created = FollowUp.objects.update_or_create(sheet=sheet, months=months, defaults=values)
    audit.record(actor, "assessment.follow_up", assessment, after={"months": months, "states": states})
    return made


def _mine(actor: User, sheet: QuickSheet) -> Assessment:
    """The assessment, locked, if this person belongs to it: in the team, of the factory, or who manages all."""
    require(actor, "assessment.edit")
    seen = Assessment.objects.visible_to(actor).filter(pk=sheet.assessment_id)
    stored = Assessment.objects.select_for_update().filter(pk__in=seen.values("pk")).first()
    belongs = stored is not None and (
        actor.role == Role.FACTORY
        or actor.may("assessment.manage")
        or stored.members.filter(user=actor).exists()
    )
    if stored is None or not belongs:
        raise NotYours(_("This assessment is not one you may see."))
    return stored


def _options(sheet: QuickSheet) -> dict[str, str]:
    """Code → name of the options that were advised."""
    content = sheet.result.content if hasattr(sheet, "result") else {"options": []}
    return {o["code"]: o["name_vi"] for o in content["options"]}
