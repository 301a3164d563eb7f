"""Verification of a saving: the plan of measuring, the figures against a baseline model, and the expert's judgement.

The records of the registry are read by month: the consumption of one resource, the output of every product as
drivers. `science.intensity` tries the baseline models and says what can be said; a worsening is told and kept. The
lead judges; what is verified is a figure with its interval, and proposed to the annual report of its year.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from sachhon import __version__
from sachhon.apps.assessment.models import Assessment, Option, OptionState, Verification, VerificationState
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.services import lessons
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours, kept
from sachhon.apps.assessment.services.figures import verified_figure
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.assessment.signals import saving_judged
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Figure, Flow, Record
from sachhon.science.energy import EnergyUse, net_saving
from sachhon.science.intensity import Baseline, Verdict, cusum_of_fit, fit_baseline, verify
from sachhon.science.uncertainty import ScienceError

PLANNED = (
    "resource", "meter", "who", "how_often", "baseline_from", "baseline_to", "report_from", "report_to", "confidence",
)  # fmt: skip
SEASONAL_FROM = 24  # months of baseline below which no yearly wave is tried: a year fits itself
Month = tuple[int, int]


@dataclass(frozen=True)
class Months:
    """Complete months of a facility: consumption (n,), drivers product → (n,), the records behind."""

    months: list[Month]
    consumption: np.ndarray
    drivers: Mapping[str, np.ndarray]
    records: list[int]
    cost_vnd: int | None
    priced: Decimal


@transaction.atomic
def plan_verification(
    actor: User, assessment: Assessment, options: Sequence[Option], values: Mapping[str, object]
) -> Verification:
    """Says how the saving of some options will be measured: what, with which meter, by whom, over which months."""
    stored = locked_for_edit(actor, assessment)
    _periods(values)
    row = Verification.objects.create(assessment=stored, **{k: values[k] for k in PLANNED if k in values})
    row.options.set(_own(stored, options))
    log(actor, stored, row, before={}, after={"resource": str(row.resource)})
    audit.record(actor, "verification.plan", row, after=audit.snapshot(row, PLANNED))
    return row


@transaction.atomic
def change_verification(
    actor: User, row: Verification, options: Sequence[Option], values: Mapping[str, object], version: int
) -> Verification:
    """Changes the plan; what was computed on the old one is computed anew, what was judged stays as judged."""
    stored = _locked(actor, row)
    if stored.state in (VerificationState.VERIFIED, VerificationState.REFUSED):
        raise AssessmentError(_("This was judged already. Take the judgement back first."))
    _periods(values)
    paths = merge(actor, stored.assessment, stored, {k: values[k] for k in PLANNED if k in values}, version)
    stored.options.set(_own(stored.assessment, options))
    if paths and stored.state == VerificationState.COMPUTED:
        _store(stored)
    audit.record(actor, "verification.plan", stored, after={"fields": paths})
    return stored


@transaction.atomic
def compute(actor: User, row: Verification) -> Verification:
    """Computes the saving from the records as they are now."""
    stored = _locked(actor, row)
    if stored.state in (VerificationState.VERIFIED, VerificationState.REFUSED):
        raise AssessmentError(_("This was judged already. Take the judgement back first."))
    _store(stored)
    audit.record(actor, "verification.compute", stored, after={"verdict": stored.result.get("verdict")})
    return stored


@transaction.atomic
def judge(
    actor: User, row: Verification, *, verified: bool, note: str, version: int, now: datetime.datetime
) -> Verification:
    """The lead's word on a computed saving: verified as measured, or not verified, and why."""
    stored = _locked(actor, row)
    _leads(actor, stored.assessment)
    if "saving" not in stored.result:
        raise AssessmentError(_("There is nothing to judge: compute it first."))
    if not verified and not note.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    state = VerificationState.VERIFIED if verified else VerificationState.REFUSED
    taken = Verification.objects.filter(
        pk=stored.pk, version=version, state=VerificationState.COMPUTED
    ).update(state=state, note=note.strip(), judged_at=now, judged_by=actor, version=version + 1)
    if not taken:
        raise AlreadyMoved(_("Somebody else changed or judged this in the meantime. Open the page again."))
    stored.refresh_from_db()
    if verified:
        stored.figure = verified_figure(stored)
        stored.save(update_fields=["figure"])
    log(actor, stored.assessment, stored, before={"state": "computed"}, after={"state": state}, reason=note)
    audit.record(actor, f"verification.{state}", stored, after={"saving": stored.result["saving"]})
    _tell(stored)
    if verified and stored.result["verdict"] == Verdict.SAVED:
        for option in stored.options.filter(state=OptionState.DONE, deleted_at=None):
            move_option(actor, option, "verify", today=now.date(), reason=note)
    return stored


@transaction.atomic
def take_back(actor: User, row: Verification, *, reason: str, now: datetime.datetime) -> Verification:
    """Takes a judgement back; the options are done again, the figure is no longer verified."""
    stored = _locked(actor, row)
    _leads(actor, stored.assessment)
    if not reason.strip():
        raise AssessmentError(_("Write the reason first: the others will read it."))
    before = stored.state
    taken = Verification.objects.filter(
        pk=stored.pk, state__in=(VerificationState.VERIFIED, VerificationState.REFUSED)
    ).update(state=VerificationState.COMPUTED, judged_at=None, judged_by=None, version=stored.version + 1)
    if not taken:
        raise AlreadyMoved(_("Nothing was judged here."))
    if stored.figure_id:
        Figure.objects.filter(pk=stored.figure_id, issued=False).delete()
    stored.refresh_from_db()
    log(
        actor, stored.assessment, stored, before={"state": before}, after={"state": "computed"}, reason=reason
    )
    audit.record(actor, "verification.take_back", stored, before={"state": before}, after={"reason": reason})
    _tell(stored)
    for option in stored.options.filter(state=OptionState.VERIFIED):
        if not option.verifications.filter(state=VerificationState.VERIFIED).exists():
            move_option(actor, option, "doubt", today=now.date(), reason=reason)
            lessons.recall(actor, option, _("The saving it tells is no longer verified."))
    return stored


def read_months(row: Verification, first: datetime.date, last: datetime.date) -> Months:
    """The months of a period that have the consumption; a product not made that month is 0, one not recorded NaN."""
    records = Record.objects.filter(facility=row.facility, year__range=(first.year, last.year))
    wanted = [
        r
        for r in records.select_related("product", "resource").order_by("year", "month")
        if (first.year, first.month) <= (r.year, r.month) <= (last.year, last.month)
    ]
    used = [r for r in wanted if r.flow == Flow.CONSUMPTION and r.resource_id == row.resource_id]
    made = [r for r in wanted if r.flow == Flow.OUTPUT]
    months = sorted({(r.year, r.month) for r in used})
    quantity = {m: float(sum(r.quantity for r in used if (r.year, r.month) == m)) for m in months}
    recorded = {(r.year, r.month) for r in made}
    drivers = {
        name: np.array([_output(made, name, m) if m in recorded else np.nan for m in months])
        for name in sorted({r.product.name for r in made})
    }
    priced = [r for r in used if r.cost_vnd is not None]
    return Months(
        months,
        np.array([quantity[m] for m in months]),
        drivers,
        [r.pk for r in used] + [r.pk for r in made if (r.year, r.month) in quantity],
        sum(r.cost_vnd for r in priced) if priced else None,
        sum((r.quantity for r in priced), Decimal(0)),
    )


def computed(row: Verification) -> dict:
    """The result as plain JSON; `{"problem": words}` where none can be had, with every model tried."""
    before = read_months(row, row.baseline_from, row.baseline_to)
    after = read_months(row, row.report_from, row.report_to)
    if not before.months or not after.months:
        return {"problem": "no_months"}
    names = [n for n in before.drivers if n in after.drivers]
    calendar = np.array([m for _y, m in before.months]) if len(before.months) >= SEASONAL_FROM else None
    try:
        baseline = fit_baseline(before.consumption, {n: before.drivers[n] for n in names}, month=calendar)
        if baseline.chosen is None:
            return {"problem": "no_model", **_tried(baseline)}
        report_calendar = np.array([m for _y, m in after.months])
        found = verify(
            baseline,
            {n: after.drivers[n] for n in names},
            after.consumption,
            month=report_calendar,
            confidence=row.confidence / 100,
        )
    except ScienceError as error:
        return kept(error)
    fit = baseline.chosen.fit
    result = {
        "saving": found.saving.value,
        "low": found.low,
        "high": found.high,
        "expected": found.expected,
        "actual": found.actual,
        "relative": found.relative,
        "verdict": str(found.verdict),
        "words_vi": found.words("vi"),
        "words_en": found.words("en"),
        "months": found.months,
        "left_out": found.left_out,
        "outside": list(found.outside),
        "ashrae": found.ashrae_accepts,
        "baseline_months": fit.n,
        "r2": fit.r2,
        "cv_rmse": fit.cv_rmse,
        **_tried(baseline),
        **_series(row, baseline, before, after, names),
        "records": before.records + after.records,
        "function_version": __version__,
    }
    return result | _worth(row, after, found.saving.value)


def _store(row: Verification) -> None:
    row.result = computed(row)
    row.state = VerificationState.COMPUTED if "saving" in row.result else VerificationState.PLANNED
    row.save(update_fields=["result", "state"])


def _tried(baseline: Baseline) -> dict:
    chosen = baseline.chosen
    return {
        "model_vi": chosen.model.words("vi") if chosen else "",
        "model_en": chosen.model.words("en") if chosen else "",
        "tried_vi": list(baseline.explain("vi")),
        "tried_en": list(baseline.explain("en")),
    }


def _series(row: Verification, baseline: Baseline, before: Months, after: Months, names: list[str]) -> dict:
    """Actual and expected of every complete month, and the cumulative sum of the report months with its band."""
    fit = baseline.chosen.fit
    both, parts = [], []
    for part in (before, after):
        calendar = np.array([m for _y, m in part.months], dtype=float)
        rows = baseline.rows({n: part.drivers[n] for n in names}, calendar)
        whole = np.isfinite(rows).all(axis=1)
        kept = [m for m, ok in zip(part.months, whole, strict=True) if ok]
        chart = cusum_of_fit(fit, rows[whole], part.consumption[whole], confidence=row.confidence / 100)
        both += [
            [*month, float(used), float(used - difference)]
            for month, used, difference in zip(kept, part.consumption[whole], chart.difference, strict=True)
        ]
        parts.append((kept, chart))
    kept, chart = parts[1]
    return {
        "series": both,
        "cusum": [
            [*month, float(d), float(c), float(b)]
            for month, d, c, b in zip(kept, chart.difference, chart.cumulative, chart.band, strict=True)
        ],
        "signals": [[*kept[s.since], s.better] for s in chart.signals],
    }


def _worth(row: Verification, after: Months, saving: float) -> dict:
    """The money at the facility's own price of the report months (else a reference's), TOE and CO₂."""
    own = facility_facts.Used(
        row.resource, len(after.months), Decimal(0), after.cost_vnd, after.priced, tuple(after.records)
    )
    price = facility_facts.price_of(row.resource.code, own, row.report_to)
    toe, co2 = facility_facts.toe_and_co2(row.resource.code, row.report_to)
    use = EnergyUse(
        row.resource.code, saving, float(toe.value) if toe else None, float(co2.value) if co2 else None
    )
    effect = net_saving([use])
    facts = [facility_facts.fact_row(f) for f in (price.fact, toe, co2) if f is not None]
    return {
        "price": price.vnd,
        "own_price": price.own,
        "vnd": None if price.vnd is None else round(saving * price.vnd),
        "toe": effect.toe.value if toe else None,
        "co2_t": effect.co2_t.value if co2 else None,
        "facts": facts,
    }


def _output(made: list[Record], name: str, month: Month) -> float:
    return float(sum(r.quantity for r in made if r.product.name == name and (r.year, r.month) == month))


def _tell(row: Verification) -> None:
    years = list(range(row.report_from.year, row.report_to.year + 1))
    saving_judged.send(sender=Verification, facility=row.facility, years=years)


def _own(assessment: Assessment, options: Sequence[Option]) -> list[Option]:
    foreign = [o for o in options if o.assessment_id != assessment.pk]
    if foreign:
        raise AssessmentError(_("These solutions are of another assessment."))
    return list(options)


def _periods(values: Mapping[str, object]) -> None:
    a, b, c, d = (values.get(k) for k in ("baseline_from", "baseline_to", "report_from", "report_to"))
    if not (a and b and c and d) or not (a <= b < c <= d):
        raise AssessmentError(
            _("The baseline ends before the report months begin, and each period goes forward.")
        )


def _leads(actor: User, assessment: Assessment) -> None:
    if assessment.lead_id != actor.pk and not actor.may("assessment.manage"):
        raise NotYours(_("This step is taken by the lead or by the Centre."))


def _locked(actor: User, row: Verification) -> Verification:
    locked_for_edit(actor, row.assessment)
    return (
        Verification.objects.select_for_update()
        .select_related("assessment__facility", "resource")
        .get(pk=row.pk)
    )
