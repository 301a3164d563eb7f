"""The companies that own facilities: found by what an officer types, and entered when they are new."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people import audit
from sachhon.apps.people.models import Organisation
from sachhon.reference.text import fold

SEPARATOR = " · "
TRACKED = ("name", "kind", "tax_code", "province_code")


@dataclass(frozen=True)
class NewEnterprise:
    """A company that is not in the registry yet."""

    name: str
    tax_code: str = ""


def label_of(enterprise: Organisation) -> str:
    """The words an enterprise is chosen by: its name, and its tax code where there is one."""
    return SEPARATOR.join(filter(None, (enterprise.name, enterprise.tax_code)))


def enterprises(user) -> QuerySet[Organisation]:
    """The enterprises that `user` may see."""
    return Organisation.objects.visible_to(user).filter(kind=Organisation.Kind.ENTERPRISE)


def search_enterprises(user, text: str, limit: int = 20) -> list[Organisation]:
    """Those whose name, without tone marks, or tax code contains every word of `text`."""
    rows = enterprises(user)
    for word in fold(text).split():
        rows = rows.filter(Q(search_key__contains=word) | Q(tax_code__contains=word))
    return list(rows[:limit])


def resolve_enterprise(user, text: str, current: Organisation | None = None) -> Organisation:
    """The enterprise that `text` names: its label, its tax code, or its name where only one bears it.

    `current` is what the facility has already; its own label always means it. Raises ValidationError where
    no enterprise, or more than one, is meant.
    """
    text = text.strip()
    if current is not None and text == label_of(current):
        return current
    name, _dot, tax_code = text.rpartition(SEPARATOR)
    wanted = Q(tax_code=reference.normalise_tax_code(text)) | Q(search_key=fold(text)[:255])
    if name:
        wanted |= Q(tax_code=tax_code.strip(), search_key=fold(name)[:255])
    found = list(enterprises(user).filter(wanted)[:2])
    if not found:
        raise ValidationError(
            _("No company “%(text)s” is registered. Choose one from the list, or enter it as a new one.")
            % {"text": text}
        )
    if len(found) > 1:
        raise ValidationError(
            _("More than one company has the name “%(text)s”. Write its tax code instead.") % {"text": text}
        )
    return found[0]


@transaction.atomic
def create_enterprise(actor, province_code: str, new: NewEnterprise) -> Organisation:
    """Enters a company. Raises ValidationError with the tax code's slip, or with the company it would repeat.

    The keys of the errors are `enterprise_name` and `enterprise_tax_code`.
    """
    name, tax_code = " ".join(new.name.split()), reference.normalise_tax_code(new.tax_code)
    if not name:
        raise ValidationError({"enterprise_name": _("Write the name of the company.")})
    if tax_code:
        if not reference.valid_tax_code(tax_code):
            raise ValidationError(
                {
                    "enterprise_tax_code": _(
                        "The check digit of this tax code is wrong: compare it with the certificate."
                    )
                }
            )
        if taken := Organisation.objects.filter(tax_code=tax_code).first():
            raise ValidationError({"enterprise_tax_code": _taken(actor, taken)})
    for same in Organisation.objects.filter(
        kind=Organisation.Kind.ENTERPRISE, province_code=province_code, search_key=fold(name)[:255]
    ):
        if not (same.tax_code and tax_code):  # two tax codes are two companies, whatever they are called
            raise ValidationError({"enterprise_name": _taken(actor, same)})
    enterprise = Organisation.objects.create(
        name=name, kind=Organisation.Kind.ENTERPRISE, tax_code=tax_code, province_code=province_code
    )
    audit.record(actor, "enterprise.create", enterprise, after=audit.snapshot(enterprise, TRACKED))
    return enterprise


def _taken(actor, other: Organisation) -> str:
    """Who stands in the way: by name where the person may see it, else only that there is one."""
    if enterprises(actor).filter(pk=other.pk).exists():
        return _("“%(label)s” is registered already: choose it as the enterprise instead.") % {
            "label": label_of(other)
        }
    return _(
        "This tax code belongs to an organisation you may not see. Check it; if it is right, ask the administrator."
    )
