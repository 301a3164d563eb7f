"""Which options to carry out with the money there is: computed for any budget, kept when it is decided.

Options that save of the same resource overlap: the second works on what the first left (`portfolio.overlap`, on the
use of the assessment's period), so no saving is counted twice. Money is in million VND throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon import __version__
from sachhon.apps.assessment.models import Assessment, Option, OptionState, Portfolio, Screening
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.queries.facility_facts import Used
from sachhon.apps.assessment.services import economics
from sachhon.apps.assessment.services.beyond_use import beyond_words
from sachhon.apps.assessment.services.errors import AssessmentError, said
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.science import portfolio as science
from sachhon.science.energy import EnergyUse, net_saving
from sachhon.science.finance import Project, Saving, Settings, abatement_curve, appraise
from sachhon.science.finance.abatement import Curve
from sachhon.science.uncertainty import ScienceError

MILLION = 1e6
AIMS = ("value", "co2_t", "toe")
FRONT_POINTS = 6


@dataclass(frozen=True)
class Candidate:
    """An option with what the choice knows of it."""

    option: Option
    inside: bool
    reason_vi: str
    reason_en: str


@dataclass(frozen=True)
class LeftOut:
    """An option not chosen among: dropped, without a value, or (`beyond`, in words) saving what is not there."""

    option: Option
    beyond: str = ""


@dataclass(frozen=True)
class Choice:
    """What is in and out within a budget (million VND; None: no limit), with reasons in words."""

    budget: float | None
    aim: str
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    totals: dict[str, float]
    cost: float
    whole_cost: float
    summary_vi: str
    summary_en: str
    uses_vi: tuple[str, ...]
    uses_en: tuple[str, ...]


def choose(assessment: Assessment, budget: float | None, aim: str = "value") -> Choice:
    """The best choice within `budget`; ScienceError words are told as AssessmentError."""
    basis = economics.basis_of(assessment)
    rows, left_out = _eligible(assessment, basis.used)
    if not rows:
        return Choice(budget, aim, (), tuple(left_out), {}, 0.0, 0.0, "", "", (), ())
    options = _science_options(rows)
    try:
        found = science.choose(
            options,
            science.Limits(budget=budget),
            aim={aim: 1.0},
            interactions=interactions(rows, basis),
        )
    except ScienceError as error:
        raise AssessmentError(_("No choice can be made: %(why)s") % {"why": said(error)}) from error
    chosen = set(found.chosen)
    steps = (science.next_step(found, use.limit) for use in found.uses)
    told = [step or use for step, use in zip(steps, found.uses, strict=True)]
    return Choice(
        budget,
        aim,
        tuple(
            Candidate(o, o.code in chosen, reason.sentence("vi"), reason.sentence("en"))
            for o, reason in zip(rows, found.reasons(), strict=True)
        ),
        tuple(left_out),
        dict(found.totals),
        float(sum(found.cost)),
        sum(float(o.cost) for o in options),  # type: ignore[arg-type]
        found.summary("vi"),
        found.summary("en"),
        tuple(w.sentence("vi") for w in told),
        tuple(w.sentence("en") for w in told),
    )


def front(assessment: Assessment, budget: float | None, effect: str = "co2_t") -> science.Front | None:
    """Choices between money and effect that none beats in both; None where no option has an effect."""
    basis = economics.basis_of(assessment)
    rows, _left_out = _eligible(assessment, basis.used)
    options = _science_options(rows)
    if len(rows) < 2 or not any(effect in o.savings for o in options):
        return None
    return science.front(
        options,
        science.Limits(budget=budget),
        aims=("value", effect),
        points=FRONT_POINTS,
        interactions=interactions(rows, basis),
    )


def abatement(assessment: Assessment) -> Curve | None:
    """The options by their yearly net cost a tonne of CO₂; None where none saves any."""
    used = facility_facts.used(assessment)
    rows = [o for o in _eligible(assessment, used)[0] if o.result.get("co2_t")]
    if not rows:
        return None
    return abatement_curve(
        [o.code for o in rows], [-o.result["annuity"] for o in rows], [o.result["co2_t"][1] for o in rows]
    )


@transaction.atomic
def decide(actor: User, assessment: Assessment, budget: float | None, aim: str, *, today) -> Portfolio:
    """Keeps the choice as it is now; what is in becomes “chosen”, what was chosen and is out goes back."""
    stored = locked_for_edit(actor, assessment)
    found = choose(stored, budget, aim)
    if not any(c.inside for c in found.candidates):
        raise AssessmentError(_("Nothing is in this choice: raise the budget, or value more solutions."))
    portfolio = Portfolio.objects.create(
        assessment=stored,
        budget_vnd=None if budget is None else round(budget * MILLION),
        aim=aim,
        rows=[
            {
                "option": c.option.pk,
                "number": c.option.number,
                "name": c.option.name,
                "version": c.option.version,
                "in": c.inside,
                "reason_vi": c.reason_vi,
                "reason_en": c.reason_en,
            }
            for c in found.candidates
        ],
        totals={**found.totals, "cost": found.cost},
        function_version=__version__,
        decided_by=actor,
        by_name=actor.display_name(),
    )
    for c in found.candidates:
        state = c.option.state
        if c.inside and state in (OptionState.IDEA, OptionState.STUDIED):
            move_option(actor, c.option, "choose", today=today, reason=c.reason_vi)
        elif not c.inside and state == OptionState.CHOSEN:
            move_option(actor, c.option, "unchoose", today=today, reason=c.reason_vi)
    for one in found.left_out:
        if one.beyond and one.option.state == OptionState.CHOSEN:
            move_option(actor, one.option, "unchoose", today=today, reason=one.beyond)
    after = {"budget_vnd": portfolio.budget_vnd, "in": [r["number"] for r in portfolio.rows if r["in"]]}
    audit.record(actor, "option.decide", stored, after=after)
    return portfolio


def interactions(rows: Sequence[Option], basis: economics.Basis) -> list[science.Overlap]:
    """What options on one resource save less together than each alone."""
    found = []
    for code in sorted({code for o in rows for code in o.savings}):
        known = basis.used.get(code)
        use = known.a_year if known else None
        if not use:
            continue
        shares = {o: float(o.savings[code]["likely"]) / use for o in rows if code in o.savings}
        shares = {o: share for o, share in shares.items() if 0 < share <= 1}
        if len(shares) > 1:
            found += _overlaps(code, use, shares, basis)
    return found


def _overlaps(
    code: str, use: float, shares: dict[Option, float], basis: economics.Basis
) -> list[science.Overlap]:
    """The effects lost among all of these options, and their worth in layers: a unit saved for few years is worth
    little, so what a short-lived option loses to a long-lived one is lost only while both live."""
    toe, co2 = facility_facts.toe_and_co2(code, basis.assessment.data_to)
    whole = net_saving(
        [EnergyUse(code, use, float(toe.value) if toe else None, float(co2.value) if co2 else None)]
    )
    known = {k for o in shares for k in _effects(o)}
    savings = {"toe": whole.toe.value, "co2_t": whole.co2_t.value}
    found = [
        science.Overlap(
            {o.code: share for o, share in shares.items()},
            savings={k: v for k, v in savings.items() if k in known},
        )
    ]
    worth = {o: _unit_worth(o, code) for o in shares}
    below = 0.0
    for level in sorted(set(worth.values())):
        layer = {o.code: share for o, share in shares.items() if worth[o] >= level}
        if len(layer) > 1:
            found.append(science.Overlap(layer, (level - below) * use))
        below = level
    return found


def _unit_worth(option: Option, code: str) -> float:
    """Present value of one unit a year over the option's life, in million VND, before tax."""
    result = option.result
    alone = Project(0.0, result["years"], {code: Saving(1.0, result["prices"][code] / MILLION)})
    # appraisals kept before inflation was noted know the discount rate alone
    settings = Settings(discount_rate=result["discount"], inflation=result.get("inflation", 0.0))
    return float(appraise(alone, settings).npv)


def _eligible(assessment: Assessment, used: Mapping[str, Used]) -> tuple[list[Option], list[LeftOut]]:
    rows = list(assessment.options.filter(deleted_at=None).select_related("assessment__facility"))
    good, rest = [], []
    for option in rows:
        dropped = option.screening == Screening.DROP or option.state == OptionState.DROPPED
        beyond = "" if dropped else beyond_words(option, used)
        if dropped or beyond or "npv" not in option.result:
            rest.append(LeftOut(option, beyond))
        else:
            good.append(option)
    return good, rest


def _science_options(rows: Sequence[Option]) -> list[science.Option]:
    valued = {o.number for o in rows}
    return [
        science.Option(
            o.code,
            o.result["npv"] / MILLION,
            max(o.result["investment"][1] - float(o.economic.get("grant_vnd") or 0), 0.0) / MILLION,
            _effects(o),
            group=o.excludes or None,
            requires=tuple(f"GP-{n:02d}" for n in o.needs if n in valued),
        )
        for o in rows
    ]


def _effects(option: Option) -> dict[str, float]:
    return {k: option.result[k][1] for k in ("toe", "co2_t") if option.result.get(k)}
