"""The companies that own facilities: found by what an officer types, and entered when they are new."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people.models import Organisation
from sachhon.apps.registry.services.organisations import SEPARATOR, create_organisation, label_of
from sachhon.reference.text import fold


@dataclass(frozen=True)
class NewEnterprise:
    """A company that is not in the registry yet."""

    name: str
    tax_code: str = ""


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


def create_enterprise(actor, province_code: str, new: NewEnterprise) -> Organisation:
    """Enters a company from the form of its facility. Raises ValidationError with the tax code's slip, or with the
    company it would repeat; the keys of the errors are `enterprise_name` and `enterprise_tax_code`.
    """
    try:
        return create_organisation(
            actor,
            name=new.name,
            kind=Organisation.Kind.ENTERPRISE,
            tax_code=new.tax_code,
            province_code=province_code,
        )
    except ValidationError as error:
        raise ValidationError(
            {f"enterprise_{key}": said for key, said in error.message_dict.items()}
        ) from None
