"""A bill or meter file beside a report that was accepted."""

from decimal import Decimal

import pytest
from django.urls import reverse
from tests.apps.intake.test_mapping import book

from sachhon.apps.intake import meter_format
from sachhon.apps.intake.meter_format import MappedFormat, Part
from sachhon.apps.intake.monthly import MonthlyWriter
from sachhon.apps.intake.services import mending
from sachhon.apps.intake.services.reading import open_fixed
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.intake.services.running import run_job, sent_of
from sachhon.apps.registry.models import Record
from sachhon.apps.registry.services.judged import YearJudged
from sachhon.apps.registry.services.typing import type_record
from sachhon.apps.reporting.services import drafting, workflow
from sachhon.workbooks.readings import Reading

from .conftest import NOW


def bill(month, quantity, resource="electricity", cost=1000):
    origins = (("Điện", f"B{month}"),)
    return "", Reading(
        "consumption",
        "Điện",
        resource,
        f"2026-{month:02d}",
        Decimal(quantity),
        "kWh",
        cost,
        "invoice",
        False,
        origins,
    )


def write(works, *bills):
    problems = MonthlyWriter(works.centre, works.brick, "batch", "hoa-don.xlsx").write(list(bills))
    return [(problem.level, problem.rule, problem.params.get("figures")) for problem in problems]


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
    assert told == [
        ("error", "judged_year_kept", [["2026-01", "5400", "9999", "B1"]]),
        ("error", "judged_year_kept", [["2026-03", None, "7", "B3"]]),
    ]


def test_a_file_of_an_accepted_year_is_refused_once_and_says_which_months_it_left(works, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    workflow.accept(works.centre, works.sent(), now=NOW)
    lines = [[f"T{month}", 5400 + month] for month in range(1, 13)]
    head = [["HÓA ĐƠN ĐIỆN NĂM 2026"], ["Tháng", "Điện tiêu thụ (kWh)"]]
    job = receive(works.centre, [book({"Điện": [*head, *lines]})], facility=works.brick, start=False)
    run_job(job.pk)
    file = job.files.get()
    (suggestion,) = meter_format.suggestions(open_fixed(sent_of(file)))
    mending.choose_mapping(works.centre, file, Part(suggestion), "Điện")
    run_job(job.pk)
    file.refresh_from_db()
    assert (file.state, file.values_taken, file.batch) == ("refused", 0, "")
    problem = file.problems.get()
    assert (problem.rule, problem.level, problem.cell) == ("judged_year_kept", "error", "B3")
    assert problem.params["cells"] == [f"B{row}" for row in range(3, 15)]
    assert "01/2026 (B3): 5.400, tệp ghi 5.401" in problem.message
    assert "(kWh): báo cáo năm 2026 đã được chấp nhận" in problem.message
    assert "12/2026 (B14)" in problem.message


def test_a_file_that_says_what_is_there_already_counts_as_taken_before(works, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    workflow.accept(works.centre, works.sent(), now=NOW)
    sheet = [["HÓA ĐƠN ĐIỆN NĂM 2026"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 5400], ["T2", 5400]]
    job = receive(works.centre, [book({"Điện": sheet})], facility=works.brick, start=False)
    run_job(job.pk)
    file = job.files.get()
    (suggestion,) = meter_format.suggestions(open_fixed(sent_of(file)))
    mending.choose_mapping(works.centre, file, Part(suggestion), "Điện")
    run_job(job.pk)
    file.refresh_from_db()
    assert (file.state, file.values_taken) == ("duplicate", 0)
    assert [problem.rule for problem in file.problems.all()] == ["nothing_new"]


def test_a_year_that_waits_or_is_being_revised_takes_the_file(works):
    report = works.sent()
    assert write(works, bill(1, 9999))[0][1] == "value_replaced"
    workflow.accept(works.centre, report, now=NOW)
    revision = drafting.revise(works.factory, report)
    assert revision.state == "draft"
    assert write(works, bill(1, 8888))[0][1] == "value_replaced"
    assert (works.brick.records.get(year=2026, month=1, resource__code="electricity").quantity) == 8888


def test_a_hand_does_not_change_an_accepted_year_past_its_report(works, client):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    record = works.brick.records.get(year=2026, month=1, resource__code="electricity")
    before = figures(works)
    with pytest.raises(YearJudged, match="2026"):
        type_record(
            works.centre,
            works.brick,
            item="consumption:electricity",
            month="2026-01",
            quantity=Decimal(1),
            unit="kWh",
        )
    client.force_login(works.centre)
    where = reverse("registry:record", args=[works.brick.code, record.pk])
    assert (
        reverse("registry:delete_record", args=[works.brick.code, record.pk])
        not in client.get(where).content.decode()
    )
    answer = client.post(reverse("registry:delete_record", args=[works.brick.code, record.pk]), follow=True)
    assert "bản sửa đổi" in answer.content.decode()
    assert figures(works) == before


def test_a_bill_file_is_not_undone_once_the_year_is_accepted(works):
    report = works.sent()
    write(works, bill(1, 9999))
    workflow.accept(works.centre, report, now=NOW)
    with pytest.raises(YearJudged):
        MappedFormat().undo(works.centre, "batch")


def test_another_cost_of_the_same_quantity_is_told(works):
    works.sent(cost=12_000)
    cost = works.brick.records.get(year=2026, month=1, resource__code="electricity").cost_vnd
    assert cost not in (None, 2000)
    told = [("warning", "cost_replaced", [["2026-01", str(cost), "2000", "B1"]])]
    assert write(works, bill(1, 5400, cost=2000)) == told
    assert works.brick.records.get(year=2026, month=1, resource__code="electricity").cost_vnd == 2000
    assert write(works, bill(1, 5400, cost=2000)) == []
