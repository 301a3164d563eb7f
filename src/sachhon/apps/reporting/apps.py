"""Reporting: the factories' annual reports, what they save, and the province's report."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "sachhon.apps.reporting"
    label = "reporting"
    verbose_name = _("Reports")
