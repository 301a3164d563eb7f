"""One reader a job; a killed one leaves nothing half done, and going on gives the same as if nothing had happened."""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.apps.intake.conftest import simple

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services import reading, running
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.registry.models import Record
from sachhon.workbooks.annual.model import AnnualReportData, ReportLine
from sachhon.workbooks.annual.template import write_template

State = ImportFile.State


def test_progress_is_visible_while_the_job_runs(cast, simple_format):
    job = receive(cast.user("factory"), [simple((m, 1), year=2020 + m) for m in range(1, 4)], start=False)
    seen = []

    def look(done, total, file):
        stored = ImportJob.objects.get(pk=job.pk)
        seen.append((stored.state, stored.done, stored.total))

    assert running.run_job(job.pk, progress=look) is True
    assert seen == [("running", 1, 3), ("running", 2, 3), ("running", 3, 3)]
    job.refresh_from_db()
    assert (job.state, job.done, job.worker) == (ImportJob.State.DONE, 3, "")


def test_a_second_reader_is_turned_away(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 1)), simple((2, 2), year=2024)], start=False)
    answers = []
    running.run_job(job.pk, progress=lambda *_: answers.append(running.run_job(job.pk)))
    assert answers == [False, False]
    assert Record.objects.count() == 2


def test_a_reader_whose_job_was_taken_over_stops_before_writing(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 1)), simple((2, 2), year=2024)], start=False)

    def lose(done, total, file):
        ImportJob.objects.filter(pk=job.pk).update(worker="another")

    assert running.run_job(job.pk, progress=lose) is False
    assert [file.state for file in job.files.order_by("pk")] == [State.TAKEN, State.WAITING]


def test_a_job_whose_reader_died_is_gone_on_with_after_the_lease(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 1))], start=False)
    now = timezone.now()
    ImportJob.objects.filter(pk=job.pk).update(state="running", worker="dead", beat_at=now)
    assert running.run_stalled() == 0
    ImportJob.objects.filter(pk=job.pk).update(beat_at=now - running.LEASE - datetime.timedelta(seconds=1))
    assert running.run_stalled() == 1
    assert job.files.get().state == State.TAKEN


def test_a_start_after_a_kill_goes_on_without_waiting_for_the_lease(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 5)), simple((2, 6), year=2020)], start=False)
    ImportJob.objects.update(state=ImportJob.State.RUNNING, worker="killed", beat_at=timezone.now())
    assert running.run_stalled() == 0
    assert running.run_left() == 1
    job.refresh_from_db()
    assert (job.state, job.done) == (ImportJob.State.DONE, 2)
    assert not ImportFile.objects.filter(state=State.WAITING).exists()
    assert running.run_left() == 0


def test_a_file_put_back_while_the_job_runs_is_read_in_the_same_run(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 1)), simple((2, 2), year=2024)], start=False)
    first = job.files.order_by("pk").first()
    ImportFile.objects.filter(pk=first.pk).update(state=State.SET_ASIDE)

    def put_back(done, total, file):
        ImportFile.objects.filter(pk=first.pk, state=State.SET_ASIDE).update(state=State.WAITING)

    assert running.run_job(job.pk, progress=put_back) is True
    assert {file.state for file in job.files.all()} == {State.TAKEN}


def test_a_large_folder_is_read_by_several_processes_with_the_same_result(cast, tmp_path):
    """With files every process can judge without the tests' own format: refusals of three kinds."""
    contents = [b"PK\x03\x04 broken", b"", b"%PDF-1.7 not a workbook"] * 4
    sent = []
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}"
        path.write_bytes(content)
        sent.append(reading.Sent(number, str(path), f"{number}.xlsx"))
    alone = [(s.pk, looked.refusal.rule) for s, looked in reading.look_all(sent, 1)]
    together = [(s.pk, looked.refusal.rule) for s, looked in reading.look_all(sent, 2)]
    assert together == alone
    assert len({rule for _pk, rule in alone}) == 3


def test_annual_reports_read_by_several_processes_say_the_same(tmp_path):
    sent = []
    for number in range(3):
        months = tuple(Decimal(number * 100 + month) for month in range(12))
        line = ReportLine("consumption", "Điện lưới", "kWh", "electricity", months, cost_vnd=10**8)
        report = AnnualReportData(
            2025, facility_name=f"Cơ sở {number}", facility_code="LS-0001", lines=(line,)
        )
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(write_template(report))
        sent.append(reading.Sent(number, str(path), path.name))
    alone = [looked for _sent, looked in reading.look_all(sent, 1)]
    together = [looked for _sent, looked in reading.look_all(sent, 2)]
    assert together == alone
    assert {looked.format for looked in alone} == {"annual"}
    assert len({looked.read.digest for looked in alone}) == 3


def test_a_file_that_kills_its_reading_process_is_refused_and_the_rest_is_read(monkeypatch, tmp_path):
    sent = []
    for number in range(9):
        path = tmp_path / str(number)
        path.write_bytes(b"")
        sent.append(reading.Sent(number, str(path), "kill" if number == 4 else f"{number}.csv"))
    monkeypatch.setattr(reading, "look", die_when_told)
    found = {s.pk: looked.refusal.rule for s, looked in reading.look_all(sent, 2)}
    assert found.pop(4) == "reading_failed"
    assert set(found.values()) == {"file_empty"}
    assert len(found) == 8


def die_when_told(sent):
    """Stands for a reader that crashes without an exception (out of memory)."""
    if sent.name == "kill":
        os._exit(9)
    return reading.Looked(refusal=reading.Problem("error", "file_empty"))


READER = """
    import datetime, resource, sys
    import django
    django.setup()
    from django.utils import timezone
    from sachhon.apps.intake import formats
    from sachhon.apps.intake.models import ImportJob
    from sachhon.apps.intake.services import running
    from tests.apps.intake.conftest import SimpleFormat

    class StopsAtTheThird(SimpleFormat):
        written = 0
        def write(self, *args, **kwargs):
            found = super().write(*args, **kwargs)
            StopsAtTheThird.written += 1
            if StopsAtTheThird.written == 3:
                print("written, not committed", flush=True)
                if sys.argv[1] == "full":  # the disk: nothing that is written any more has room
                    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
                else:
                    sys.stdin.read()
            return found

    if sys.argv[1] in ("stop", "full"):
        formats.register(StopsAtTheThird())
        running.run_job(int(sys.argv[2]))
    else:
        formats.register(SimpleFormat())
        ImportJob.objects.update(beat_at=timezone.now() - datetime.timedelta(hours=1))
        running.run_stalled()
"""


@pytest.fixture
def reader(tmp_path):
    """Starts a reader in a process of its own on a copy of the test's SQLite store; `ask` queries that copy."""
    database, script = tmp_path / "copy.sqlite3", tmp_path / "reader.py"
    script.write_text(textwrap.dedent(READER))
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]),
        "SACHHON_HOME": str(tmp_path),  # its media folder is the test's own
    }

    class Reader:
        def copy_store(self):
            with closing(sqlite3.connect(database)) as copy:
                connection.connection.backup(copy)

        def start(self, *arguments) -> subprocess.Popen:
            command = [sys.executable, str(script), *map(str, arguments)]
            pipe = subprocess.PIPE
            return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)

        def ask(self, sql: str) -> list[tuple]:
            with closing(sqlite3.connect(database)) as handle:
                return handle.execute(sql).fetchall()

    return Reader()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the reader works on a copy of the SQLite file")
def test_a_disk_that_is_full_in_the_middle_leaves_no_half_file_and_is_gone_on_with(
    cast, simple_format, reader
):
    job = receive(cast.user("factory"), [simple((m, m), year=2019 + m) for m in range(1, 6)], start=False)
    reader.copy_store()
    assert reader.start("full", job.pk).wait(timeout=120) != 0
    states = [state for (state,) in reader.ask("SELECT state FROM intake_importfile ORDER BY id")]
    assert states == ["taken", "taken", "waiting", "waiting", "waiting"]
    assert reader.ask("SELECT count(*) FROM registry_record") == [(2,)]
    assert reader.start("go on").wait(timeout=120) == 0
    assert reader.ask("SELECT state, done, total FROM intake_importjob") == [("done", 5, 5)]
    assert reader.ask("SELECT count(*) FROM registry_record") == [(5,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the reader works on a copy of the SQLite file")
def test_a_killed_process_leaves_no_half_file_and_going_on_gives_the_same_result(cast, simple_format, reader):
    job = receive(cast.user("factory"), [simple((m, m), year=2019 + m) for m in range(1, 6)], start=False)
    reader.copy_store()

    victim = reader.start("stop", job.pk)
    assert victim.stdout.readline().strip() == "written, not committed"
    victim.send_signal(signal.SIGKILL)
    victim.wait(timeout=10)
    states = [state for (state,) in reader.ask("SELECT state FROM intake_importfile ORDER BY id")]
    assert states == ["taken", "taken", "waiting", "waiting", "waiting"]
    assert reader.ask("SELECT count(*) FROM registry_record") == [(2,)]
    assert reader.ask("SELECT state, done FROM intake_importjob") == [("running", 2)]

    assert reader.start("go on").wait(timeout=60) == 0
    running.run_job(job.pk)  # here, in one go
    assert reader.ask("SELECT state, done, total FROM intake_importjob") == [("done", 5, 5)]
    for table, columns in [
        ("registry_record", "facility_id, year, month, quantity, version"),
        ("registry_recordchange", "record_key, file_name, cell, batch"),
        ("intake_importfile", "state, year, values_taken, batch"),
    ]:
        sql = f"SELECT {columns} FROM {table} ORDER BY id"
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert reader.ask(sql) == cursor.fetchall()


def test_a_large_file_is_read_after_the_small_ones_sent_with_it(cast, simple_format):
    files = [simple((1, n), file=f"{n}.csv") for n in (1, 2, 3)]
    job = receive(cast.user("centre"), files, start=False)
    job.files.filter(name="1.csv").update(size=16 * 1024 * 1024)
    assert [sent.name for sent in running.waiting(job.pk)] == ["2.csv", "3.csv", "1.csv"]
