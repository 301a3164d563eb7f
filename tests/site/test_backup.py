"""A backup holds everything, and restoring it brings everything back, uploads included."""

import resource
import signal
import tarfile

import pytest
from django.core.files.base import ContentFile

from sachhon.apps.people.models import AuditEntry, User
from sachhon.apps.registry.models import Area, Facility, Record
from sachhon.apps.registry.services.typing import type_record
from sachhon.site.backup import BackupError, backup, restore


@pytest.fixture
def province(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    type_record(
        cast.user("centre"),
        cast.brick,
        item="consumption:electricity",
        month="2026-03",
        quantity=1234,
        unit="kWh",
        evidence=ContentFile(b"%PDF-1.4 hoa don", name="hoa-don.pdf"),
    )
    return cast


def everything():
    return {
        model.__name__: list(model.objects.order_by("pk").values_list())
        for model in (Facility, Record, User, AuditEntry, Area)
    } | {"links": list(Area.successors.through.objects.order_by("pk").values_list())}


def test_what_was_backed_up_comes_back_as_it_was(province, tmp_path):
    before = everything()
    file = tmp_path / "backup.tar.gz"
    backup(file)
    Record.objects.all().delete()
    Facility.objects.filter(pk=province.brick.pk).update(name="hỏng")
    Record.objects.filter(pk=-1).delete()
    restore(file)
    assert everything() == before
    assert Record.objects.get().evidence.read() == b"%PDF-1.4 hoa don"


def test_new_rows_get_new_numbers_after_a_restore(province, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup(file)
    restore(file)
    highest = Facility.objects.order_by("-pk").first().pk
    fresh = Facility.objects.get(pk=province.brick.pk)
    fresh.pk, fresh.code = None, "LS-0999"
    fresh.save()
    assert fresh.pk > highest


def test_a_torn_backup_is_refused_and_changes_nothing(province, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup(file)
    before = everything()
    torn = tmp_path / "torn.tar.gz"
    torn.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(BackupError):
        restore(torn)
    assert everything() == before


def test_a_backup_that_lacks_rows_is_refused(province, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup(file)
    short = tmp_path / "short.tar.gz"
    with tarfile.open(file) as old, tarfile.open(short, "w:gz") as new:
        for member in old.getmembers():
            content = old.extractfile(member) if member.isfile() else None
            if member.name == "tables/registry.record.jsonl":
                member.size, content = 0, None
            new.addfile(member, content)
    before = everything()
    with pytest.raises(BackupError, match=r"registry\.record"):
        restore(short)
    assert everything() == before


@pytest.fixture
def full_disk():
    """No file of this process can grow beyond 4 KB; the write fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_a_backup_that_meets_a_full_disk_leaves_the_old_one(province, tmp_path, request):
    file = tmp_path / "backup.tar.gz"
    backup(file)
    old = file.read_bytes()
    request.getfixturevalue("full_disk")
    with pytest.raises(OSError, match="too large"):
        backup(file)
    assert file.read_bytes() == old
    assert [p.name for p in tmp_path.glob(".backup*")] == []
