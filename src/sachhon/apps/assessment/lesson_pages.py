"""Puts the pages of lessons together: the verified options of an assessment, one of them. Shows, decides nothing."""

from sachhon.apps.assessment.models import Assessment, LessonConsent, Option, OptionState
from sachhon.apps.assessment.option_pages import closed_name
from sachhon.apps.assessment.queries.options import is_closed, options_of
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.assessment.services.lesson_case import case_of, verified_row
from sachhon.apps.assessment.services.lessons import CONSENT
from sachhon.apps.guidance.case_pages import row as case_row
from sachhon.apps.guidance.models import Kind, LibraryItem
from sachhon.apps.people.models import Role


def list_page(user, assessment: Assessment) -> dict:
    """The context of options/lessons.html."""
    return {"assessment": assessment, "rows": lesson_rows(user, assessment)}


def lesson_rows(user, assessment: Assessment) -> list[dict]:
    """Every verified option with its standing consent and the case made of it. Which case it is, only those know who
    work with the factory."""
    options = [o for o in options_of(user, assessment).order_by("number") if o.state == OptionState.VERIFIED]
    consents = {
        c.option_id: c
        for c in LessonConsent.objects.visible_to(user).filter(option__in=options, withdrawn_at=None)
    }
    items = _items(user, [c.case for c in consents.values() if c.case])
    return [
        {
            "option": o,
            "name": closed_name(user, o),
            "consent": consents.get(o.pk),
            "item": items.get(consents[o.pk].case) if o.pk in consents else None,
        }
        for o in options
    ]


def lesson_page(user, option: Option) -> dict:
    """The context of options/lesson.html."""
    consents = list(LessonConsent.objects.visible_to(user).filter(option=option))
    standing = next((c for c in consents if c.withdrawn_at is None), None)
    verified = verified_row(option)
    sees = sees_secrets(user)
    case = case_of(option, verified, "TH", {}) if verified and sees and not is_closed(user, option) else None
    return {
        "assessment": option.assessment,
        "option": option,
        "name": closed_name(user, option),
        "standing": standing,
        "past": [c for c in consents if c.withdrawn_at is not None],
        "verified": verified,
        "preview": case_row(case) if case else None,
        "item": _items(user, [standing.case]).get(standing.case) if standing and standing.case else None,
        "may": user.may(CONSENT) and not option.confidential,
        "is_factory": user.role == Role.FACTORY,
        "may_draft": user.may("guidance.library.edit"),
    }


def _items(user, codes: list[str]) -> dict[str, LibraryItem]:
    if not sees_secrets(user):
        return {}
    return {i.code: i for i in LibraryItem.objects.filter(kind=Kind.CASE, code__in=codes)}
