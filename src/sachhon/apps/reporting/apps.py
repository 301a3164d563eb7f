"""Reporting: the factories' annual reports, what they save, and the province's report."""

from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "sachhon.apps.reporting"
    label = "reporting"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from sachhon.apps.assessment.signals import saving_judged
        from sachhon.apps.intake import formats, solutions
        from sachhon.apps.people import finder, today
        from sachhon.apps.registry.figure_kinds import register_kinds
        from sachhon.apps.registry.pages import register_boxes, register_timeline
        from sachhon.apps.registry.papers import register_papers
        from sachhon.apps.registry.queries.lineage import register_doubts, register_opener
        from sachhon.apps.registry.signals import costs_closed, figures_doubted, records_changed, years_judged
        from sachhon.apps.reporting import figure_links, plugs, province_plugs, today_items
        from sachhon.apps.reporting.annual_format import AnnualFormat
        from sachhon.apps.reporting.queries.record_findings import figures_in_doubt
        from sachhon.apps.reporting.services import lineage, record_doubts
        from sachhon.apps.reporting.services.judged import judged_years
        from sachhon.apps.reporting.services.province import guard, refreshing
        from sachhon.apps.reporting.services.savings import on_records_changed
        from sachhon.apps.reporting.signals import record_doubt_settled, report_moved
        from sachhon.apps.reporting.solution_store import ReportStore
        from sachhon.workbooks.problems import register_catalogue

        register_catalogue(Path(__file__).parent / "data" / "messages.csv")
        formats.register(AnnualFormat())
        solutions.register_store(ReportStore())
        today.register(today_items.today_items)
        finder.register(plugs.find)
        register_timeline(plugs.events)
        register_boxes(plugs.boxes)
        register_papers(plugs.papers)
        register_opener(figure_links.opener)
        register_kinds("reporting.report.view", *lineage.KINDS)
        register_kinds("reporting.province.view", "province")
        register_doubts(figure_links.doubts)
        records_changed.connect(on_records_changed, dispatch_uid="reporting.savings")
        records_changed.connect(record_doubts.on_records_changed, dispatch_uid="reporting.plausibility")
        figures_doubted.connect(figures_in_doubt, dispatch_uid="reporting.plausibility")
        records_changed.connect(refreshing.on_records_changed, dispatch_uid="reporting.province")
        years_judged.connect(judged_years, dispatch_uid="reporting.judged")
        saving_judged.connect(refreshing.on_saving_judged, dispatch_uid="reporting.province")
        report_moved.connect(record_doubts.on_report_moved, dispatch_uid="reporting.plausibility")
        report_moved.connect(refreshing.on_report_moved, dispatch_uid="reporting.province")
        costs_closed.connect(refreshing.on_costs_closed, dispatch_uid="reporting.province")
        record_doubt_settled.connect(
            record_doubts.on_record_doubt_settled, dispatch_uid="reporting.plausibility"
        )
        record_doubt_settled.connect(refreshing.on_record_doubt_settled, dispatch_uid="reporting.province")
        today.register(province_plugs.today_items)
        post_migrate.connect(guard.install, sender=self, dispatch_uid="reporting.guard")
