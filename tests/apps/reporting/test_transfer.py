"""Reports taken in from a file and given out again, without cells: the plain content both ways."""

import dataclasses
import datetime
from decimal import Decimal

import pytest

from sachhon.apps.registry.models import Record, RecordChange
from sachhon.apps.reporting.deadlines import local_day, report_due
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services import content, drafting, transfer, workflow
from sachhon.workbooks.annual.model import AnnualReportData, ReportLine, ReportSaving, ReportSolution
from sachhon.workbooks.problems import WorkbookRefused

from .conftest import NOW

MONTHS = tuple(Decimal(5400) for _ in range(12))


def data(**changes) -> AnnualReportData:
    """A complete report of the brick works."""
    lines = (
        ReportLine("output", "Gạch tuynel", "nghìn viên", months=tuple(Decimal(100) for _ in range(12))),
        ReportLine(
            "consumption", "Điện EVN", "kWh", "electricity", MONTHS, frozenset([12]), cost_vnd=120_000_000
        ),
        ReportLine("consumption", "Than cám 5a", "tấn", None, total=Decimal(156), source="invoice"),
        ReportLine("waste", "Gạch vỡ", "tấn", "brick_reject", total=Decimal(30)),
    )
    solution = ReportSolution(
        "Bọc bảo ôn lò",
        "equipment_modification",
        done=datetime.date(2026, 3, 1),
        investment_vnd=50_000_000,
        savings=(ReportSaving("electricity", Decimal(600), "kWh"),),
        saving_vnd_per_year=1_200_000,
        state="done",
    )
    whole = AnnualReportData(
        year=2026,
        employees=40,
        revenue_vnd=9_000_000_000,
        contact_phone="0205 3 812 345",
        cp_aware="yes",
        cp_applying="yes",
        cp_since=2019,
        lines=lines,
        solutions=(solution,),
        difficulties=("Thiếu vốn",),
        requests=("Tập huấn",),
        extra={"Ghi chú": "Lò số 2 dừng"},
    )
    return dataclasses.replace(whole, **changes)


ORIGINS = {
    "lines.1.months.2": ("3. Nguyên nhiên liệu", "H7"),
    "lines.2.total": ("3. Nguyên nhiên liệu", "U8"),
}


def take(works, content, *, actor=None, batch="file-1", now=NOW, **kwargs):
    return transfer.from_data(
        actor or works.centre, works.brick, content, ORIGINS, batch, "Báo cáo.xlsx", now=now, **kwargs
    )


def test_a_complete_file_becomes_a_sent_report_with_records_that_know_their_cell(works):
    taken = take(works, data())
    assert (taken.outcome, taken.submitted, taken.report.state) == ("created", True, "draft")
    report = AnnualReport.objects.get()
    assert (report.state, report.batch, report.on_time) == ("submitted", "file-1", True)
    assert report.lines.get(name="Than cám 5a").resource.code == "coal_cam_5_6"
    march = Record.objects.get(year=2026, month=3, resource=works.electricity)
    change = RecordChange.objects.get(record=march)
    assert (change.file_name, change.sheet, change.cell, change.batch) == (
        "Báo cáo.xlsx",
        "3. Nguyên nhiên liệu",
        "H7",
        "file-1",
    )
    coal = Record.objects.filter(year=2026, resource=works.coal)
    assert coal.count() == 12
    assert sum(r.quantity for r in coal) == 156
    assert {r.quality for r in coal} == {"estimated"}
    assert sum(r.cost_vnd for r in Record.objects.filter(resource=works.electricity)) == 120_000_000


def test_what_was_taken_in_is_given_out_again(works):
    take(works, data())
    given = content.to_data(AnnualReport.objects.get())
    wanted = data()
    for name in ("employees", "cp_since", "difficulties", "requests", "solutions", "extra", "revenue_vnd"):
        assert getattr(given, name) == getattr(wanted, name)
    assert [line.name for line in given.lines] == [line.name for line in wanted.lines]
    assert given.lines[1] == dataclasses.replace(wanted.lines[1], unit="kWh")
    assert given.lines[2].total == 156
    assert given.lines[2].months == (None,) * 12
    assert (given.facility_code, given.area_code) == ("LS-0001", "06385")


def test_given_out_and_taken_in_again_changes_nothing(works):
    take(works, data())
    taken = take(works, content.to_data(AnnualReport.objects.get()), batch="file-2")
    assert taken.outcome == "unchanged"
    assert [p.rule for p in taken.problems] == ["report_unchanged"]
    assert AnnualReport.objects.count() == 1


def test_a_different_file_for_a_draft_writes_over_it_with_a_warning_and_history(works):
    report = works.draft()
    taken = take(works, data(employees=55))
    assert (taken.outcome, taken.submitted) == ("overwritten", False)
    assert taken.problems[0].rule == "report_draft_overwritten"
    report.refresh_from_db()
    assert (report.employees, report.state) == (55, "draft")
    assert report.changes.filter(batch="file-1", section="general").get().before["employees"] == 40


def test_a_different_file_for_a_report_that_waits_is_refused_until_it_is_taken_back(works):
    report = works.sent()
    with pytest.raises(WorkbookRefused) as refused:
        take(works, data(employees=55))
    assert refused.value.problem.rule == "report_waits"
    assert "2026" in refused.value.problem.message("vi")
    assert list(AnnualReport.objects.values_list("revision", "state", "employees")) == [(1, "submitted", 40)]
    workflow.recall(works.factory, report)
    assert take(works, data(employees=55)).outcome == "overwritten"


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_a_different_file_for_an_accepted_report_becomes_a_revision(works, state):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    if state == "locked":
        workflow.lock(works.centre, report)
    taken = take(works, data(employees=55))
    assert (taken.outcome, taken.report.revision, taken.report.state) == ("revised", 2, "draft")
    assert taken.problems[0].rule == "report_revision_made"
    report.refresh_from_db()
    assert (report.employees, report.state) == (40, state)


def test_an_incomplete_file_is_kept_as_a_draft_with_each_error_in_words(works):
    unknown = ReportLine("consumption", "Chất lạ", "kg", total=Decimal(3))
    taken = take(works, data(employees=None, lines=(*data().lines, unknown)))
    assert (taken.submitted, AnnualReport.objects.get().state) == (False, "draft")
    assert [p.rule for p in taken.problems] == [
        "report_kept_as_draft",
        "field_missing",
        "line_resource_unknown",
    ]
    assert "Chất lạ" in taken.problems[2].message("vi")
    assert not Record.objects.exists()


@pytest.mark.parametrize("year", [2099, 2027, 1999])
def test_a_year_that_is_not_open_is_refused(works, year):
    with pytest.raises(WorkbookRefused) as refused:
        take(works, data(year=year))
    assert refused.value.problem.rule == "report_year_not_open"
    assert not AnnualReport.objects.exists()


def test_the_tax_code_of_another_factory_is_refused(works):
    works.brick.tax_code = "0100100079"
    works.brick.save()
    with pytest.raises(WorkbookRefused) as refused:
        take(works, data(tax_code="0100100061"))
    assert refused.value.problem.rule == "report_tax_code_other"
    assert take(works, data(tax_code="0100100079-")).outcome == "created"


def test_a_form_of_an_earlier_year_counts_from_the_day_it_was_signed_when_an_officer_enters_it(works):
    signed = datetime.date(2024, 12, 10)
    take(works, data(year=2024, signed_on=signed))
    assert AnnualReport.objects.get().on_time is True
    AnnualReport.objects.all().delete()
    take(works, data(year=2024, signed_on=signed), actor=works.factory)
    assert AnnualReport.objects.get().on_time is False


@pytest.mark.parametrize(
    ("year", "signed", "counted"),
    [
        (2026, datetime.date(2025, 12, 19), None),  # last year's form, filled in again
        (2026, datetime.date(2026, 9, 30), None),
        (2026, datetime.date(2026, 11, 25), None),  # tomorrow
        (2026, datetime.date(2026, 10, 1), datetime.date(2026, 10, 1)),
        (2024, datetime.date(2025, 1, 6), datetime.date(2025, 1, 6)),
        (2024, datetime.date(2023, 12, 10), None),
    ],
)
def test_a_signed_date_that_cannot_be_of_that_year_gives_way_to_the_upload_and_is_told_with_its_cell(
    works, year, signed, counted
):
    origins = {**ORIGINS, "signed_on": ("5. Ký", "C9")}
    taken = transfer.from_data(
        works.centre,
        works.brick,
        data(year=year, signed_on=signed),
        origins,
        "file-1",
        "Báo cáo.xlsx",
        now=NOW,
    )
    report = AnnualReport.objects.get()
    assert local_day(report.first_submitted_at) == (counted or NOW.date())
    assert report.on_time is (report_due(year) > (counted or NOW.date()))
    told = [p for p in taken.problems if p.rule == "report_signed_date_unlikely"]
    assert [(p.level, p.place) for p in told] == ([] if counted else [("warning", "5. Ký!C9")])
    if told:
        assert f"{signed:%d/%m/%Y}" in told[0].message("vi")
        assert "24/11/2026" in told[0].message("en")


def test_two_lines_of_one_resource_and_two_products_of_one_name_both_stay(works):
    twice = (
        ReportLine("output", "Gạch", "nghìn viên", total=Decimal(500)),
        ReportLine("output", "Gạch", "nghìn viên", total=Decimal(700)),
        ReportLine("consumption", "Điện lò", "kWh", "electricity", total=Decimal(5000)),
        ReportLine("consumption", "Điện văn phòng", "kWh", "electricity", total=Decimal(100)),
    )
    take(works, data(lines=twice))
    report = AnnualReport.objects.get()
    assert [line.label for line in report.lines.order_by("pk")] == [
        "Gạch",
        "Gạch (2)",
        "Điện lò",
        "Điện văn phòng",
    ]
    power = Record.objects.filter(resource=works.electricity, year=2026)
    assert sum(r.quantity for r in power) == 5100


def test_readings_of_a_meter_stay_beside_a_report_that_says_otherwise(works):
    from sachhon.apps.registry.services.records import RecordRow, write_records

    row = RecordRow(
        2026, 1, "consumption", Decimal(9000), resource=works.electricity, meter="CT-1", source="meter"
    )
    write_records(works.centre, works.brick, [row])
    taken = take(works, data())
    assert [p.rule for p in taken.problems] == ["metered_kept"]
    january = Record.objects.filter(year=2026, month=1, resource=works.electricity)
    assert [(r.meter, r.quantity) for r in january] == [("CT-1", 9000)]


def test_revise_copies_everything(works):
    take(works, data())
    report = AnnualReport.objects.get()
    workflow.accept(works.centre, report, now=NOW)
    revision = drafting.revise(works.factory, report)
    assert content.to_data(revision) == content.to_data(report)


def test_a_number_too_large_takes_nothing_else_of_its_line_away(works):
    lines = list(data().lines)
    lines[1] = dataclasses.replace(lines[1], cost_vnd=74 * 10**17)
    origins = {**ORIGINS, "lines.1.cost_vnd": ("3. Nguyên nhiên liệu", "T7")}
    taken = transfer.from_data(
        works.factory, works.brick, data(lines=tuple(lines)), origins, "b", "a.xlsx", now=NOW
    )
    line = taken.report.lines.get(resource__code="electricity")
    assert (line.months, line.cost_vnd) == (["5400"] * 12, None)
    assert taken.submitted
    (problem,) = [p for p in taken.problems if p.rule == "field_out_of_range"]
    assert problem.place == "3. Nguyên nhiên liệu!T7"
    assert "7400000000000000000" in problem.message("vi").replace(".", "")


def test_a_cost_a_thousand_times_too_large_is_kept_and_held(works):
    works.year(2025, cost=10_000_000)
    lines = list(data().lines)
    lines[1] = dataclasses.replace(lines[1], cost_vnd=74 * 10**12)
    taken = transfer.from_data(
        works.factory, works.brick, data(lines=tuple(lines)), ORIGINS, "b", "a.xlsx", now=NOW
    )
    assert taken.report.lines.get(resource__code="electricity").cost_vnd == 74 * 10**12
    assert {"price", "cost_over_revenue"} <= set(
        taken.report.findings.filter(level="error").values_list("rule", flat=True)
    )


def test_a_report_whose_quantity_was_left_out_is_kept_as_a_draft(works):
    lines = list(data().lines)
    months = (*MONTHS[:3], Decimal(10**15), *MONTHS[4:])
    lines[1] = dataclasses.replace(lines[1], months=months)
    saving = ReportSaving("electricity", Decimal(10) ** 24, "kWh")
    solution = dataclasses.replace(data().solutions[0], savings=(saving,))
    origins = {
        "lines.1.months.3": ("3. Nguyên nhiên liệu", "I7"),
        "solutions.0.savings.0": ("5. Giải pháp", "I6"),
    }
    taken = transfer.from_data(
        works.factory, works.brick, data(lines=tuple(lines), solutions=(solution,)), origins, "b", "a.xlsx", now=NOW
    )  # fmt: skip
    line = taken.report.lines.get(resource__code="electricity")
    assert line.months == [*["5400"] * 3, None, *["5400"] * 8]
    assert not taken.submitted
    assert [p.cell for p in taken.problems if p.rule == "field_out_of_range"] == ["I7", "I6"]
    assert "report_kept_as_draft" in {p.rule for p in taken.problems}
    assert taken.report.solutions.get().savings == []


def test_a_number_typed_too_large_for_a_month_is_said_at_its_field(works):
    from sachhon.apps.reporting.forms import Unreadable, number_of

    with pytest.raises(Unreadable):
        number_of("50.000.000.000.000")
    report = works.draft(electricity="999999999999")
    assert works.line(report, "electricity").total == 12 * 999_999_999_999
