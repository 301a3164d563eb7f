"""Accounts are given by the administrator: nobody signs up by themselves; and by what name a login is locked."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.models import User


class ClosedSignup(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many wrong passwords were sent from this address. Wait one minute, then try again."
        ),
    }

    def is_open_for_signup(self, request) -> bool:
        return False


def login_name(request, credentials: dict | None) -> str:
    """The name that failures are counted for: the same account by its name and by its e-mail address."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or given.get("login") or request.POST.get("login", "")
    if "@" in name:
        found = User.objects.filter(email__iexact=name).values_list("username", flat=True)
        return found.first() or name.casefold()
    return name
