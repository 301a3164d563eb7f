"""The inbox page of an annual report's file: taken, with warnings, refused, spoilt in each way people spoil one."""

import dataclasses

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.intake.services.running import run_job
from sachhon.apps.reporting.pages import address
from sachhon.workbooks.annual.mess import KINDS, make_messy
from sachhon.workbooks.annual.template import write_template

from .test_transfer import data

State = ImportFile.State


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


def workbook(kind: str = "", **changes) -> tuple[bytes, str]:
    """The report of the brick works as a workbook, spoilt in the way of `kind`, and the ending of its name."""
    clean = write_template(
        data(facility_code="LS-0001", facility_name="Nhà máy gạch tuynel Thử Nghiệm", **changes)
    )
    return make_messy(clean, kind, 7) if kind else (clean, "xlsx")


def sent(actor, content: bytes, ending: str) -> ImportFile:
    """The file of the inbox after it was read."""
    job = receive(actor, [ContentFile(content, name=f"Báo cáo năm.{ending}")], start=False)
    run_job(job.pk)
    return job.files.get()


def opened(client, works, file: ImportFile, role: str = "centre") -> str:
    client.force_login(works.cast.user(role))
    answer = client.get(reverse("intake:file", args=[file.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_taken_file_of_each_kind_opens_with_its_sheet(works, client, kind):
    file = sent(works.centre, *workbook(kind))
    assert file.is_taken, (file.state, [str(p.params) + p.rule for p in file.problems.all()])
    html = opened(client, works, file)
    assert 'class="cells"' in html
    assert "Báo cáo năm" in html


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_refused_file_of_each_kind_opens_with_its_reason(works, client, kind):
    file = sent(works.centre, *workbook(kind, year=2099))
    assert file.state == State.REFUSED
    html = opened(client, works, file)
    assert 'class="cells"' in html
    assert file.problems.filter(level="error").first().message in html


def test_a_file_taken_with_warnings_opens_and_shows_the_cell(works, client):
    lines = list(data().lines)
    lines[1] = dataclasses.replace(lines[1], months=(-5, *lines[1].months[1:]))
    file = sent(works.centre, *workbook(lines=tuple(lines)))
    problem = file.problems.exclude(level="info").first()
    assert problem.cell
    assert f"cell={problem.cell}" in opened(client, works, file, "factory")


def test_a_file_kept_before_solutions_were_listed_opens(works, client):
    file = sent(works.centre, *workbook())
    assert file.summary["solution_count"] == 1
    ImportFile.objects.filter(pk=file.pk).update(summary=file.summary | {"solutions": 1})
    assert 'class="cells"' in opened(client, works, file)


def test_a_waiting_file_that_cannot_be_opened_says_why_at_once(works, client):
    picture = ContentFile(b"\x89PNG\r\n\x1a\n" + bytes(64), name="Báo cáo.xlsx")
    file = receive(works.centre, [picture], start=False).files.get()
    assert file.state == State.WAITING
    html = opened(client, works, file)
    assert "Không nhận ra dạng tệp (PNG)." in html
    assert "vấn đề." not in html


def test_the_page_names_the_report_it_sent_and_what_is_to_be_explained(works, client):
    works.year(2025, electricity="5.4")
    file = sent(works.factory, *workbook())
    html = opened(client, works, file, "factory")
    report = works.brick.annual_reports.get()
    assert report.state == "submitted"
    assert "Tệp này đã nộp báo cáo năm 2026" in html
    assert f'href="{address(report, "report")}"' in html
    assert report.findings.filter(level="error", state="open").count() == 1
    assert "1 số liệu cần sửa hoặc giải thích" in html
    assert f'href="{address(report, "report")}#findings"' in html


def test_the_page_of_a_report_that_was_not_sent_leads_to_sending_it(works, client):
    file = sent(works.factory, *workbook(employees=None))
    html = opened(client, works, file, "factory")
    report = works.brick.annual_reports.get()
    assert report.state == "draft"
    assert "đã nộp báo cáo" not in html
    assert f'href="{address(report, "check")}"' in html
