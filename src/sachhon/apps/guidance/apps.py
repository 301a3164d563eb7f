"""Guidance: the library of options, checklists and benchmarks, kept by the centre."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidanceConfig(AppConfig):
    name = "sachhon.apps.guidance"
    label = "guidance"
    verbose_name = _("Library")

    def ready(self) -> None:
        from sachhon.apps.guidance.plugs import find, today_items
        from sachhon.apps.guidance.services.seeding import on_reference_synced
        from sachhon.apps.people import finder, today
        from sachhon.apps.registry.signals import reference_synced
        from sachhon.workbooks.problems import register_catalogue

        register_catalogue(Path(__file__).parent / "data" / "messages.csv")
        finder.register(find)
        today.register(today_items)
        reference_synced.connect(on_reference_synced, dispatch_uid="guidance.library")
