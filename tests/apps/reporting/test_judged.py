"""A bill or meter file beside a report that was accepted."""

from decimal import Decimal

import pytest

from sachhon.apps.intake.monthly import MonthlyWriter
from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.services import drafting, workflow
from sachhon.workbooks.readings import Reading

from .conftest import NOW


def bill(month, quantity, resource="electricity"):
    origins = (("Điện", f"B{month}"),)
    return "", Reading(
        "consumption",
        "Điện",
        resource,
        f"2026-{month:02d}",
        Decimal(quantity),
        "kWh",
        1000,
        "invoice",
        False,
        origins,
    )


def write(works, *bills):
    problems = MonthlyWriter(works.centre, works.brick, "batch", "hoa-don.xlsx").write(list(bills))
    return [(problem.rule, problem.params.get("old"), problem.params.get("new")) for problem in problems]


def figures(works):
    return list(
        Record.objects.filter(facility=works.brick, year=2026)
        .order_by("flow", "resource", "month", "pk")
        .values_list("resource__code", "month", "quantity", "cost_vnd")
    )


@pytest.mark.parametrize("locked", [False, True])
def test_the_figures_of_an_accepted_year_stay_and_the_differing_ones_are_told(works, locked):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    if locked:
        workflow.lock_year(works.centre, works.brick.province_code, 2026)
    before = figures(works)
    told = write(works, bill(1, 9999), bill(2, 5400), bill(3, 7, "diesel"))
    assert figures(works) == before
    assert told == [("judged_year_kept", "5400", "9999"), ("judged_year_not_added", None, "7")]


def test_a_year_that_waits_or_is_being_revised_takes_the_file(works):
    report = works.sent()
    assert write(works, bill(1, 9999))[0][0] == "value_replaced"
    workflow.accept(works.centre, report, now=NOW)
    revision = drafting.revise(works.factory, report)
    assert revision.state == "draft"
    assert write(works, bill(1, 8888))[0][0] == "value_replaced"
    assert (works.brick.records.get(year=2026, month=1, resource__code="electricity").quantity) == 8888
