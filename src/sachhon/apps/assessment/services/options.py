"""Options of an assessment: taken up, changed, screened, put away and brought back.

What is not cleaner production is refused with the reason of the method (`reference.not_cp`), where its words say so
or where the person says it. Whatever is changed, the option's worth is computed anew in the same transaction.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Option, OptionState, Origin, Screening
from sachhon.apps.assessment.services import comparison_result, economics, figures, lessons
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import log, merge
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.sheets import SHEETS
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Resource
from sachhon.reference.catalogue import not_cp_kinds, option_groups
from sachhon.reference.cp_rule import not_cp_kind

FACTS = (
    "name", "group", "place", "cause", "description", "screening", "screening_reason", "confidential", "savings",
    "excludes", "needs",
)  # fmt: skip
MOST = 200  # options of one assessment
ENDS = ("low", "likely", "high")


class NotCleanerProduction(AssessmentError):
    """The measure is none of cleaner production; `str()` gives the method's reason."""


@dataclass(frozen=True)
class Start:
    """Where a new option comes from: "BLR-03@2", "stream:S7", "run:12"."""

    origin: Origin = Origin.IDEA
    code: str = ""
    facts: Mapping[str, object] | None = None


@transaction.atomic
def add_option(
    actor: User, assessment: Assessment, values: Mapping[str, object], start: Start | None = None
) -> Option:
    """Takes up an option. `values` are the fields of FACTS and, if known, sheets ("economic")."""
    stored = locked_for_edit(actor, assessment)
    start = start or Start()
    refuse_not_cp(str(values.get("name", "")))
    last = stored.options.aggregate(n=Max("number"))["n"] or 0
    if last >= MOST:
        raise AssessmentError(_("An assessment holds %(n)s solutions at most.") % {"n": MOST})
    option = Option(
        assessment=stored,
        number=last + 1,
        origin=start.origin,
        origin_code=start.code,
        origin_facts=dict(start.facts or {}),
        created_by=actor,
        **checked(stored, values),
    )
    _clean(option)
    option.save()
    log(actor, stored, option, before={}, after={"name": option.name})
    recompute(option)
    audit.record(
        actor, "option.add", option, after=audit.snapshot(option, ("number", "name", "group", "origin"))
    )
    return option


@transaction.atomic
def change_option(
    actor: User,
    option: Option,
    values: Mapping[str, object],
    version: int,
    *,
    reason: str = "",
    keep: Collection[str] = (),
) -> Option:
    """Changes facts or sheets of an option on top of `version`; merged with what others did meanwhile.

    keep : paths ("name", "savings.coal") where the other person's value is to stay.
    """
    assessment = locked_for_edit(actor, option.assessment)
    stored = locked_option(option)
    refuse_not_cp(str(values.get("name", stored.name)))
    paths = merge(actor, assessment, stored, checked(assessment, values), version, reason=reason, keep=keep)
    if paths:
        _needs_reason(stored)
        recompute(stored)
        if "confidential" in paths and stored.confidential:
            lessons.recall(stored, _("The factory keeps it to itself now."))
        audit.record(actor, "option.change", stored, after={"fields": paths})
    return stored


@transaction.atomic
def delete_option(actor: User, option: Option, *, now: datetime.datetime) -> list[int]:
    """Puts an option away (it can be brought back); returns the choices that have it, which stay as they were."""
    assessment = locked_for_edit(actor, option.assessment)
    stored = locked_option(option)
    if stored.state in (OptionState.IN_PROGRESS, OptionState.DONE, OptionState.VERIFIED):
        raise AssessmentError(
            _("%(code)s is being carried out: drop it with the reason instead of deleting it.")
            % {"code": stored.code}
        )
    stored.deleted_at, stored.deleted_by = now, actor
    stored.version += 1
    stored.save(update_fields=["deleted_at", "deleted_by", "version"])
    log(actor, assessment, stored, before={"deleted": False}, after={"deleted": True})
    audit.record(actor, "option.delete", stored, before={"deleted": False}, after={"deleted": True})
    return [
        p.pk for p in assessment.portfolios.all() if any(r["option"] == stored.pk and r["in"] for r in p.rows)
    ]


@transaction.atomic
def restore_option(actor: User, option: Option) -> Option:
    """Brings an option back that was put away."""
    assessment = locked_for_edit(actor, option.assessment)
    stored = Option.objects.select_for_update().get(pk=option.pk)
    if stored.deleted_at is None:
        return stored
    stored.deleted_at = stored.deleted_by = None
    stored.version += 1
    stored.save(update_fields=["deleted_at", "deleted_by", "version"])
    log(actor, assessment, stored, before={"deleted": True}, after={"deleted": False})
    recompute(stored)
    audit.record(actor, "option.restore", stored, before={"deleted": True}, after={"deleted": False})
    return stored


def locked_option(option: Option) -> Option:
    """The option as stored now, its row locked; told where somebody deleted it meanwhile."""
    stored = Option.objects.select_for_update().select_related("assessment__facility").get(pk=option.pk)
    if stored.deleted_at is not None:
        raise AssessmentError(
            _("%(code)s was deleted by %(who)s in the meantime. Bring it back first.")
            % {"code": stored.code, "who": stored.deleted_by.display_name() if stored.deleted_by else "–"}
        )
    return stored


def refuse_not_cp(name: str, kind: str = "") -> None:
    """Raises NotCleanerProduction with the method's reason; `kind`: what the person says it is.

    The description is free to speak of treatment: that it costs less of it is what many an option is good for.
    """
    found = (kind, "") if kind else not_cp_kind(name)
    if not found:
        return
    fact = next(f for f in not_cp_kinds() if f.code == found[0])
    lang = "en" if get_language() == "en" else "vi"
    reason = fact.extra[f"reason_{lang}"]
    words = _("This is not cleaner production but “%(kind)s”: %(reason)s") % {
        "kind": fact.name(lang),
        "reason": reason,
    }
    raise NotCleanerProduction(words)


def checked(assessment: Assessment, values: Mapping[str, object]) -> dict:
    """The values with savings, needs and sheets in the shape the model keeps; refuses what cannot be."""
    found = dict(values)
    if "group" in found and found["group"] not in {f.code for f in option_groups()}:
        raise AssessmentError(_("Choose one of the eight groups of cleaner production."))
    if "savings" in found:
        found["savings"] = {
            code: row for code, row in (_saving(c, r) for c, r in found["savings"].items()) if row
        }
        _known_resources(found["savings"])
    if "needs" in found:
        numbers = sorted({int(n) for n in found["needs"]})
        known = set(assessment.options.filter(deleted_at=None).values_list("number", flat=True))
        if missing := [n for n in numbers if n not in known]:
            raise AssessmentError(_("There is no solution GP-%(n)02d here.") % {"n": missing[0]})
        found["needs"] = numbers
    for name, asked in SHEETS.items():
        if name in found:
            found[name] = _sheet(found[name], {a.name for a in asked})
    return found


def recompute(option: Option, basis: economics.Basis | None = None) -> None:
    """Values an option anew and keeps the result; `basis` where several of one assessment are valued together."""
    option.result = economics.appraise(option, basis or economics.basis_of(option.assessment))
    Option.objects.filter(pk=option.pk).update(result=option.result)
    figures.write(option)
    if basis is None:
        comparison_result.refresh(option.assessment)


def _saving(code: str, row: Mapping[str, object]) -> tuple[str, dict | None]:
    likely = _decimal(row.get("likely"))
    if likely is None:
        return code, None
    low, high = _decimal(row.get("low")), _decimal(row.get("high"))
    ends = [likely if low is None else low, likely, likely if high is None else high]
    if not ends[0] <= ends[1] <= ends[2]:
        raise AssessmentError(
            _("The saving of %(resource)s must go from least over likely to most.")
            % {"resource": _called(code)}
        )
    found = {end: _text(value) for end, value in zip(ENDS, ends, strict=True)}
    if (price := _decimal(row.get("price_vnd"))) is not None:
        found["price_vnd"] = _text(price)
    return code, found


def _called(code: str) -> str:
    """A resource as people call it."""
    found = Resource.objects.filter(code=code).first()
    return found.name if found else code


def _known_resources(savings: Mapping[str, object]) -> None:
    known = set(Resource.objects.filter(code__in=savings).values_list("code", flat=True))
    for code in savings:
        if code not in known:
            raise AssessmentError(_("Unknown resource “%(code)s”.") % {"code": code})


def _sheet(values: Mapping[str, object], known: set[str]) -> dict:
    found = {}
    for name, value in values.items():
        if name not in known:
            raise AssessmentError(_("The sheet has no question “%(name)s”.") % {"name": name})
        if value in (None, ""):
            continue
        found[name] = _text(value) if isinstance(value, int | float | Decimal) else str(value).strip()
    ends = [found.get(f"investment_{end}") for end in ENDS]
    numbers = [Decimal(e) for e in ends if e]
    if numbers != sorted(numbers):
        raise AssessmentError(_("The investment must go from least over likely to most."))
    return found


def _needs_reason(option: Option) -> None:
    if option.screening == Screening.DROP and not option.screening_reason.strip():
        raise AssessmentError(_("Say why it is dropped: the others will read it."))


def _clean(option: Option) -> None:
    _needs_reason(option)
    try:
        option.full_clean(exclude=["created_by", "deleted_by", "assessment", "result"])
    except ValidationError as error:
        raise AssessmentError(" ".join(error.messages)) from error


def _decimal(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _text(value) -> str:
    return f"{Decimal(str(value)).normalize():f}"
