"""Reads everything the plausibility rules need of a report, or of the records of a year without one."""

import datetime

from sachhon.apps.registry.models import Facility, Flow
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services.checks import lines_of
from sachhon.apps.reporting.services.evidence import Case, Line
from sachhon.apps.reporting.services.months import mix_of
from sachhon.apps.reporting.services.peers import peer_table
from sachhon.apps.reporting.services.records import months_of
from sachhon.apps.reporting.services.reliable_past import reliable_past
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.services.stored import stored_lines


def case_of_report(report: AnnualReport) -> Case:
    """The lines of the report, whatever the registry has stored."""
    lines = [line for line in lines_of(report) if line.item is not None]
    after = datetime.date(report.year + 1, 1, 1)
    months = {}
    for line in lines:
        try:
            months[line.pk] = {m.month: float(m.quantity) for m in months_of(line, report.year, after)}
        except ValueError:
            months[line.pk] = {}
    return _case(report.facility, report.year, report, list(lines), months)


def case_of_records(facility: Facility, year: int) -> Case:
    """The records of the year, wherever they came from."""
    records = facility.records.filter(year=year).select_related("product", "resource")
    lines = stored_lines(records.order_by("flow", "product", "resource", "meter", "month"))
    return _case(facility, year, None, list(lines), {line.pk: dict(line.months) for line in lines})


def _case(
    facility: Facility,
    year: int,
    report: AnnualReport | None,
    lines: list[Line],
    months: dict[int, dict[int, float]],
) -> Case:
    back = int(rule("plausibility.history_years"))
    past = reliable_past(facility, range(year - back, year))
    mix = mix_of(facility.products.filter(is_active=True))
    resources = {line.resource_id for line in lines if line.flow == Flow.CONSUMPTION}
    peers = peer_table(facility, year, resources, mix.unit) if mix is not None and resources else {}
    return Case(facility, year, report, lines, months, past, mix, peers)
