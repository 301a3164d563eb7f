"""Writing a draft: what it begins with, saving as one types, two people at once, other people's reports."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from sachhon.apps.reporting.models import AnnualReport, BaselineChange
from sachhon.apps.reporting.services import checks, drafting, workflow
from sachhon.apps.reporting.services.drafting import StaleSave
from sachhon.apps.reporting.services.errors import LineTwice, NotEditable, NotYours, ReportError, YearNotOpen

from .conftest import NOW

TODAY = NOW.date()


def test_a_new_draft_holds_the_records_of_the_year_and_last_years_products_without_figures(works):
    works.sent(year=2025, now=datetime.datetime(2025, 12, 1, tzinfo=datetime.UTC), electricity="6000")
    works.year(2026, output="90", electricity="5000", coal="12", cost=9_000_000)
    report = drafting.start_report(works.factory, works.brick, 2026, today=TODAY)
    electricity = works.line(report, "electricity")
    assert electricity.months == ["5000"] * 12
    assert electricity.total == 60_000
    assert electricity.cost_vnd == 12 * 9_000_000
    assert report.lines.get(flow="output").product == works.product
    assert report.employees == 40


def test_what_is_not_in_the_registry_stays_empty(works):
    works.sent(year=2025, now=datetime.datetime(2025, 12, 1, tzinfo=datetime.UTC))
    report = drafting.start_report(works.factory, works.brick, 2026, today=TODAY)
    assert {line.total for line in report.lines.all()} == {None}
    assert report.lines.count() == 3


def test_starting_twice_gives_the_same_report(works):
    first = drafting.start_report(works.factory, works.brick, 2026, today=TODAY)
    assert drafting.start_report(works.centre, works.brick, 2026, today=TODAY) == first


@pytest.mark.parametrize("year", [2099, 2027, 2009])
def test_a_year_that_has_not_come_or_is_long_gone_is_refused(works, year):
    with pytest.raises(YearNotOpen, match=str(year)):
        drafting.start_report(works.factory, works.brick, year, today=TODAY)
    assert not AnnualReport.objects.exists()


def test_nobody_starts_a_report_for_a_facility_out_of_reach(works, cast):
    for facility in (cast.quarry, cast.stranger):
        with pytest.raises(NotYours):
            drafting.start_report(works.factory, facility, 2026, today=TODAY)
    for role in ("expert", "leader", "inspector", "ministry"):
        with pytest.raises(PermissionDenied):
            drafting.start_report(cast.user(role), cast.brick, 2026, today=TODAY)


def test_a_save_on_an_older_version_is_refused_with_what_the_other_changed(works):
    report = works.draft()
    opened = report.version
    works.save(report, "general", {"employees": 45}, actor=works.centre)
    with pytest.raises(StaleSave) as refused:
        drafting.save_section(
            works.factory, report, "general", {"employees": 50, "contact_name": "An"}, opened
        )
    (change,) = refused.value.changes
    assert (change.difference.field, change.difference.before, change.difference.after) == (
        "employees",
        40,
        45,
    )
    assert change.by == works.centre.display_name()
    report.refresh_from_db()
    assert (report.employees, report.contact_name) == (45, "")


def test_a_month_changed_by_another_is_named_by_line_and_month(works):
    report = works.draft()
    line, opened = works.line(report, "electricity"), report.version
    works.save(report, "inputs", {str(line.pk): {"months": ["5400"] * 11 + ["1"]}}, actor=works.centre)
    with pytest.raises(StaleSave) as refused:
        drafting.save_section(works.factory, report, "inputs", {str(line.pk): {"cost_vnd": 1}}, opened)
    fields = {(c.difference.label, c.difference.field, c.difference.after) for c in refused.value.changes}
    assert ("Điện lưới", "month 12", "1") in fields


def test_two_people_on_different_sections_do_not_disturb_each_other(works):
    report = works.draft()
    opened = report.version
    works.save(report, "general", {"employees": 45}, actor=works.centre)
    saved = drafting.save_section(works.factory, report, "cp", {"cp_aware": "yes"}, opened)
    assert (saved.employees, saved.cp_aware) == (45, "yes")


def test_saving_what_stands_there_already_changes_nothing(works):
    report = works.draft()
    before, count = report.version, report.changes.count()
    saved = drafting.save_section(works.factory, report, "general", {"employees": 40}, before)
    assert saved.version == before
    assert report.changes.count() == count


def test_a_sent_report_is_not_written_any_more(works):
    report = works.sent()
    with pytest.raises(NotEditable):
        works.save(report, "general", {"employees": 1})


def test_a_negative_quantity_is_found_and_keeps_the_report_back(works):
    report = works.draft()
    line = works.line(report, "electricity")
    works.save(report, "inputs", {str(line.pk): {"months": ["-5"] + ["5400"] * 11}})
    issue = next(i for i in checks.check_section(report, "inputs") if i.level == "error")
    assert issue.rule == "line_negative"
    assert "-5" in issue.message
    with pytest.raises(workflow.NotReady):
        workflow.submit(works.factory, report, now=NOW)


def test_a_unit_of_another_kind_and_a_wrong_total_are_found(works):
    report = works.draft()
    coal, power = works.line(report, "coal_cam_5_6"), works.line(report, "electricity")
    works.save(report, "inputs", {str(coal.pk): {"unit": "kWh"}, str(power.pk): {"total": "999"}})
    assert {i.rule for i in checks.check_section(report, "inputs")} == {
        "line_unit_other_kind",
        "line_total_differs",
    }


def test_treatment_needs_its_reason_and_a_treatment_among_the_groups_is_asked_about(works):
    report = works.draft()
    works.save(
        report,
        "solutions",
        {
            "new1": {"name": "Xây bể xử lý nước thải", "group": "housekeeping", "done_on": "2026-05-01"},
            "new2": {"name": "Lọc bụi", "group": "treatment", "done_on": "2026-05-01"},
        },
    )
    found = {i.rule: i.level for i in checks.check_section(report, "solutions")}
    assert found == {"solution_maybe_not_cp": "warning", "solution_reason_missing": "error"}


def test_the_second_line_of_a_resource_is_refused_by_name(works):
    report = works.draft()
    with pytest.raises(LineTwice, match="Điện"):
        works.save(report, "inputs", {"new1": works.row("consumption", "electricity", "1", name="Điện")})


def test_changing_the_baseline_is_dated_has_a_reason_and_keeps_the_old_saving(works):
    works.year(2023, electricity="7000")
    works.year(2024, electricity="6500")
    report = works.sent()
    first = report.resource_savings.get(resource=works.electricity)
    assert first.baseline_year == 2023
    with pytest.raises(ReportError):
        drafting.set_baseline(works.centre, report, 2024, " ", today=TODAY)
    drafting.set_baseline(works.centre, report, 2024, "Đã thay lò năm 2023", today=TODAY)
    now = report.resource_savings.get(resource=works.electricity)
    assert now.baseline_year == 2024
    assert float(now.relative_pct) == pytest.approx(100 * (1 - 5400 / 6500), abs=1e-3)
    change = BaselineChange.objects.get(report=report)
    assert (change.from_year, change.to_year, change.changed_on) == (2023, 2024, TODAY)
    kept = {row["resource"]: row["quantity"] for row in change.savings_before}
    assert kept["electricity"] == str(first.quantity)


def test_a_line_has_the_catalogues_name_in_the_language_of_the_reader_or_the_factorys_own(works):
    line = works.line(works.draft(), "electricity")
    line.name = works.electricity.name_vi
    with override("en"):
        assert line.shown_name == works.electricity.name_en
        line.name = "Điện xưởng 2"
        assert line.shown_name == "Điện xưởng 2"
    line.name = ""
    with override("vi"):
        assert line.shown_name == works.electricity.name_vi
