"""People: accounts, organisations, roles, scope and the audit history."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "sachhon.apps.people"
    label = "people"
    verbose_name = _("People")

    def ready(self):
        from sachhon.apps.people import changes, today

        today.register(changes.changed_items)
