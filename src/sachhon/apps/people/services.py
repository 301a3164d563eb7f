"""Writes of the people room: accounts are made, changed and closed here, each in the history."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.models import Organisation, Role, User

TRACKED = [
    "username",
    "email",
    "first_name",
    "last_name",
    "role",
    "organisation",
    "province_code",
    "is_active",
]


def find_organisation(text: str) -> Organisation | None:
    """The organisation with this tax code or exact name; None for blank; ValidationError when there is none."""
    if not text:
        return None
    found = list(Organisation.objects.filter(Q(tax_code=text) | Q(name=text))[:2])
    if len(found) != 1:
        raise ValidationError(
            _("No single organisation has the name or tax code “%(text)s”.") % {"text": text}
        )
    return found[0]


@transaction.atomic
def create_user(
    actor,
    *,
    username: str,
    role: str,
    password: str,
    organisation: Organisation | str | None = None,
    province_code: str = "",
    email: str = "",
    first_name: str = "",
    last_name: str = "",
) -> User:
    """Makes an account. Raises ValidationError with every reason it cannot be made."""
    if isinstance(organisation, str):
        organisation = find_organisation(organisation)
    user = User(
        username=username,
        email=email,
        role=role,
        organisation=organisation,
        province_code=province_code,
        first_name=first_name,
        last_name=last_name,
        is_staff=role == Role.ADMIN,
        is_superuser=role == Role.ADMIN,
    )
    user.set_password(password)
    if role == Role.FACTORY and organisation is None:
        raise ValidationError(_("Factory staff need an enterprise: without one they would see nothing."))
    user.full_clean()
    validate_password(password, user)
    user.save()
    audit.record(actor, "user.create", user, after=audit.snapshot(user, TRACKED))
    return user


@transaction.atomic
def change_user(actor, user: User, **changes) -> User:
    """Changes role, organisation, province, names, e-mail or whether the account is open."""
    before = audit.snapshot(user, TRACKED)
    for name, value in changes.items():
        if name not in TRACKED:
            raise ValueError(name)
        setattr(user, name, value)
    user.is_staff = user.is_superuser = user.role == Role.ADMIN
    if actor is not None and actor.pk == user.pk and (not user.is_active or user.role != before["role"]):
        raise ValidationError(_("You cannot close your own account or change your own role."))
    user.full_clean(exclude=["password"])
    user.save()
    audit.record(actor, "user.change", user, before=before, after=audit.snapshot(user, TRACKED))
    return user
