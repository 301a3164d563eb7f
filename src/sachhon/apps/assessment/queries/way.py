"""The six steps of a detailed assessment with where each stands: its pages, who signed it and when."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Process, StepSign
from sachhon.reference.catalogue import tasks


@dataclass(frozen=True)
class Place:
    """A page of a step."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """One of the six steps. state: "signed", "underway" (something is there) or "missing"."""

    number: int
    name: str
    tasks: tuple[str, ...]
    state: str
    places: tuple[Place, ...]
    sign: StepSign | None


def step_names(lang: str) -> dict[int, str]:
    """The names of the six steps as the method has them."""
    return {int(f.extra["step"]): f.extra[f"step_{lang}"] for f in tasks()}


def way(user, assessment: Assessment, lang: str) -> list[Step]:
    """The six steps in order."""
    signs = {
        s.step: s for s in StepSign.objects.visible_to(user).filter(assessment=assessment, withdrawn_at=None)
    }
    begun = _begun(assessment)
    places = _places(assessment)
    return [
        Step(
            number=number,
            name=name,
            tasks=tuple(f.name(lang) for f in tasks() if int(f.extra["step"]) == number),
            state="signed" if number in signs else "underway" if number in begun else "missing",
            places=tuple(places.get(number, ())),
            sign=signs.get(number),
        )
        for number, name in step_names(lang).items()
    ]


def _begun(assessment: Assessment) -> set[int]:
    options = assessment.options.filter(deleted_at=None)
    found = {1} if assessment.members.exists() else set()
    if Process.objects.filter(assessment=assessment).exists():
        found.add(2)
    if options.exists():
        found.add(3)
    if (
        assessment.portfolios.exists()
        or assessment.comparisons.exists()
        or options.exclude(economic={}).exists()
    ):
        found.add(4)
    if options.filter(state__in=("in_progress", "done", "verified")).exists():
        found.add(5)
    if assessment.verifications.exists():
        found.add(6)
    return found


def _places(assessment: Assessment) -> dict[int, list[Place]]:
    def at(label: str, name: str) -> Place:
        return Place(label, reverse(f"assessment:{name}", args=[assessment.pk]))

    return {
        2: [at(_("Flow-sheet"), "flow"), at(_("Losses and causes"), "flow_losses")],
        3: [
            at(_("Solutions"), "options"),
            at(_("Causes and library"), "sources"),
            at(_("Equipment calculators"), "calculators"),
        ],
        4: [at(_("Choice of technology"), "comparisons"), at(_("Choice under a budget"), "choice")],
        5: [at(_("Action plan"), "plan_of_action")],
        6: [at(_("Verification of savings"), "verifications")],
    }
