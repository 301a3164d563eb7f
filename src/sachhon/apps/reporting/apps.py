"""Reporting: the factories' annual reports, what they save, and the province's report."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "sachhon.apps.reporting"
    label = "reporting"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from sachhon.apps.intake import formats
        from sachhon.apps.registry.signals import records_changed
        from sachhon.apps.reporting.annual_format import AnnualFormat
        from sachhon.apps.reporting.services.savings import on_records_changed
        from sachhon.workbooks.problems import register_catalogue

        register_catalogue(Path(__file__).parent / "data" / "messages.csv")
        formats.register(AnnualFormat())
        records_changed.connect(on_records_changed, dispatch_uid="reporting.savings")
