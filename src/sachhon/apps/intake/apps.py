"""Intake: workbooks and meter exports come in, are read, checked, taken or kept waiting, and can be undone."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "sachhon.apps.intake"
    label = "intake"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        from sachhon.apps.intake import formats
        from sachhon.apps.intake.closed import veil
        from sachhon.apps.intake.meter_format import MappedFormat
        from sachhon.apps.intake.plugs import find, papers, today_items
        from sachhon.apps.people import finder, today, veils
        from sachhon.apps.registry.papers import register_papers
        from sachhon.workbooks.problems import register_catalogue

        register_catalogue(Path(__file__).with_name("messages.csv"))
        formats.register(MappedFormat())
        today.register(today_items)
        finder.register(find)
        veils.register(veil)
        register_papers(papers)
