"""Files come in: limits, names, and nothing lost or left behind."""

import resource
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from tests.apps.intake.conftest import simple

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.receiving import import_paths, receive
from sachhon.apps.people.models import AuditEntry

State = ImportFile.State


def test_files_are_stored_under_names_of_our_own(cast, simple_format):
    job = receive(cast.user("factory"), [simple((1, 5), file="../../etc/<script>alert(1)</script>.xlsx")])
    file = job.files.get()
    assert file.name == "script>.xlsx"
    assert "/" not in file.name
    assert "\\" not in file.name
    assert file.content.name.startswith("inbox/")
    assert "script" not in file.content.name


def test_the_sender_and_the_names_stand_in_the_history(cast):
    job = receive(cast.user("factory"), [simple((1, 5))])
    entry = AuditEntry.objects.get(verb="import.receive")
    assert entry.object_id == str(job.pk)
    assert entry.after["files"] == ["so-lieu.csv"]
    assert entry.enterprise == cast.brick_enterprise


def test_a_file_that_is_too_large_is_listed_as_refused_and_the_rest_is_taken(cast, simple_format, settings):
    settings.INTAKE_MAX_FILE_MB = 1
    large = ContentFile(b"x" * (1024 * 1024 + 1), name="to.xlsx")
    job = receive(cast.user("factory"), [large, simple((1, 5))], start=False)
    refused, waiting = job.files.order_by("pk")
    assert refused.state == State.REFUSED
    assert not refused.content
    assert refused.problems.get().rule == "file_too_large"
    assert waiting.state == State.WAITING


def test_too_many_files_refuse_the_sending_and_leave_nothing_on_the_disk(cast, settings, tmp_path):
    settings.INTAKE_MAX_FILES = 2
    with pytest.raises(NotPossible, match="2"):
        receive(cast.user("factory"), [simple((1, n)) for n in range(3)])
    assert not ImportJob.objects.exists()
    assert not list((tmp_path / "media").rglob("*"))


def test_a_sending_that_fails_leaves_no_file_on_the_disk(cast, tmp_path):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        receive(cast.user("factory"), [simple((1, 5)), Broken(b"x", name="b.xlsx")])
    assert not ImportJob.objects.exists()
    assert not [p for p in (tmp_path / "media").rglob("*") if p.is_file()]


def test_nothing_chosen_says_so(cast):
    with pytest.raises(NotPossible):
        receive(cast.user("factory"), [])


def test_who_may_not_send_is_refused(cast):
    with pytest.raises(PermissionDenied):
        receive(cast.user("leader"), [simple((1, 5))])


def test_a_facility_out_of_reach_cannot_be_named(cast):
    with pytest.raises(NotPossible):
        receive(cast.user("factory"), [simple((1, 5))], facility=cast.quarry)


def test_a_folder_is_read_in_the_order_of_names_without_hidden_and_lock_files(cast, simple_format, tmp_path):
    folder = tmp_path / "in" / "sub"
    folder.mkdir(parents=True)
    for name in ["b.csv", "a.csv", "~$a.csv", ".hidden.csv"]:
        (folder / name).write_bytes(simple((1, 5 if name == "a.csv" else 6), code="LS-0001").read())
    seen = []
    job = import_paths(
        cast.user("centre"),
        [tmp_path / "in"],
        lambda done, total, file: seen.append((done, total, file.name)),
    )
    assert seen == [(1, 2, "a.csv"), (2, 2, "b.csv")]
    assert job.state == ImportJob.State.DONE
    assert (job.done, job.total) == (2, 2)


def test_a_path_that_is_not_there_is_named(cast, tmp_path):
    with pytest.raises(NotPossible, match="khong-co"):
        import_paths(cast.user("centre"), [tmp_path / "khong-co.xlsx"])


@contextmanager
def full_disk(limit: int):
    """No file may grow beyond `limit` bytes: what a full disk does to a writer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_takes_no_file_in_leaves_none_behind_and_says_so(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    small, large = simple((1, 5)), ContentFile(b"x" * 300_000, name="to.xlsx")
    with full_disk(200_000), pytest.raises(NotPossible, match="hết chỗ"):
        receive(cast.user("factory"), [small, large], start=False)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert not ImportJob.objects.exists()
    assert receive(cast.user("factory"), [small, large], start=False).files.count() == 2
