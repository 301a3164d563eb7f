"""Files come in: stored under names of our own, counted, measured and queued. Nothing is read yet."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.intake.models import ImportFile, ImportJob, ImportProblem, upload_path
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.scope import Reach
from sachhon.apps.registry.models import Facility
from sachhon.documents.files import is_disk_full
from sachhon.reference.text import fold
from sachhon.workbooks.grid import Limits, safe_name

MB = 1024 * 1024


def max_file_bytes() -> int:
    """The largest file taken in (setting INTAKE_MAX_FILE_MB)."""
    return settings.INTAKE_MAX_FILE_MB * MB


def limits() -> Limits:
    """What one workbook may weigh, on disk and in cells (settings INTAKE_MAX_FILE_MB and INTAKE_MAX_CELLS)."""
    return Limits(file_bytes=max_file_bytes(), cells=settings.INTAKE_MAX_CELLS)


def max_files() -> int:
    """The most files in one sending over the web (setting INTAKE_MAX_FILES)."""
    return settings.INTAKE_MAX_FILES


def receive(
    actor,
    uploads: Iterable[File],
    *,
    facility: Facility | None = None,
    most: int | None = None,
    start: bool = True,
) -> ImportJob:
    """Stores the files as one job and queues it. `facility`: the person says whose they are.

    A file that is too large is listed as refused and not stored; too many files refuse the whole sending.
    """
    require(actor, "intake.file.upload")
    if facility is not None and not Facility.objects.visible_to(actor).filter(pk=facility.pk).exists():
        raise NotPossible(_("You may not send files for this facility."))
    uploads = list(uploads)
    limit = max_files() if most is None else most
    if not uploads:
        raise NotPossible(_("No file was chosen. Choose one or more workbooks, then send."))
    if len(uploads) > limit:
        raise NotPossible(
            _(
                "%(count)d files were chosen; at most %(limit)d can be sent at once. Send them in several parts."
            )
            % {"count": len(uploads), "limit": limit}
        )
    stored: list[_Stored] = []
    try:
        for upload in uploads:
            stored.append(_store(upload))
        with transaction.atomic():
            return _make_job(actor, stored, facility, start)
    except BaseException as fault:
        for each in stored:
            if each.path:
                default_storage.delete(each.path)
        if isinstance(fault, OSError) and is_disk_full(fault):
            raise NotPossible(
                _(
                    "Nothing was taken in: there is no room on the disk of the server. Send again when there is."
                )
            ) from fault
        raise


def import_paths(
    actor,
    paths: Sequence[str | Path],
    progress: Callable[[int, int, ImportFile], None] | None = None,
    *,
    facility: Facility | None = None,
    processes: int | None = None,
) -> ImportJob:
    """Takes in files and whole folders from the disk and reads them at once, telling `progress` after each
    (done, total, file). For the command line and the demo; the web goes through `receive` and the worker.
    """
    from sachhon.apps.intake.services.running import run_job

    found = list(workbook_paths(paths))
    if not found:
        raise NotPossible(_("There is no workbook in the folder or files given."))
    job = receive(actor, (_OnDisk(path) for path in found), facility=facility, most=len(found), start=False)
    run_job(job.pk, progress=progress, processes=processes)
    job.refresh_from_db()
    return job


def workbook_paths(paths: Sequence[str | Path]) -> Iterator[Path]:
    """The files under `paths` in the order of their names; hidden files and Excel's lock files are left out."""
    for path in map(Path, paths):
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file())
            yield from (p for p in inside if not p.name.startswith((".", "~$")))
        elif path.is_file():
            yield path
        else:
            raise NotPossible(_("There is no file “%(path)s”.") % {"path": path})


class _OnDisk(File):
    """A file that is opened only when it is its turn, so that a folder of thousands needs one handle."""

    def __init__(self, path: Path):
        super().__init__(None, name=path.name)
        self.path = path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with self.path.open("rb") as handle:
            while block := handle.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
                yield block


@dataclass(frozen=True)
class _Stored:
    name: str
    path: str
    size: int
    sha256: str


def _store(upload: File) -> _Stored:
    name = safe_name(upload.name or "")
    if upload.size > max_file_bytes():
        return _Stored(name, "", upload.size, "")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    path = upload_path(None, name)
    try:
        path = default_storage.save(path, _Rewound(upload))
    except OSError:
        default_storage.delete(path)  # what was written before the disk was full
        raise
    return _Stored(name, path, upload.size, digest.hexdigest())


class _Rewound(File):
    """The upload once more from its start, whatever it is called."""

    def __init__(self, upload: File):
        super().__init__(None, name="")
        self._upload = upload

    @property
    def size(self) -> int:
        return self._upload.size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._upload.chunks(chunk_size)


def _make_job(actor, stored: list[_Stored], facility: Facility | None, start: bool) -> ImportJob:
    from sachhon.apps.intake.tasks import read_job

    own = actor.organisation if actor.reach == Reach.OWN else None
    job = ImportJob.objects.create(
        created_by=actor,
        province_code=actor.province_code or (facility.province_code if facility else ""),
        enterprise=own,
        total=len(stored),
    )
    files = ImportFile.objects.bulk_create(
        ImportFile(
            job=job,
            name=each.name,
            name_key=fold(each.name)[:255],
            sha256=each.sha256,
            content=each.path,
            size=each.size,
            state=ImportFile.State.WAITING if each.path else ImportFile.State.REFUSED,
            facility=facility,
            facility_chosen=facility is not None,
            asked_by=actor,
        )
        for each in stored
    )
    limit = max_file_bytes() // MB
    ImportProblem.objects.bulk_create(
        ImportProblem(
            file=file,
            level=ImportProblem.Level.ERROR,
            rule="file_too_large",
            params={"size_mb": file.size // MB, "limit_mb": limit},
        )
        for file in files
        if not file.content
    )
    audit.record(actor, "import.receive", job, after={"files": [each.name for each in stored][:200]})
    if start:
        transaction.on_commit(lambda: read_job.enqueue(job.pk))
    return job
