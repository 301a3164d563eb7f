"""Programme: plans, their targets, and how far they are met."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "sachhon.apps.programme"
    label = "programme"
    verbose_name = _("Programme")

    def ready(self) -> None:
        from sachhon.apps.programme import plugs
        from sachhon.apps.registry.figure_kinds import register_kinds
        from sachhon.apps.registry.pages import register_boxes
        from sachhon.apps.registry.queries.lineage import register_opener

        register_boxes(plugs.boxes)
        register_opener(plugs.opener)
        register_kinds("programme.target.view", "target", "sector")
