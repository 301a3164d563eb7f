"""Entering and changing organisations: companies, and the bodies of the programme."""

import hashlib
import json

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people import audit
from sachhon.apps.people.models import Organisation
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.services.errors import Conflict
from sachhon.reference.text import fold

TRACKED = ("name", "kind", "tax_code", "province_code")
SEPARATOR = " · "
# What officers keep themselves. The bodies of the state decide what their accounts see: the administrator keeps those.
KEPT_BY_OFFICERS = (Organisation.Kind.ENTERPRISE, Organisation.Kind.CONSULTANCY)


def label_of(organisation: Organisation) -> str:
    """The words an organisation is chosen by: its name, and its tax code where there is one."""
    return SEPARATOR.join(filter(None, (organisation.name, organisation.tax_code)))


def kinds_kept_by(user) -> list[str]:
    """The kinds of organisations that `user` may enter and change."""
    if not user.may("registry.organisation.edit"):
        return []
    return list(Organisation.Kind.values if user.may("people.user.manage") else KEPT_BY_OFFICERS)


def stamp(organisation: Organisation) -> str:
    """A short word for what is stored now: another one after every change that somebody makes."""
    text = json.dumps(audit.snapshot(organisation, TRACKED), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def create_organisation(
    actor, *, name: str, kind: str, tax_code: str = "", province_code: str = ""
) -> Organisation:
    """Enters an organisation. ValidationError by field, PermissionDenied for a kind that `actor` does not keep."""
    new = Organisation(**_values(actor, name, kind, tax_code, province_code))
    _check(actor, new)
    new.save()
    audit.record(actor, f"{_subject(new)}.create", new, after=audit.snapshot(new, TRACKED))
    return new


@transaction.atomic
def change_organisation(
    actor, organisation: Organisation, seen: str, *, name: str, kind: str, tax_code: str, province_code: str
) -> Organisation:
    """Changes an organisation that stood as `seen` (its stamp); Conflict where somebody changed it since."""
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if stored.kind not in kinds_kept_by(actor):
        raise PermissionDenied("registry.organisation.edit")
    if stamp(stored) != seen:
        raise Conflict(audit.snapshot(stored, TRACKED))
    before = audit.snapshot(stored, TRACKED)
    for field, value in _values(actor, name, kind, tax_code, province_code).items():
        setattr(stored, field, value)
    if stored.kind != before["kind"] == Organisation.Kind.ENTERPRISE and stored.facilities.exists():
        raise ValidationError({"kind": _("This company has facilities: it cannot become another kind.")})
    _check(actor, stored)
    stored.save()
    after = audit.snapshot(stored, TRACKED)
    if after != before:
        audit.record(actor, f"{_subject(stored)}.change", stored, before=before, after=after)
    return stored


def _values(actor, name: str, kind: str, tax_code: str, province_code: str) -> dict[str, str]:
    if kind not in kinds_kept_by(actor):
        raise PermissionDenied("registry.organisation.edit")
    return {
        "name": " ".join(name.split()),
        "kind": kind,
        "tax_code": reference.normalise_tax_code(tax_code),
        # An officer works in one province; only who sees the whole country says which.
        "province_code": province_code if actor.reach == Reach.COUNTRY else actor.province_code,
    }


def _check(actor, organisation: Organisation) -> None:
    """Raises ValidationError with a slip of the tax code, or with the organisation that would be there twice."""
    if not organisation.name:
        raise ValidationError({"name": _("Write the name of the organisation.")})
    if organisation.tax_code and not reference.valid_tax_code(organisation.tax_code):
        raise ValidationError(
            {"tax_code": _("The check digit of this tax code is wrong: compare it with the certificate.")}
        )
    others = Organisation.objects.exclude(pk=organisation.pk)
    if organisation.tax_code and (taken := others.filter(tax_code=organisation.tax_code).first()):
        raise ValidationError({"tax_code": _taken(actor, taken)})
    for same in others.filter(
        kind=organisation.kind,
        province_code=organisation.province_code,
        search_key=fold(organisation.name)[:255],
    ):
        # Two tax codes are two companies, whatever they are called.
        if not (same.tax_code and organisation.tax_code):
            raise ValidationError({"name": _taken(actor, same)})
    organisation.full_clean(validate_constraints=False)


def _taken(actor, other: Organisation) -> str:
    """Who stands in the way: by name where the person may see it, else only that there is one."""
    if Organisation.objects.visible_to(actor).filter(pk=other.pk).exists():
        return _("“%(label)s” is registered already: use that one.") % {"label": label_of(other)}
    return _(
        "This tax code belongs to an organisation you may not see. Check it; if it is right, ask the administrator."
    )


def _subject(organisation: Organisation) -> str:
    return "enterprise" if organisation.kind == Organisation.Kind.ENTERPRISE else "organisation"
