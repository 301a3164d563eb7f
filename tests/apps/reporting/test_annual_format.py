"""Real workbooks of the form through the inbox: taken, refused, sent twice, undone."""

import dataclasses
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services import mending
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.intake.services.running import run_job
from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.registry.models import FacilityYear, Figure, Product, Record
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services import content, workflow
from sachhon.workbooks.annual.template import write_template

from .conftest import NOW
from .test_transfer import data

State = ImportFile.State
WHAT = ("month", "flow", "resource", "product", "meter", "quantity", "cost_vnd", "source", "quality")


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def send(works):
    """Sends a report as a workbook; returns its file in the inbox."""

    def sending(content, *, actor=None, name="Báo cáo năm.xlsx"):
        book = content if isinstance(content, bytes) else write_template(content)
        job = receive(actor or works.centre, [ContentFile(book, name=name)], start=False)
        run_job(job.pk)
        return job.files.get()

    return sending


def filled(**changes):
    """The report of the brick works, saying who it is of."""
    return data(facility_code="LS-0001", facility_name="Nhà máy gạch tuynel Thử Nghiệm", **changes)


def rules(file):
    return [p.rule for p in file.problems.order_by("pk") if p.level != "info"]


def test_a_filled_form_becomes_a_sent_report(works, send):
    file = send(filled())
    assert (file.state, rules(file)) == (State.TAKEN, [])
    report = AnnualReport.objects.get()
    assert (report.state, report.facility, report.batch) == ("submitted", works.brick, file.batch)
    assert file.summary["submitted"] is True
    march = Record.objects.get(year=2026, month=3, resource=works.electricity)
    change = march.changes.get()
    assert (change.file_name, change.sheet) == ("Báo cáo năm.xlsx", "3. Nguyên nhiên liệu")
    assert change.cell
    given = content.to_data(report)
    assert given.lines[1].months == filled().lines[1].months
    assert given.solutions == filled().solutions


def test_the_same_figures_again_change_nothing_and_a_prefilled_form_comes_back_unchanged(works, send):
    send(filled())
    before = list(Record.objects.values_list("pk", "version"))
    again = send(write_template(content.to_data(AnnualReport.objects.get())), name="Bản khác.xlsx")
    assert again.state in (State.DUPLICATE, State.TAKEN)
    assert AnnualReport.objects.count() == 1
    assert list(Record.objects.values_list("pk", "version")) == before


def test_a_form_of_another_factory_is_refused_and_says_nothing_about_it(works, cast, send):
    cast.quarry.tax_code = "0100100079"
    cast.quarry.save()
    file = send(data(tax_code="0100100079"), actor=works.factory)
    assert file.state == State.REFUSED
    assert file.facility is None
    assert not AnnualReport.objects.exists()
    assert cast.quarry.name not in " ".join(str(p.params) for p in file.problems.all())


def test_a_mistyped_tax_code_is_told_once_at_its_cell(works, send):
    file = send(filled(tax_code="0100100078"))
    assert file.state == State.REFUSED
    assert rules(file) == ["annual_tax_code_invalid"]


def test_a_negative_quantity_keeps_the_file_in_the_inbox_or_the_report_a_draft(works, send):
    lines = list(data().lines)
    lines[1] = dataclasses.replace(lines[1], months=(Decimal(-5), *lines[1].months[1:]))
    file = send(filled(lines=tuple(lines)))
    assert file.problems.exclude(level="info").exists()
    assert not AnnualReport.objects.filter(state="submitted").exists()
    assert not Record.objects.filter(quantity__lt=0).exists()


def test_the_year_2099_is_refused(works, send):
    file = send(filled(year=2099))
    assert file.state == State.REFUSED
    assert not AnnualReport.objects.exists()


def test_undo_removes_everything_the_file_brought(works, send):
    works.year(2025)
    records, figures = Record.objects.count(), Figure.objects.count()
    file = send(filled())
    assert Figure.objects.filter(code__startswith="intensity:LS-0001:2026").exists()
    assert Product.objects.count() == 2
    undo_file(works.centre, file)
    assert not AnnualReport.objects.exists()
    assert (Record.objects.count(), Figure.objects.count()) == (records, figures)
    assert list(Product.objects.all()) == [works.product]
    size = FacilityYear.objects.filter(year=2026).first()
    assert size is None or size.employees is None


def test_undo_of_a_file_that_wrote_over_a_draft_gives_the_draft_back(works, send):
    report = works.draft()
    before = content.to_data(report)
    file = send(filled())
    assert (file.state, rules(file)) == (State.TAKEN_WITH_WARNINGS, ["report_draft_overwritten"])
    undo_file(works.centre, file)
    report.refresh_from_db()
    assert report.state == "draft"
    assert content.to_data(report) == before


def test_an_accepted_report_is_not_undone(works, send):
    file = send(filled())
    workflow.accept(works.centre, AnnualReport.objects.get(), now=NOW)
    with pytest.raises(NotPossible, match="2026"):
        undo_file(works.centre, file)
    assert AnnualReport.objects.get().state == "accepted"
    file.refresh_from_db()
    assert file.state == State.TAKEN


def test_an_accepted_report_stays_and_a_new_file_becomes_a_revision(works, send):
    send(filled())
    report = AnnualReport.objects.get()
    workflow.accept(works.centre, report, now=NOW)
    file = send(filled(employees=44), actor=works.factory)
    assert rules(file) == ["report_revision_made"]
    report.refresh_from_db()
    assert (report.state, report.employees) == ("accepted", 40)
    revision = AnnualReport.objects.get(revision=2)
    assert (revision.state, revision.employees) == ("draft", 44)
    undo_file(works.factory, file)
    assert list(AnnualReport.objects.all()) == [report]


def test_a_file_for_a_report_that_waits_stays_in_the_inbox_and_is_taken_after_the_report_was_returned(
    works, send
):
    send(filled())
    file = send(filled(employees=44), actor=works.factory, name="Sửa.xlsx")
    assert (file.state, rules(file)) == (State.REFUSED, ["report_waits"])
    assert AnnualReport.objects.get().employees == 40
    workflow.return_with_remarks(works.centre, AnnualReport.objects.get(), "Sai số người", now=NOW)
    mending.retry(works.factory, file)
    run_job(file.job_id)
    file.refresh_from_db()
    assert file.is_taken
    report = AnnualReport.objects.get()
    assert (report.state, report.employees) == ("submitted", 44)


def test_undo_of_a_resubmission_brings_back_the_months_it_had_dropped(works, send):
    works.year(2025)
    send(filled())
    before = list(Record.objects.filter(year=2026).order_by("month", "pk").values_list(*WHAT))
    figures = set(Figure.objects.values_list("code", "value"))
    report = AnnualReport.objects.get()
    workflow.return_with_remarks(works.centre, report, "Bỏ dòng than", now=NOW)
    without_coal = tuple(line for line in data().lines if "Than" not in line.name)
    file = send(filled(lines=without_coal), name="Nộp lại.xlsx")
    assert not Record.objects.filter(year=2026, resource=works.coal).exists()
    undo_file(works.centre, file)
    after = list(Record.objects.filter(year=2026).order_by("month", "pk").values_list(*WHAT))
    assert sorted(map(str, after)) == sorted(map(str, before))
    assert set(Figure.objects.values_list("code", "value")) == figures
    report.refresh_from_db()
    assert report.state == "returned"
