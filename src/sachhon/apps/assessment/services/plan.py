"""Carrying out: one table of the states of an option, and the plan with every change of it.

A step is one conditional UPDATE on the state it starts from; whoever comes second is told what the state is. Person,
date and money are fields of the option, changed like all others (merged, kept in its history); once work was
planned, a change of the plan says why.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Option, OptionState, VerificationState
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.queries.verified import CARRIED_OUT
from sachhon.apps.assessment.services.beyond_use import beyond_words
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.options import locked_option
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.documents.numbers import format_date_short

S = OptionState
PLANNED = ("responsible", "starts_on", "ends_on", "budget_vnd", "spent_vnd", "done_on")


@dataclass(frozen=True)
class Move:
    """One step of an option. `by_hand`: offered on the page; the others are taken by other services."""

    action: str
    sources: tuple[str, ...]
    target: str
    label: str | Promise
    needs_reason: bool = False
    by_hand: bool = True


MOVES: dict[str, Move] = {
    m.action: m
    for m in [
        Move("study", (S.IDEA,), S.STUDIED, gettext_lazy("Study is done")),
        Move("choose", (S.IDEA, S.STUDIED), S.CHOSEN, gettext_lazy("Choose")),
        Move("unchoose", (S.CHOSEN,), S.STUDIED, gettext_lazy("Take out of the choice"), True),
        Move("begin", (S.CHOSEN,), S.IN_PROGRESS, gettext_lazy("Work begins")),
        Move("finish", (S.IN_PROGRESS,), S.DONE, gettext_lazy("Carried out")),
        Move("verify", (S.DONE,), S.VERIFIED, gettext_lazy("Verify"), by_hand=False),
        Move("doubt", (S.VERIFIED,), S.DONE, gettext_lazy("No longer verified"), True, by_hand=False),
        Move("resume", (S.DONE,), S.IN_PROGRESS, gettext_lazy("Work goes on"), True),
        Move("drop", (S.IDEA, S.STUDIED, S.CHOSEN, S.IN_PROGRESS), S.DROPPED, gettext_lazy("Drop"), True),
        Move("take_up", (S.DROPPED,), S.IDEA, gettext_lazy("Take up again"), True),
    ]
}


def possible(option: Option) -> list[Move]:
    """The steps offered from where the option is."""
    return [m for m in MOVES.values() if m.by_hand and option.state in m.sources and not option.deleted_at]


@transaction.atomic
def move_option(
    actor: User, option: Option, action: str, *, today: datetime.date, reason: str = ""
) -> Option:
    """Takes one step of the table, kept in the option's history."""
    assessment = locked_for_edit(actor, option.assessment)
    step = MOVES[action]
    if step.needs_reason and not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    before = Option.objects.get(pk=option.pk)
    if action == "resume" and before.verifications.filter(state=VerificationState.VERIFIED).exists():
        raise AssessmentError(
            _("What was measured of %(code)s was judged: take that judgement back first.")
            % {"code": before.code}
        )
    if action == "choose" and (wrong := beyond_words(before, facility_facts.used(assessment))):
        raise AssessmentError(f"{before.code}: {wrong}")
    done = {"done_on": today} if step.target == S.DONE and before.done_on is None else {}
    if done:
        _done_after(before, today, before.starts_on)
    if action == "resume":
        done = {"done_on": None}
    taken = Option.objects.filter(pk=option.pk, state__in=step.sources, deleted_at=None).update(
        state=step.target, state_reason=reason.strip()[:512], version=F("version") + 1, **done
    )
    stored = Option.objects.select_related("assessment__facility").get(pk=option.pk)
    if not taken:
        raise AlreadyMoved(
            _("Nothing was done: %(code)s is “%(state)s”.")
            % {"code": stored.code, "state": stored.get_state_display()}
        )
    names = ("state", "done_on")
    log(
        actor,
        assessment,
        stored,
        before=audit.snapshot(before, names),
        after=audit.snapshot(stored, names),
        reason=reason,
    )
    audit.record(
        actor, f"option.{action}", stored, before={"state": before.state}, after={"state": stored.state}
    )
    return stored


@transaction.atomic
def plan_option(
    actor: User, option: Option, values: Mapping[str, object], version: int, *, reason: str = ""
) -> Option:
    """Sets person, dates and money; a change of what was planned already says why.

    The day it was carried out is set by the step; here it is put right, since people tick it off later.
    """
    assessment = locked_for_edit(actor, option.assessment)
    stored = locked_option(option)
    was = {name: getattr(stored, name) for name in PLANNED if name != "spent_vnd"}
    given = {name: values[name] for name in PLANNED if name in values}
    starts, ends = given.get("starts_on", stored.starts_on), given.get("ends_on", stored.ends_on)
    if starts and ends and ends < starts:
        raise AssessmentError(_("The work ends before it begins: choose a later last day."))
    _done_day(stored, given, starts)
    paths = merge(actor, assessment, stored, given, version, reason=reason)
    moved = [name for name in was if name in paths and was[name] not in (None, "")]
    if moved and not reason.strip():
        raise AssessmentError(_("This was planned already: say why it changes."))
    if paths:
        audit.record(actor, "option.plan", stored, after={"fields": paths, "reason": reason.strip()})
    return stored


def _done_day(option: Option, given: Mapping[str, object], starts: object) -> None:
    """Refuses a day of carrying out that cannot be, and a first day of work after it."""
    day = given.get("done_on", option.done_on)
    if "done_on" in given and day != option.done_on:
        if option.state not in CARRIED_OUT or not isinstance(day, datetime.date):
            raise AssessmentError(
                _("The day it was carried out belongs to what was carried out, and stays a day.")
            )
        if day > timezone.localdate():
            raise AssessmentError(_("It cannot have been carried out on a day to come."))
    elif starts == option.starts_on:
        return  # neither day is changed: what was stored before there was this rule stands in no other's way
    if isinstance(day, datetime.date):
        _done_after(option, day, starts)


def _done_after(option: Option, day: datetime.date, starts: object) -> None:
    """Work is done when it has begun, and no solution of an assessment before the months that were assessed."""
    lang = "en" if get_language() == "en" else "vi"
    if isinstance(starts, datetime.date) and day < starts:
        raise AssessmentError(
            _(
                "%(code)s cannot be carried out on %(day)s, before its work begins on %(first)s: put the one or the "
                "other day of its plan right."
            )
            % {
                "code": option.code,
                "day": format_date_short(day, lang),
                "first": format_date_short(starts, lang),
            }
        )
    if day < option.assessment.data_from:
        raise AssessmentError(
            _(
                "%(code)s cannot be carried out on %(day)s, before the figures of this assessment begin on %(first)s: "
                "put the day right; what was done earlier is no solution of this assessment."
            )
            % {
                "code": option.code,
                "day": format_date_short(day, lang),
                "first": format_date_short(option.assessment.data_from, lang),
            }
        )


def is_late(option: Option, today: datetime.date) -> bool:
    """Whether work that was chosen should have been done by now."""
    return option.ends_on is not None and option.ends_on < today and option.state in (S.CHOSEN, S.IN_PROGRESS)
