"""Assessment: the expert team's quick and detailed assessments, up to the verified saving."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "sachhon.apps.assessment"
    label = "assessment"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from sachhon.apps.assessment import plugs
        from sachhon.apps.assessment.services.flow.disclosure import secret_cost_figures, secret_costs
        from sachhon.apps.assessment.services.lesson_leaks import leaks
        from sachhon.apps.assessment.services.secret_prices import close_all_prices
        from sachhon.apps.assessment.today_items import today_items
        from sachhon.apps.assessment.veil import veil
        from sachhon.apps.guidance.services.checks import look_at_cases
        from sachhon.apps.people import finder, today, veils
        from sachhon.apps.registry import closed_costs
        from sachhon.apps.registry.figure_kinds import register_kinds
        from sachhon.apps.registry.pages import register_boxes, register_timeline
        from sachhon.apps.registry.papers import register_papers

        look_at_cases(leaks)
        post_migrate.connect(close_all_prices, sender=self, dispatch_uid="assessment.secret_prices")
        today.register(today_items)
        finder.register(plugs.find, rank=3)
        veils.register(veil)
        today.register(plugs.today_items)
        register_boxes(plugs.boxes)
        register_papers(plugs.papers)
        register_timeline(plugs.events)
        register_kinds("assessment.secrets", "closed")
        closed_costs.register("assessment.secrets", secret_costs, secret_cost_figures)
        register_kinds("assessment.view", "quick", "flow", "option", "comparison", "treatment", "verified")
