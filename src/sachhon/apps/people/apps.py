"""People: accounts, organisations, roles, scope and the audit history."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "sachhon.apps.people"
    label = "people"
    verbose_name = _("People")

    def ready(self):
        from sachhon.apps.people import changes, links, today

        today.register(changes.changed_items)
        links.register("people.user", _account)


def _account(user, person) -> str:
    """The page of an account, for who keeps the accounts."""
    return reverse("people:user", args=[person.pk]) if user.may("people.user.manage") else ""
