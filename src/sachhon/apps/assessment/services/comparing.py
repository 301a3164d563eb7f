"""Comparing technologies: a comparison begun, changed by several people at once, and one alternative chosen.

The weights add to 100 whenever something is stored. Options that are alternatives of one comparison exclude each
other, also in the choice under a budget; what is chosen becomes an option where it was none.
"""

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Comparison, Option, OptionState, Origin
from sachhon.apps.assessment.services import comparison_result, judging
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.options import Start, add_option, change_option
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.assessment.services.typed import as_text
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.reference.catalogue import technology_criteria

MOST_ALTERNATIVES, MOST_CRITERIA = 8, 20
NUMBERS = ("weight", "least", "most", "low", "high")
FIELDS = ("name", "purpose", "criteria", "alternatives", "cells")


@transaction.atomic
def begin(actor: User, assessment: Assessment, name: str, purpose: str = "") -> Comparison:
    """Begins a comparison with the usual criteria, to be changed by whoever compares."""
    stored = locked_for_edit(actor, assessment)
    number = judging.next_number(stored.comparisons, _("An assessment holds %(n)s comparisons at most."))
    if not name.strip():
        raise AssessmentError(_("Write what is chosen: a kiln, a dryer, a bath."))
    lang = "en" if get_language() == "en" else "vi"
    made = Comparison.objects.create(
        assessment=stored,
        number=number,
        name=name.strip()[:255],
        purpose=purpose.strip()[:2000],
        criteria={f"c{i}": _usual(f, lang) for i, f in enumerate(technology_criteria(), 1)},
        created_by=actor,
    )
    log(actor, stored, made, before={}, after={"name": made.name})
    audit.record(actor, "comparison.begin", made, after={"name": made.name})
    return made


@transaction.atomic
def change(
    actor: User, row: Comparison, values: Mapping[str, object], version: int, *, keep: Collection[str] = ()
) -> Comparison:
    """Changes criteria, alternatives or figures on top of `version`; merged with what others did meanwhile."""
    assessment, stored = judging.locked(actor, row)
    paths = merge(actor, assessment, stored, checked(assessment, values), version, keep=keep)
    _whole(stored)
    if paths:
        _exclude(actor, assessment, stored)
        comparison_result.refresh(assessment)
        stored.refresh_from_db()
        audit.record(actor, "comparison.change", stored, after={"fields": paths})
    return stored


@transaction.atomic
def choose(
    actor: User, row: Comparison, alternative: str, *, reason: str, version: int, now: datetime.datetime
) -> Comparison:
    """Chooses an alternative; one that does not come first needs a reason, one that is ruled out cannot be chosen."""
    assessment, stored = judging.locked_at(actor, row, version)
    if alternative not in stored.result.get("scores", {}):
        raise AssessmentError(_("This alternative is not in the ranking: complete its figures first."))
    if alternative not in stored.result["tied"] and not reason.strip():
        raise AssessmentError(_("It does not come first: say why it is chosen all the same."))
    option = _option(actor, assessment, stored, alternative)
    stored.alternatives[alternative]["option"] = option.number
    stored.decided = {**stored.result, "alternatives": stored.alternatives, "criteria": stored.criteria}
    before = judging.mark_chosen(actor, stored, alternative, reason=reason, now=now)
    _exclude(actor, assessment, stored)
    option.refresh_from_db()
    if option.state in (OptionState.IDEA, OptionState.STUDIED):
        move_option(
            actor,
            option,
            "choose",
            today=localtime(now).date(),
            reason=f"{stored.code}: {reason}".strip(": "),
        )
    comparison_result.refresh(assessment)
    audit.record(
        actor,
        "comparison.choose",
        stored,
        before=before,
        after={"chosen": alternative, "option": option.code},
    )
    stored.refresh_from_db()
    return stored


def checked(assessment: Assessment, values: Mapping[str, object]) -> dict:
    """The values in the shape the model keeps; refuses what cannot be."""
    found = {name: values[name] for name in FIELDS if name in values}
    if "name" in found and not str(found["name"]).strip():
        raise AssessmentError(_("Write what is chosen: a kiln, a dryer, a bath."))
    if "alternatives" in found:
        found["alternatives"] = {
            code: {"name": str(a["name"]).strip()[:120], "option": a.get("option")}
            for code, a in found["alternatives"].items()
            if str(a.get("name", "")).strip()
        }
        _known(assessment, found["alternatives"])
    if "criteria" in found:
        found["criteria"] = {
            code: _criterion(c) for code, c in found["criteria"].items() if str(c.get("name", "")).strip()
        }
    if "cells" in found:
        found["cells"] = {
            place: {"value": as_text(cell["value"]), "source": str(cell.get("source", "")).strip()[:255]}
            for place, cell in found["cells"].items()
            if cell.get("value") not in (None, "")
        }
    return found


def _known(assessment: Assessment, alternatives: Mapping[str, Mapping]) -> None:
    judging.limited(alternatives, MOST_ALTERNATIVES)
    linked = [a["option"] for a in alternatives.values() if a["option"]]
    known = set(assessment.options.filter(deleted_at=None).values_list("number", flat=True))
    if missing := [n for n in linked if n not in known]:
        raise AssessmentError(_("There is no solution GP-%(n)02d here.") % {"n": missing[0]})
    if len(set(linked)) < len(linked):
        raise AssessmentError(_("One solution stands for two alternatives: choose another."))


def _criterion(row: Mapping) -> dict:
    figure = row.get("figure") or ""
    known = comparison_result.FIGURES.get(figure)
    found: dict[str, object] = {
        "name": str(row["name"]).strip()[:120],
        "kind": row.get("kind") or "technical",
        "unit": str(row.get("unit") or "").strip()[:32],
        "figure": figure if known else "",
        "more": known[2] if known else bool(row.get("more")),
    }
    for name in NUMBERS:
        if row.get(name) not in (None, ""):
            found[name] = as_text(row[name])
    found.setdefault("weight", "0")
    low, high = found.get("low"), found.get("high")
    if (low is None) != (high is None) or (low is not None and Decimal(str(low)) >= Decimal(str(high))):
        raise AssessmentError(
            _("The scale of “%(name)s” needs both ends, the low one below the high one.")
            % {"name": found["name"]}
        )
    if Decimal(str(found["weight"])) < 0:
        raise AssessmentError(_("The weight of “%(name)s” is below 0.") % {"name": found["name"]})
    return found


def _whole(row: Comparison) -> None:
    if len(row.criteria) > MOST_CRITERIA:
        raise AssessmentError(_("Compare by %(n)s criteria at most.") % {"n": MOST_CRITERIA})
    total = sum(Decimal(c["weight"]) for c in row.criteria.values())
    if row.criteria and total != 100:
        raise AssessmentError(
            _("The weights add up to %(sum)s; they have to add up to 100.")
            % {"sum": f"{total.normalize():f}"}
        )


def _exclude(actor: User, assessment: Assessment, row: Comparison) -> None:
    """Options that are alternatives rule each other out where nobody said otherwise."""
    numbers = [a["option"] for a in row.alternatives.values() if a.get("option")]
    for option in assessment.options.filter(deleted_at=None, number__in=numbers, excludes=""):
        change_option(actor, option, {"excludes": row.code}, option.version, reason=str(row)[:512])


def _option(actor: User, assessment: Assessment, row: Comparison, alternative: str) -> Option:
    given = row.alternatives[alternative]
    if given.get("option"):
        option = assessment.options.filter(number=given["option"], deleted_at=None).first()
        if option is None:
            raise AssessmentError(_("There is no solution GP-%(n)02d here.") % {"n": given["option"]})
        return option
    values = {
        "name": f"{row.name}: {given['name']}"[:255],
        "group": "technology_change",
        "excludes": row.code,
    }
    start = Start(Origin.IDEA, f"comparison:{row.pk}", {"comparison": str(row), "alternative": given["name"]})
    return add_option(actor, assessment, values, start)


def _usual(fact, lang: str) -> dict:
    x = fact.extra
    row = {
        "name": fact.name(lang),
        "kind": x["kind"],
        "unit": x[f"unit_{lang}"],
        "figure": x["figure"],
        "more": x["more"] == "1",
        "weight": x["weight"],
        "low": x["scale_low"],
        "high": x["scale_high"],
    }
    return _criterion(row)
