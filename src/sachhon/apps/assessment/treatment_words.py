"""A treatment in words: what is wrong or missing, what to mind, the names of alternatives, steps, parameters."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Medium, Treatment
from sachhon.apps.assessment.services.spoken import spoken
from sachhon.apps.assessment.services.treatment_figures import names_of
from sachhon.apps.assessment.services.treatment_result import USUAL
from sachhon.documents.numbers import format_date_short, format_number, format_quantity
from sachhon.reference.discharge import limit_set
from sachhon.reference.treatment import treatment_steps
from sachhon.reference.units import unit_label

WHENS = ("now", "after")
PH = {
    "inside": _lazy("within the range as it comes"),
    "neutralised": _lazy("to be held by the neutralisation: measure it at the outlet"),
    "outside": _lazy("outside the range, and no step neutralises it"),
    "unknown": _lazy("not judged"),
}


def problem_of(row: Treatment) -> str:
    """Why there is no result, in words."""
    problem = row.result.get("problem", "")
    if problem == "science":
        return _("It cannot be computed: %(why)s") % {"why": row.result[f"words_{language()}"]}
    return {
        "": "",
        "no_discharge": _("Enter the flow and at least one concentration."),
        "no_chain": _("Enter at least one alternative with a step."),
        "no_factor": _(
            "The regulation has no factor for what receives it: choose another, or type the limits."
        ),
    }[problem]


def _newer(row: Treatment, until: datetime.date, last: datetime.date | None, lang: str) -> str:
    """Whether the older regulation is the facility's: by the day it began, where that is known."""
    began = row.facility.started_on
    if began is None:
        said = _(
            "Begun after %(day)s, a facility has to keep the newer regulation: choose it, or type its limits."
        )
        return said % {"day": format_date_short(until, lang)}
    if began > until:
        said = _(
            "Begun on %(day)s, this facility has to keep the newer regulation: choose it, or type its limits."
        )
        return said % {"day": format_date_short(began, lang)}
    if last is None:
        return _("In operation since %(day)s, this facility may keep this regulation.") % {
            "day": format_date_short(began, lang)
        }
    return _(
        "In operation since %(day)s, this facility may keep this regulation until %(last)s, then the newer one."
    ) % {"day": format_date_short(began, lang), "last": format_date_short(last, lang)}


def warnings(row: Treatment, lang: str) -> list[str]:
    """What a reader should know before relying on the limits: what is new, not verified, or missing."""
    found: list[str] = []
    if not row.basis.get("set"):
        return [_("No regulation is chosen: only limits typed from the permit count.")]
    rules = limit_set(row.basis["set"])
    if until := rules.extra["new_until"]:
        found.append(_newer(row, datetime.date.fromisoformat(until), rules.valid_to, lang))
    if rules.confidence != "memory-high" and rules.confidence != "found":
        found.append(
            _("The figures of %(name)s are not verified: check them against its text.")
            % {"name": rules.name(lang)}
        )
    missing = [
        word(row, p, lang) for p, v in row.result.get("now", {}).get("limits", {}).items() if v is None
    ]
    if missing:
        found.append(
            _("No limit is known for %(names)s: type that of the permit.") % {"names": ", ".join(missing)}
        )
    ph = row.result.get("now", {}).get("ph")
    if ph and ph["low"] is None:
        found.append(
            _(
                "pH is not computed from step to step: enter the lowest and highest of the discharge to compare."
            )
        )
    return found


def range_word(low: float | None, high: float | None, lang: str) -> str:
    """ "5,5–9"; one number where both are the same, a dash where they are not known."""
    ends = dict.fromkeys(format_quantity(Decimal(str(v)), lang) for v in (low, high) if v is not None)
    return "–".join(ends) or "–"


def remarks(row: Treatment, lang: str) -> list[str]:
    """Steps that need a word, waste that arises, sizes the price does not reach."""
    found: list[str] = []
    known = treatment_steps()
    for a, chain in last_word(row).items():
        name, steps = name_of(row, a), [known[s] for s in row.alternatives[a]["steps"]]
        waste = [f.extra[f"waste_{lang}"] for f in steps if f.extra[f"waste_{lang}"]]
        if waste:
            found.append(
                _("%(name)s leaves: %(waste)s.") % {"name": name, "waste": "; ".join(dict.fromkeys(waste))}
            )
        if not chain["within"]:
            found.append(
                _("%(name)s: the size is far from that of the price table, ask for an offer.")
                % {"name": name}
            )
        if lang == "vi":
            found += [f"{f.name(lang)}: {f.note}." for f in steps if f.note]
    return list(dict.fromkeys(found))


def best_of(row: Treatment) -> str:
    """The cheapest alternative that meets all limits as often as wanted."""
    wanted = float(row.basis.get("reliability") or USUAL["reliability"]) / 100
    chains = last_word(row)
    good = [
        a
        for a, c in chains.items()
        if c["met"] is not None and c["met"] >= wanted and c.get("ph") != "outside"
    ]
    return name_of(row, min(good, key=lambda a: chains[a]["yearly"][1])) if good else ""


def name_of(row: Treatment, alternative: str) -> str:
    """What an alternative is called."""
    return spoken(row.alternatives.get(alternative, {}).get("name", ""), language())


def steps_of(row: Treatment, alternative: str, lang: str) -> list[str]:
    """The names of a chain's steps."""
    known = treatment_steps()
    return [known[s].name(lang) for s in row.alternatives[alternative]["steps"]]


def word(row: Treatment, parameter: str, lang: str) -> str:
    vi, en, _unit = names_of(row, parameter)
    return en if lang == "en" else vi


def often(share: float | None) -> str:
    """A share of 1 of the time in words; certain is never said of what only a model says."""
    if share is None:
        return "–"
    if share > 0.99 or share < 0.01:
        return "> 99%" if share > 0.5 else "< 1%"
    return f"{format_number(Decimal(round(share * 100)), language(), 0)}%"


def flow_unit(row: Treatment) -> str:
    return unit_label("m3/day" if row.medium == Medium.WATER else "Nm3/h", language())


def last_word(row: Treatment) -> Mapping[str, dict]:
    """The alternatives of the last word: after cleaner production where something is saved, else as it is."""
    return next((row.result[w]["alternatives"] for w in reversed(WHENS) if w in row.result), {})
