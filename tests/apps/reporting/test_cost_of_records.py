"""The cost of a report's line stands in the records it wrote, also after it was corrected there."""

from datetime import timedelta
from decimal import Decimal

from sachhon.apps.registry.models import Record
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.services import workflow

from .conftest import NOW


def cost_of(works) -> int:
    rows = Record.objects.filter(facility=works.brick, year=2026, resource=works.electricity)
    return sum(rows.values_list("cost_vnd", flat=True))


def send_again(works, report, cost, electricity="5400"):
    workflow.recall(works.factory, report)
    line = works.line(report, "electricity")
    row = works.row("consumption", "electricity", electricity, unit="kWh", cost=cost)
    works.save(report, "inputs", {str(line.pk): row})
    report.refresh_from_db()
    workflow.submit(works.factory, report, now=NOW + timedelta(hours=2))


def test_a_corrected_cost_reaches_the_records(works):
    report = works.sent(cost=120_000_000)
    assert cost_of(works) == 120_000_000
    send_again(works, report, 240_000_000)
    assert cost_of(works) == 240_000_000


def test_a_corrected_month_moves_its_share_of_the_cost_and_the_others_too(works):
    report = works.sent(cost=120_000_000)
    months = ["54000", *["5400"] * 11]
    workflow.recall(works.factory, report)
    line = works.line(report, "electricity")
    row = works.row("consumption", "electricity", "", unit="kWh", cost=120_000_000, months=months)
    works.save(report, "inputs", {str(line.pk): row})
    report.refresh_from_db()
    workflow.submit(works.factory, report, now=NOW + timedelta(hours=2))
    assert abs(cost_of(works) - 120_000_000) <= 12


def test_the_cost_of_a_bill_is_left_to_the_bill(works):
    report = works.draft(cost=240_000_000)
    rows = [
        RecordRow(
            2026,
            month,
            "consumption",
            Decimal(5400),
            resource=works.electricity,
            source="invoice",
            cost_vnd=9_000_000,
        )
        for month in range(1, 13)
    ]
    write_records(works.centre, works.brick, rows)
    workflow.submit(works.factory, report, now=NOW)
    assert cost_of(works) == 12 * 9_000_000
