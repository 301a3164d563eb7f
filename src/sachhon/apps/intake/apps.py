"""Intake: workbooks and meter exports come in, are read, checked, taken or kept waiting, and can be undone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "sachhon.apps.intake"
    label = "intake"
    verbose_name = _("Inbox")
