"""What is to be done next in an assessment, said to the person who can do it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models import AssessmentState as S
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.way import Place, Step
from sachhon.apps.assessment.services.signing import may_sign


@dataclass(frozen=True)
class Next:
    """A sentence, and the page to go to where there is one."""

    words: str
    place: Place | None = None


def next_step(user, assessment: Assessment, way: list[Step]) -> Next | None:
    """The next thing this person can do or waits for; None where nothing is to be said."""
    if assessment.state == S.REQUESTED:
        return _requested(user, assessment)
    if assessment.state == S.IN_REVIEW and (assessment.lead_id == user.pk or user.may("assessment.manage")):
        return Next(_("Next: read the report, then sign off, or give back with the reason."))
    if assessment.state == S.UNDERWAY and way and may_edit(user, assessment):
        return _on_the_way(user, assessment, way)
    return None


def _requested(user, assessment: Assessment) -> Next:
    if not user.may("assessment.manage"):
        return Next(_("The request is with the Centre, which names the team and begins."))
    if assessment.lead_id is None:
        return Next(_("Next: add the people of the team below and make one of them the lead, then begin."))
    return Next(_("Next: begin. The team can then enter what it finds."))


def _on_the_way(user, assessment: Assessment, way: list[Step]) -> Next | None:
    for step in way:
        if step.state == "missing":
            words = _("Next: step %(n)s, %(name)s.") % {"n": step.number, "name": step.name}
            return Next(words, step.places[0] if step.places else None)
    unsigned = [str(step.number) for step in way if step.state != "signed"]
    if not unsigned:
        return Next(_("All six steps are signed. Next: send for review."))
    if may_sign(user, assessment):
        return Next(
            _("Next: go through the steps and sign them: %(steps)s.") % {"steps": ", ".join(unsigned)}
        )
    return Next(_("Every step is begun. The lead signs them when they are finished."))
