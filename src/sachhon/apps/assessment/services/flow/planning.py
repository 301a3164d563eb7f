"""The plan of a detailed assessment: the method's eighteen tasks, spread evenly over half a year as a first draft."""

import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, PlanTask
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome, change
from sachhon.apps.people.models import User
from sachhon.reference import tasks

WEEKS = 26  # a detailed assessment takes about half a year


def draft_plan(actor: User, assessment: Assessment, first_day: datetime.date) -> Outcome:
    """Adds the method's tasks one after another, to be put right by hand; once only."""
    if PlanTask.objects.filter(assessment=assessment, removed=False).exists():
        raise AssessmentError(_("There is a plan already: change its tasks one by one."))
    found = sorted(tasks(), key=lambda t: int(t.extra["number"]))
    step = datetime.timedelta(days=WEEKS * 7) / len(found)
    english = get_language() == "en"
    edits = [
        Edit(
            "task",
            {
                "name": task.name_en if english else task.name_vi,
                "starts": (first_day + n * step).isoformat(),
                "ends": (first_day + (n + 1) * step - datetime.timedelta(days=1)).isoformat(),
            },
        )
        for n, task in enumerate(found)
    ]
    return change(actor, assessment, edits)
