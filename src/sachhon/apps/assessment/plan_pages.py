"""Puts the action plan together: the rows, the money, the schedule as a chart. Shows, decides nothing."""

import datetime

from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Assessment, Option, OptionState
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.option_pages import CARRIED_OUT, closed_name
from sachhon.apps.assessment.queries import attachments
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import is_closed, options_of, reasons_spoken
from sachhon.apps.assessment.services.plan import is_late
from sachhon.documents.charts import Task, gantt
from sachhon.documents.shapes import ChartSpec

S = OptionState


def plan_page(user, assessment: Assessment, today: datetime.date) -> dict:
    """The context of options/plan.html."""
    options = planned(user, assessment)
    chart = schedule(user, options, today)
    spoken = reasons_spoken(user, assessment)
    there = attachments.counts(user, assessment, "option")

    def files(option: Option) -> int | None:
        return None if is_closed(user, option) else there.get(option.pk, 0)

    return {
        "assessment": assessment,
        "rows": [
            {"option": o, "name": closed_name(user, o), "late": is_late(o, today), "files": files(o)}
            for o in options
        ],
        "photos": attachments.photos(user, assessment),
        "dropped": [
            (
                o,
                closed_name(user, o),
                "" if is_closed(user, o) else spoken.get(o.state_reason, o.state_reason),
            )
            for o in options_of(user, assessment).filter(state=S.DROPPED)
        ],
        "budget": sum(o.budget_vnd or 0 for o in options) or None,
        "spent": sum(o.spent_vnd or 0 for o in options) or None,
        "chart": on_page(chart, language()) if chart else None,
        "days": by_date(user, options, today),
        "measurable": any(o.state in (S.DONE, S.VERIFIED) for o in options),
        "may_edit": may_edit(user, assessment),
    }


def planned(user, assessment: Assessment) -> list[Option]:
    """What was chosen or further, by its last day."""
    rows = options_of(user, assessment).filter(state__in=CARRIED_OUT)
    return sorted(rows, key=lambda o: (o.ends_on or datetime.date.max, o.number))


def schedule(user, options: list[Option], today: datetime.date) -> ChartSpec | None:
    """The schedule of those that have both days."""
    tasks = [
        Task(
            f"{o.code} {closed_name(user, o)}",
            o.starts_on,
            o.ends_on,
            _kind(o, today),
            _("late") if is_late(o, today) else str(o.get_state_display()),
        )
        for o in options
        if o.starts_on and o.ends_on
    ]
    return gantt("gantt", tasks, today, language()) if tasks else None


def by_date(user, options: list[Option], today: datetime.date) -> list[dict]:
    """What begins, ends and was done of those that have a day, in the order of the calendar, with today among it."""
    found: list[dict] = []
    for o in options:
        one = {"option": o, "name": closed_name(user, o), "is_today": False, "late": False}
        if o.starts_on:
            found.append(one | {"on": o.starts_on, "what": _("begins")})
        if o.ends_on:
            found.append(one | {"on": o.ends_on, "what": _("to be done by"), "late": is_late(o, today)})
        if o.done_on:
            found.append(one | {"on": o.done_on, "what": _("done")})
    if found:
        found.append({"on": today, "is_today": True})
    return sorted(found, key=lambda d: (d["on"], not d["is_today"]))


def _kind(option: Option, today: datetime.date) -> str:
    if is_late(option, today):
        return "late"
    if option.state in (S.DONE, S.VERIFIED):
        return "done"
    return "doing" if option.state == S.IN_PROGRESS else "planned"
