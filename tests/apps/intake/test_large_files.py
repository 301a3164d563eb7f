"""Very large workbooks: a limit with a clear word, and pages that read only the rows they show."""

import datetime
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.apps.intake.test_taking import send

from sachhon.apps.intake import sheetview
from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services import mending, running, windows
from sachhon.workbooks.grid import Limits, WorkbookRefused, open_workbook

ROWS = 2500


def long_book(rows: int = ROWS, width: int = 4) -> ContentFile:
    """One sheet: a day and figures in each row, the number of the row among them."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Số đo")
        sheet.write_row(0, 0, ["Ngày", "Điện (kWh)", "Dòng", "Ghi chú"][:width])
        for row in range(1, rows):
            sheet.write_datetime(row, 0, datetime.date(2025, 1, 1 + row % 28), day)
            sheet.write_row(row, 1, [row * 1.5, row, f"dòng {row + 1}"][: width - 1])
    return ContentFile(out.getvalue(), name="dài.xlsx")


@pytest.fixture
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def low_bar(monkeypatch, own_home):
    """A workbook of ten thousand cells counts as large, so that the tests stay quick."""
    monkeypatch.setattr(windows, "LARGE_CELLS", 5000)


@pytest.fixture
def large(cast, low_bar) -> ImportFile:
    (file,) = send(cast.user("factory"), long_book())
    return file


def shown(client, file, **query):
    answer = client.get(reverse("intake:file", args=[file.pk]), query)
    assert answer.status_code == 200
    return answer.context["view"], answer.content.decode()


def test_the_page_of_a_large_file_opens_no_workbook_whole(client, cast, large, monkeypatch):
    monkeypatch.setattr(sheetview, "open_fixed", lambda sent: pytest.fail("the whole workbook was opened"))
    client.force_login(cast.user("factory"))
    view, _html = shown(client, large)
    assert (view.all_rows, view.all_columns, view.first_row) == (ROWS, 4, 0)
    view, html = shown(client, large, sheet="Số đo", cell="C2301")
    assert view.chosen.text == "2300"
    assert view.rows[0].number == 2281  # the window of forty rows that holds the cell
    assert "dòng 2301" in html
    assert "dòng 2400" not in html
    assert [cell.text for cell in view.rows[0].cells] == ["13/01/2025", "3420", "2280", "dòng 2281"]
    client.force_login(cast.user("centre"))
    assert client.get(reverse("intake:mapping", args=[large.pk])).context["head_rows"] == 1000


def test_a_correction_shows_in_a_large_file_and_beyond_its_last_row(client, cast, large):
    user = cast.user("factory")
    mending.fix_cell(user, large, "Số đo", "B2000", "77")
    mending.fix_cell(user, large, "Số đo", "B2600", "78")
    client.force_login(user)
    view, _html = shown(client, large, sheet="Số đo", cell="B2000")
    assert (view.chosen.text, view.chosen.fixed) == ("77", True)
    view, _html = shown(client, large, sheet="Số đo", cell="B2600")
    assert (view.chosen.text, view.all_rows) == ("78", 2600)


def test_pieces_that_are_lost_are_made_again(client, cast, large, settings):
    (store,) = (settings.HOME / "cache" / "sheets").iterdir()
    store.unlink()
    client.force_login(cast.user("factory"))
    assert shown(client, large)[0].all_rows == ROWS
    assert store.exists()
    store.write_bytes(b"half of a")
    assert shown(client, large)[0].all_rows == ROWS
    assert len(windows.kept(large.content.path)) == 1


def test_a_small_file_is_not_kept_in_pieces(cast, own_home, settings):
    send(cast.user("factory"), long_book(rows=20))
    assert not (settings.HOME / "cache").exists()


def test_a_workbook_of_too_many_cells_is_refused_with_what_to_do(client, cast, settings):
    settings.INTAKE_MAX_CELLS = 9000
    (file,) = send(cast.user("factory"), long_book())
    assert file.state == ImportFile.State.REFUSED
    (problem,) = file.problems.all()
    assert problem.rule == "workbook_too_large"
    assert "10.000" in problem.message
    assert "2.500 dòng" in problem.message
    assert "Tách tệp" in problem.cure
    client.force_login(cast.user("factory"))
    _view, html = shown(client, file)
    assert "workbook_too_large" not in html
    assert "Tệp mở được và an toàn" in html


def test_cells_are_counted_over_all_sheets():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for _each in range(3):
            book.add_worksheet().write_column(0, 0, range(40))
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(out.getvalue(), limits=Limits(cells=100))
    assert refused.value.problem.params["cells"] == 120
    assert open_workbook(out.getvalue(), limits=Limits(cells=120)).cells == 120


def test_a_marked_copy_keeps_to_the_limit_of_the_inbox(client, cast, settings):
    (file,) = send(cast.user("factory"), long_book())
    client.force_login(cast.user("factory"))
    address = reverse("intake:annotated", args=[file.pk])
    assert client.get(address)["Content-Disposition"].startswith("attachment")
    settings.INTAKE_MAX_FILE_MB = 0
    answer = client.get(address, follow=True)
    assert "quá mức cho phép 0 MB" in answer.content.decode()


def waiting_job(user, seconds: int) -> ImportJob:
    job = ImportJob.objects.create(created_by=user, province_code="20", total=1)
    ImportJob.objects.filter(pk=job.pk).update(
        created_at=timezone.now() - datetime.timedelta(seconds=seconds)
    )
    return job


def task(**fields) -> DBTaskResult:
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default",
        run_after=timezone.now(), **fields,
    )  # fmt: skip


def test_files_that_nobody_reads_are_told_of_on_the_page(client, cast):
    user = cast.user("centre")
    client.force_login(user)

    def is_told() -> bool:
        return "sachhon worker" in client.get(reverse("intake:inbox")).content.decode()

    assert not is_told()
    job = waiting_job(user, seconds=5)
    assert not is_told()  # a worker may be about to take it up
    ImportJob.objects.filter(pk=job.pk).update(created_at=timezone.now() - datetime.timedelta(minutes=2))
    assert is_told()
    working = task(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    assert not is_told()  # it does something else first
    working.started_at = timezone.now() - 2 * running.LONGEST_TASK
    working.save()
    assert is_told()  # it died long ago
    task(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())
    assert not is_told()
