"""Treatment of what is left: a discharge begun, changed by several people at once, and one alternative chosen.

What is chosen here stays here: treatment is no cleaner production, so it becomes no solution of the plan.
"""

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Medium, Treatment
from sachhon.apps.assessment.services import judging, treatment_result
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.treatment_stream import begun_with
from sachhon.apps.assessment.services.typed import as_text
from sachhon.apps.guidance.queries import trade_of
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.reference.discharge import limit_set, receivers
from sachhon.reference.facts import FactNotFound
from sachhon.reference.treatment import treatable, treatment_chains, treatment_steps

MOST_ALTERNATIVES, MOST_STEPS, BEGUN_WITH = 6, 8, 2
FIELDS = ("name", "basis", "contents", "cuts", "alternatives")
SETS = {Medium.WATER: ("qcvn40_2011", "B", "river"), Medium.AIR: ("qcvn19_2009", "B", "zone4")}
NUMBERS = {
    "basis": ("flow", "per_year", "size", "reliability", "ph_low", "ph_high"),
    "contents": ("mean", "cv", "cut", "limit"),
}


@transaction.atomic
def begin(actor: User, assessment: Assessment, name: str, medium: str, stream: str = "") -> Treatment:
    """Begins a treatment with the chains usual in the trade; with a stream of the flow-sheet, from its figures."""
    stored = locked_for_edit(actor, assessment)
    number = judging.next_number(stored.treatments, _("An assessment holds %(n)s treatments at most."))
    if not name.strip():
        raise AssessmentError(
            _("Write what is treated: the wastewater of the dye house, the exhaust of the kiln.")
        )
    if stream and medium != Medium.WATER:
        raise AssessmentError(_("Only wastewater is taken from the flow-sheet: type an exhaust gas."))
    basis, contents = begun_with(actor, stored, stream) if stream else ({}, {})
    code, column, receiver = SETS[Medium(medium)]
    lang = "en" if get_language() == "en" else "vi"
    chains = treatment_chains(medium, trade_of(stored.facility))[:BEGUN_WITH]
    made = Treatment.objects.create(
        assessment=stored,
        number=number,
        name=name.strip()[:255],
        medium=medium,
        stream=stream,
        basis={
            "per_year": treatment_result.USUAL["per_year"][medium],
            "reliability": treatment_result.USUAL["reliability"],
            "set": code,
            "column": column,
            "receiver": receiver,
        }
        | basis,
        contents=contents,
        alternatives={
            f"a{i}": {"name": f.name(lang), "steps": f.extra["steps"].split(";")}
            for i, f in enumerate(chains, 1)
        },
        created_by=actor,
    )
    treatment_result.refresh(made)
    log(actor, stored, made, before={}, after={"name": made.name})
    audit.record(actor, "treatment.begin", made, after={"name": made.name, "stream": stream})
    return made


@transaction.atomic
def change(
    actor: User, row: Treatment, values: Mapping[str, object], version: int, *, keep: Collection[str] = ()
) -> Treatment:
    """Changes discharge, concentrations or chains on top of `version`; merged with what others did meanwhile."""
    assessment, stored = judging.locked(actor, row)
    paths = merge(actor, assessment, stored, checked(stored, values), version, keep=keep)
    if paths:
        treatment_result.refresh(stored)
        audit.record(actor, "treatment.change", stored, after={"fields": paths})
    return stored


@transaction.atomic
def choose(
    actor: User, row: Treatment, alternative: str, *, reason: str, version: int, now: datetime.datetime
) -> Treatment:
    """Chooses an alternative; one that does not meet every limit as often as wanted needs a reason."""
    _assessment, stored = judging.locked_at(actor, row, version)
    whens = [stored.result[w] for w in ("after", "now") if w in stored.result]
    chain = whens[0]["alternatives"].get(alternative) if whens else None
    if chain is None:
        raise AssessmentError(
            _("This alternative has no result: complete its steps and the discharge first.")
        )
    wanted = float(stored.basis.get("reliability") or treatment_result.USUAL["reliability"]) / 100
    kept = chain["met"] is not None and chain["met"] >= wanted and chain.get("ph") != "outside"
    if not kept and not reason.strip():
        raise AssessmentError(
            _("It does not meet every limit as often as wanted: say why it is chosen all the same.")
        )
    before = judging.mark_chosen(actor, stored, alternative, reason=reason, now=now)
    audit.record(actor, "treatment.choose", stored, before=before, after={"chosen": alternative})
    return stored


def checked(row: Treatment, values: Mapping[str, object]) -> dict:
    """The values in the shape the model keeps; refuses what cannot be."""
    found = {name: values[name] for name in FIELDS if name in values}
    if "name" in found and not str(found["name"]).strip():
        raise AssessmentError(
            _("Write what is treated: the wastewater of the dye house, the exhaust of the kiln.")
        )
    if "basis" in found:
        found["basis"] = _basis(row, found["basis"])
    if "contents" in found:
        found["contents"] = {p: _content(row, p, c) for p, c in found["contents"].items() if c.get("mean")}
    if "cuts" in found:
        found["cuts"] = _cuts(found["cuts"])
    if "alternatives" in found:
        found["alternatives"] = {
            a: _alternative(row, x)
            for a, x in found["alternatives"].items()
            if str(x.get("name", "")).strip()
        }
        judging.limited(found["alternatives"], MOST_ALTERNATIVES)
    return found


def _basis(row: Treatment, given: Mapping) -> dict:
    found = {k: as_text(given[k]) for k in NUMBERS["basis"] if given.get(k) not in (None, "")}
    found |= {k: str(given[k]) for k in ("set", "column", "receiver") if given.get(k)}
    if "flow" in found and Decimal(found["flow"]) <= 0:
        raise AssessmentError(_("A discharge is more than 0: check the flow."))
    if "reliability" in found and not 50 <= Decimal(found["reliability"]) < 100:
        raise AssessmentError(_("“As often as” is from 50 to below 100 %."))
    if any(not 0 <= Decimal(found[n]) <= 14 for n in ("ph_low", "ph_high") if n in found):
        raise AssessmentError(_("A pH is from 0 to 14."))
    most = 366 if row.medium == Medium.WATER else 8784
    if "per_year" in found and not 0 < Decimal(found["per_year"]) <= most:
        raise AssessmentError(
            _("A year has no more than %(n)s of these: check how long it runs.") % {"n": most}
        )
    if "set" in found:
        try:
            rules = limit_set(found["set"])
        except FactNotFound as error:
            raise AssessmentError(_("This regulation is not known.")) from error
        columns = rules.extra["columns"].split(";")
        if rules.extra["medium"] != row.medium or found.get("column", columns[0]) not in columns:
            raise AssessmentError(
                _("%(name)s has the columns %(columns)s: choose one of them.")
                % {"name": rules.name(_lang()), "columns": ", ".join(columns)}
            )
        if rules.extra["factors"] and found.get("receiver") not in receivers(found["set"]):
            raise AssessmentError(
                _("Say what receives the discharge: the factors of the limit depend on it.")
            )
    return found


def _content(row: Treatment, parameter: str, given: Mapping) -> dict:
    if parameter not in treatable(row.medium):
        raise AssessmentError(_("No treatment step here removes this: choose a parameter of the list."))
    found = {k: as_text(given[k]) for k in NUMBERS["contents"] if given.get(k) not in (None, "")}
    if Decimal(found["mean"]) <= 0 or Decimal(found.get("limit", "1")) <= 0:
        raise AssessmentError(_("Concentrations and limits are more than 0."))
    if not 0 <= Decimal(found.get("cut", "0")) < 100:
        raise AssessmentError(_("Less at the source is from 0 to below 100 %."))
    if given.get("source"):
        found["source"] = str(given["source"]).strip()[:255]
    return found


def _cuts(given: Mapping) -> dict:
    found = {"flow": as_text(given["flow"])} if given.get("flow") not in (None, "") else {}
    if not 0 <= Decimal(found.get("flow", "0")) < 100:
        raise AssessmentError(_("Less at the source is from 0 to below 100 %."))
    if given.get("source"):
        found["source"] = str(given["source"]).strip()[:255]
    return found


def _alternative(row: Treatment, given: Mapping) -> dict:
    steps = [s for s in given.get("steps", []) if s]
    known = treatment_steps()
    if any(s not in known or known[s].extra["medium"] != row.medium for s in steps):
        raise AssessmentError(_("A step does not fit: choose steps of the list."))
    if len(steps) > MOST_STEPS:
        raise AssessmentError(_("A chain has %(n)s steps at most.") % {"n": MOST_STEPS})
    return {"name": str(given["name"]).strip()[:120], "steps": steps}


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
