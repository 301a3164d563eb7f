"""Solutions of mapped workbooks: into the report of their year, with their cells; what is missing is asked for."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from tests.apps.intake.conftest import FILES
from tests.apps.intake.test_mapping import bills, book
from tests.apps.intake.test_taking import rules
from tests.apps.intake.test_taking import send as sent
from tests.apps.reporting.conftest import NOW
from tests.workbooks.test_solutions import HEAD, ROWS

from sachhon.apps.intake import meter_format
from sachhon.apps.intake.meter_format import Part
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services import mending
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.reading import open_fixed
from sachhon.apps.intake.services.running import sent_of
from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.models import AnnualReport, ReportSolution
from sachhon.apps.reporting.services import drafting, workflow
from sachhon.apps.reporting.services.checks import check_section

State = ImportFile.State


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def take(django_capture_on_commit_callbacks):
    """Sends a file and confirms each suggestion as it stands; then the worker reads it."""

    def act(user, upload, facility=None):
        with django_capture_on_commit_callbacks(execute=True):
            (file,) = sent(user, upload, facility=facility)
            if file.state == State.NEEDS_MAPPING:
                for suggestion in meter_format.suggestions(open_fixed(sent_of(file))):
                    mending.choose_mapping(user, file, Part(suggestion), suggestion.name)
        file.refresh_from_db()
        return file

    return act


def table(year=2026, rows=ROWS, name="giai-phap.xlsx") -> ContentFile:
    rows = [
        [value.replace("2024", str(year)) if isinstance(value, str) else value for value in row]
        for row in rows
    ]
    rows = [[*row[:3], f"15/06/{year}" if row[3] and row[0] else row[3], *row[4:]] for row in rows]
    return book({"GP": [[f"CÁC GIẢI PHÁP ĐÃ THỰC HIỆN NĂM {year}"], [], HEAD, *rows]}, name=name)


def test_a_table_of_solutions_begins_a_draft_and_says_so_with_group_day_money_units_and_cells(works, take):
    file = take(works.factory, table(2025))
    assert file.state == State.TAKEN_WITH_WARNINGS, [p.message for p in file.problems.all()]
    assert {"solutions_draft_made", "solution_asked"} <= set(rules(file))
    report = AnnualReport.objects.get()
    assert (report.year, report.state, report.batch) == (2025, "draft", file.batch)
    fan, heat, basin = report.solutions.all()
    assert (fan.name, fan.group, fan.done_on.isoformat(), fan.state) == (
        "Lắp biến tần cho quạt lò", "equipment_modification", "2025-06-15", "done",
    )  # fmt: skip
    assert (fan.investment_vnd, fan.saving_vnd_per_year) == (120_000_000, 96_000_000)
    assert fan.savings == [{"resource": "electricity", "quantity": "48000", "unit": "kWh"}]
    assert fan.origins["investment_vnd"] == ["giai-phap.xlsx", "GP", "E4"]
    assert fan.origins["done_on"] == ["giai-phap.xlsx", "GP", "D4"]
    assert heat.origins["savings.0"] == ["giai-phap.xlsx", "GP", "G5"]
    assert (basin.group, bool(basin.not_cp_reason)) == ("treatment", True)
    assert file.values_taken == 7  # 3 investments, 2 amounts of money, 2 quantities


def test_what_an_old_form_leaves_out_is_asked_for_by_the_report_and_by_the_file(works, take, client):
    upload = ContentFile((FILES / "bao_cao_2024_font_cu.xlsx").read_bytes(), name="cu.xlsx")
    file = take(works.factory, upload)
    report = AnnualReport.objects.get(year=2024)
    solution = report.solutions.get()
    assert (solution.name, solution.group, solution.investment_vnd) == ("", "", 295_000_000)
    issues = [issue.rule for issue in check_section(report, "solutions")]
    assert issues == ["solution_name_missing", "solution_group_missing", "solution_done_undated"]
    assert report.lines.filter(resource=works.electricity).exists()  # the form's own figures came first
    client.force_login(works.factory)
    html = client.get(reverse("intake:file", args=[file.pk])).content.decode()
    form = reverse("reporting:edit", args=[works.brick.code, 2024, 1, "giai-phap"])
    assert form in html
    assert "sẽ hỏi trong báo cáo" in html
    assert "cu.xlsx, BC: E8, E9" in client.get(form).content.decode()
    workflow_page = reverse("reporting:report", args=[works.brick.code, 2024, 1])
    assert "cu.xlsx, BC: E8, E9" in client.get(workflow_page).content.decode()


def test_a_draft_gets_the_new_ones_its_blanks_filled_and_keeps_what_it_says(works, take):
    report = works.draft(2026)
    typed = {
        "name": "Lắp biến tần  cho quạt lò",
        "group": "process_control",
        "state": "done",
        "investment_vnd": None,
    }
    works.save(report, "solutions", {"new1": typed})
    file = take(works.factory, table())
    fan = report.solutions.get(name=typed["name"])
    assert (fan.group, fan.investment_vnd) == ("process_control", 120_000_000)
    assert report.solutions.count() == 3
    problem = file.problems.get(rule="solution_differs")
    assert problem.params["fields"] == ["group"]
    assert "nhóm giải pháp" in problem.message
    undo_file(works.factory, file)
    assert [(s.name, s.investment_vnd) for s in report.solutions.all()] == [(typed["name"], None)]


def test_the_same_solutions_in_another_file_change_nothing(works, take):
    take(works.factory, table())
    again = take(works.factory, table(name="gui-lai.xlsx", rows=[*ROWS, ["", "", "", "", "", "", "", ""]]))
    assert again.state == State.DUPLICATE
    assert ReportSolution.objects.count() == 3


def test_a_report_that_waits_keeps_the_file_in_the_inbox_until_it_was_taken_back(
    works, take, django_capture_on_commit_callbacks
):
    report = works.sent()
    file = take(works.factory, table())
    assert (file.state, file.problems.get(level="error").rule) == (State.REFUSED, "solutions_report_waits")
    assert not ReportSolution.objects.exists()
    workflow.return_with_remarks(works.centre, report, "Thiếu giải pháp", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        mending.retry(works.factory, file)
    file.refresh_from_db()
    assert file.is_taken
    assert report.solutions.count() == 3


def test_an_accepted_report_stays_as_it_is(works, take):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    file = take(works.factory, table())
    assert (file.state, file.problems.get(level="error").rule) == (State.REFUSED, "solutions_report_closed")
    drafting.revise(works.factory, report)
    assert not report.solutions.exists()


def test_solutions_of_a_year_that_no_report_can_be_made_for_are_refused(works, take):
    file = take(works.factory, table(2008))
    assert (file.state, file.problems.get(level="error").rule) == (State.REFUSED, "solutions_year_not_open")
    assert not AnnualReport.objects.exists()


def test_undo_takes_the_draft_away_unless_somebody_wrote_in_it(works, take):
    file = take(works.factory, table())
    undo_file(works.factory, file)
    assert not AnnualReport.objects.exists()
    file = take(works.factory, table(name="lai.xlsx", rows=ROWS[:2]))
    report = AnnualReport.objects.get()
    works.save(report, "general", {"employees": 44})
    with pytest.raises(NotPossible, match="sửa"):
        undo_file(works.factory, file)
    assert report.solutions.count() == 2


def test_an_expert_reads_the_figures_but_writes_no_report(works, take, cast):
    expert = cast.user("expert")
    rows = [["ĐIỆN NĂM 2025"], ["Chỉ tiêu", "ĐVT", "T1", "T2", "T3"], ["Điện", "kWh", 1, 2, 3],
            ["Vốn đầu tư SXSH", "triệu đồng", 5, "", ""]]  # fmt: skip
    file = take(expert, book({"A": rows}), cast.brick)
    assert file.is_taken, [p.message for p in file.problems.all()]
    assert "solutions_not_yours" in rules(file)
    assert Record.objects.count() == 3
    assert not AnnualReport.objects.exists()


def test_bills_alone_begin_no_report(works, take):
    file = take(works.factory, bills(["T1", 100, 1]))
    assert file.is_taken
    assert not AnnualReport.objects.exists()
