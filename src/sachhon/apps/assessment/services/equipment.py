"""A run of an equipment calculator, kept with its inputs, steps, ranges and facts; and the option made of it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon import __version__
from sachhon.apps.assessment.calculators import CALCULATORS, Calculator, Outcome, run
from sachhon.apps.assessment.models import Assessment, EquipmentRun, Option, Origin
from sachhon.apps.assessment.queries.facility_facts import fact_row
from sachhon.apps.assessment.services.errors import AssessmentError, said
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.options import Start, add_option
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.science.uncertainty import ScienceError


@transaction.atomic
def run_calculator(
    actor: User,
    assessment: Assessment,
    code: str,
    values: Mapping[str, object],
    *,
    relative: float = 0.0,
    label: str = "",
) -> EquipmentRun:
    """Runs a calculator and keeps the run. `values`: inputs by name, percents as fractions; `relative`: 95 %
    uncertainty of the readings (0.1 = ± 10 %)."""
    stored = locked_for_edit(actor, assessment)
    calculator = CALCULATORS[code]
    outcome = computed(calculator, values, relative)
    kept = EquipmentRun.objects.create(
        assessment=stored,
        calculator=code,
        label=label.strip()[:255],
        inputs={"values": dict(values), "relative": relative},
        steps=[
            {"name": s.name, "formula": s.formula, "value": s.value, "unit": s.unit}
            for s in outcome.sheet.steps
        ],
        ranges=[{"text": str(r), "holds": r.holds} for r in outcome.sheet.ranges],
        saving={
            "resource": calculator.resource_of(values),
            "low": outcome.low,
            "likely": outcome.likely,
            "high": outcome.high,
            "shares": dict(outcome.shares),
        },
        facts=[fact_row(f) for f in calculator.facts(values)],
        source=outcome.sheet.source[:512],
        function=calculator.function,
        function_version=__version__,
        by=actor,
        by_name=actor.display_name(),
    )
    audit.record(actor, "option.calculate", stored, after={"calculator": code, "run": kept.pk})
    return kept


def computed(calculator: Calculator, values: Mapping[str, object], relative: float) -> Outcome:
    """The outcome, or an error that says which input to look at."""
    try:
        return run(calculator, values, relative)
    except ScienceError as error:
        raise AssessmentError(_("This cannot be computed: %(why)s") % {"why": said(error)}) from error


@transaction.atomic
def option_of_run(actor: User, kept: EquipmentRun, *, name: str = "") -> Option:
    """Makes an option of a run: its saving with its range, its group, the run behind it."""
    calculator = CALCULATORS[kept.calculator]
    saving = kept.saving
    savings = {}
    if saving["likely"]:
        savings = {saving["resource"]: {end: f"{saving[end]:.6g}" for end in ("low", "likely", "high")}}
    values = {
        "name": name.strip() or f"{calculator.title}{' – ' + kept.label if kept.label else ''}",
        "group": calculator.group,
        "place": kept.label,
        "savings": savings,
    }
    start = Start(Origin.EQUIPMENT, f"run:{kept.pk}", {"lang": get_language() or "vi"})
    return add_option(actor, kept.assessment, values, start)
