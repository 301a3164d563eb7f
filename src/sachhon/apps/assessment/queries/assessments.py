"""The list of assessments, and one of them with its team and what was said."""

from dataclasses import dataclass

from django.db.models import QuerySet

from sachhon.apps.assessment.models import Assessment, AssessmentState
from sachhon.reference.text import fold

SORTS = {"opened": "opened_at", "facility": "facility__sort_key", "state": "state", "visit": "visit_on"}
OPEN_STATES = (AssessmentState.REQUESTED, AssessmentState.UNDERWAY, AssessmentState.IN_REVIEW)


@dataclass(frozen=True)
class AssessmentFilter:
    """What stands in the list's address bar."""

    q: str = ""
    kind: str = ""
    state: str = ""
    whose: str = ""  # "mine": those the person works on
    sort: str = "-opened"

    @classmethod
    def from_params(cls, params) -> "AssessmentFilter":
        """Takes what it knows from a query string; the rest is ignored."""
        fields = cls.__dataclass_fields__
        return cls(**{name: params.get(name, "").strip()[:100] or fields[name].default for name in fields})


def assessment_list(user, wanted: AssessmentFilter, province: str = "") -> QuerySet[Assessment]:
    """The assessments that `user` may see and that match, in order. Search is by the facility's words."""
    rows = Assessment.objects.visible_to(user).select_related("facility", "facility__trade", "lead")
    if province:
        rows = rows.filter(facility__province_code=province)
    for word in fold(wanted.q).split():
        rows = rows.filter(facility__search_key__contains=word)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state__in=OPEN_STATES if wanted.state == "open" else [wanted.state])
    if wanted.whose == "mine":
        rows = rows.filter(members__user=user)
    column = SORTS.get(wanted.sort.lstrip("-"), "opened_at")
    return rows.order_by(f"-{column}" if wanted.sort.startswith("-") else column, "-pk")


def may_edit(user, assessment: Assessment) -> bool:
    """Whether this person works on it and it is open."""
    return (
        user.may("assessment.edit") and Assessment.objects.editable_by(user).filter(pk=assessment.pk).exists()
    )
