"""Reads of the programme: how facilities stand, filtered as the page asks."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sachhon import reference
from sachhon.apps.programme.models import FacilityStanding, TargetResult
from sachhon.apps.programme.services.judging import QUESTIONS
from sachhon.apps.programme.words import reason
from sachhon.apps.registry.models.facility import TriState
from sachhon.reference.text import fold

QUESTION_WORDS = {
    "aware": _("Aware of cleaner production"),
    "applying": _("Applying cleaner production"),
    "cp_unit": _("Has a cleaner production unit"),
}

SORTS = {
    "name": "facility__sort_key",
    "trade": "facility__trade__search_key",
    "area": "facility__area__search_key",
    **{question: question for question in QUESTION_WORDS},
}


@dataclass(frozen=True)
class Answer:
    """One answer about a facility, ready to be read."""

    question: str
    label: str
    state: str
    state_label: str
    reason: str
    rule: str


def standing_list(
    user,
    year: int,
    province: str,
    *,
    q: str = "",
    question: str = "",
    answer: str = "",
    target: str = "",
    sort: str = "",
) -> QuerySet[FacilityStanding]:
    """The standings of a year, by the name of the facility or in the order asked for.

    With `target`, the facilities that this target counts, and with `answer` those with that answer to it: the
    very ones behind its numbers as they were last computed.
    """
    rows = FacilityStanding.objects.visible_to(user).filter(year=year, facility__merged_into=None)
    if province:
        rows = rows.filter(facility__province_code=province)
    for word in fold(q).split():
        rows = rows.filter(facility__search_key__contains=word)
    if target:
        rows = rows.filter(facility__in=_counted(user, year, province, target, answer))
    elif question in QUESTIONS and answer in TriState.values:
        rows = rows.filter(**{question: answer})
    key = SORTS.get(sort.removeprefix("-"), "facility__sort_key")
    first = f"-{key}" if sort.startswith("-") else key
    rows = rows.order_by(first, "facility__sort_key", "pk")
    return rows.select_related("facility", "facility__trade", "facility__area")


def target_choices(user, year: int, province: str, lang: str) -> list[tuple[str, str]]:
    """(code, name) of the targets that were computed for the year."""
    rows = TargetResult.objects.visible_to(user).filter(year=year, headline=True)
    if province:
        rows = rows.filter(province_code=province)
    found = dict.fromkeys(rows.order_by("order").values_list("plan_code", "target_code"))
    names = {t.code: t.name(lang) for plan, _code in found for t in reference.targets(plan)}
    return [(code, names[code]) for _plan, code in found if code in names]


def standings_url(target: str, year: int, answer: str) -> str:
    """The page of the facilities behind one number of a target."""
    return f"{reverse('programme:standings')}?{urlencode({'year': year, 'target': target, 'answer': answer})}"


def _counted(user, year: int, province: str, target: str, answer: str) -> list[int]:
    rows = TargetResult.objects.visible_to(user).filter(year=year, target_code=target, headline=True)
    if province:
        rows = rows.filter(province_code=province)
    wanted = [answer] if answer in TriState.values else list(TriState.values)
    return [
        pk for members in rows.values_list("members", flat=True) for a in wanted for pk in members.get(a, ())
    ]


def answers(standing: FacilityStanding, lang: str) -> list[Answer]:
    """The three answers of a standing with their reasons."""
    return [
        Answer(
            question=question,
            label=str(QUESTION_WORDS[question]),
            state=getattr(standing, question),
            state_label=str(TriState(getattr(standing, question)).label),
            reason=reason(standing.evidence.get(question, {}), lang),
            rule=standing.evidence.get(question, {}).get("rule", ""),
        )
        for question in QUESTIONS
    ]
