"""The six steps of a detailed assessment with where each stands: its pages, who signed it and when."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sachhon.apps.assessment.models import Assessment, Process, StepSign
from sachhon.apps.assessment.services.fingerprint import changed_parts, fingerprint
from sachhon.reference.catalogue import tasks

PARTS = {
    "scope": gettext_lazy("period and lead"),
    "team": gettext_lazy("team"),
    "charter": gettext_lazy("scope and aims"),
    "meters": gettext_lazy("meters"),
    "plan": gettext_lazy("plan"),
    "processes": gettext_lazy("processes"),
    "streams": gettext_lazy("streams"),
    "substances": gettext_lazy("substances"),
    "measurements": gettext_lazy("measurements"),
    "balance": gettext_lazy("reconciled quantities and costs"),
    "causes": gettext_lazy("causes"),
    "options": gettext_lazy("solutions"),
    "runs": gettext_lazy("calculations"),
    "worth": gettext_lazy("feasibility of the solutions"),
    "comparisons": gettext_lazy("choices of technology"),
    "treatments": gettext_lazy("treatment of discharges"),
    "choices": gettext_lazy("choice of solutions"),
    "plan_of_action": gettext_lazy("action plan"),
    "verifications": gettext_lazy("verifications"),
}


@dataclass(frozen=True)
class Place:
    """A page of a step."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """One of the six steps. state: "signed", "resign" (changed since), "underway" (something is there) or "missing"."""

    number: int
    name: str
    tasks: tuple[str, ...]
    state: str
    places: tuple[Place, ...]
    sign: StepSign | None
    changed: tuple[str, ...] = ()  # what was changed after it was signed, in words

    @property
    def changed_words(self) -> str:
        """That the signature is not of what is there now; empty where it is."""
        if not self.changed:
            return ""
        return _("Changed after it was signed: %(parts)s.") % {"parts": ", ".join(self.changed)}


def step_names(lang: str) -> dict[int, str]:
    """The names of the six steps as the method has them."""
    return {int(f.extra["step"]): f.extra[f"step_{lang}"] for f in tasks()}


def way(user, assessment: Assessment, lang: str) -> list[Step]:
    """The six steps in order."""
    signs = {
        s.step: s for s in StepSign.objects.visible_to(user).filter(assessment=assessment, withdrawn_at=None)
    }
    there = begun(assessment)
    places = _places(assessment)
    changed = changed_since(assessment, signs)
    return [
        Step(
            number=number,
            name=name,
            tasks=tuple(f.name(lang) for f in tasks() if int(f.extra["step"]) == number),
            state="resign"
            if changed.get(number)
            else "signed"
            if number in signs
            else "underway"
            if number in there
            else "missing",
            places=tuple(places.get(number, ())),
            sign=signs.get(number),
            changed=changed.get(number, ()),
        )
        for number, name in step_names(lang).items()
    ]


def changed_since(assessment: Assessment, signs: dict[int, StepSign]) -> dict[int, tuple[str, ...]]:
    """Of each signed step what is not as it was signed; a step that stands on a changed one says so too."""
    found: dict[int, tuple[str, ...]] = {}
    for number, sign in sorted(signs.items()):
        parts = [str(PARTS[name]) for name in changed_parts(sign.of, fingerprint(assessment, number))]
        parts += [_("step %(n)s, on which it stands") % {"n": below} for below in found]
        if parts:
            found[number] = tuple(parts)
    return found


def begun(assessment: Assessment) -> set[int]:
    """The steps in which there is something."""
    options = assessment.options.filter(deleted_at=None)
    found = {1} if assessment.members.exists() else set()
    if Process.objects.filter(assessment=assessment).exists():
        found.add(2)
    if options.exists():
        found.add(3)
    if (
        assessment.portfolios.exists()
        or assessment.comparisons.exists()
        or assessment.treatments.exists()
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
        1: [at(_("Start"), "flow_start")],
        2: [at(_("Flow-sheet"), "flow"), at(_("Losses and causes"), "flow_losses")],
        3: [
            at(_("Solutions"), "options"),
            at(_("Causes and library"), "sources"),
            at(_("Equipment calculators"), "calculators"),
        ],
        4: [
            at(_("Choice of technology"), "comparisons"),
            at(_("Treatment of discharges"), "treatments"),
            at(_("Choice under a budget"), "choice"),
        ],
        5: [at(_("Action plan"), "plan_of_action")],
        6: [
            at(_("Verification of savings"), "verifications"),
            at(_("Lessons for the library"), "lessons"),
        ],
    }
