"""Registry: areas, sectors, facilities, products, resources and monthly records."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "sachhon.apps.registry"
    label = "registry"
    verbose_name = _("Registry")

    def ready(self):
        from sachhon.apps.people import finder, links, today
        from sachhon.apps.registry import plugs, record_stamps

        finder.register(plugs.find, rank=0)
        finder.register(plugs.find_organisations)
        today.register(plugs.today_items)
        for kind, address in plugs.LINKS.items():
            links.register(kind, address)
        post_migrate.connect(record_stamps.install, sender=self, dispatch_uid="registry.record_stamps")
