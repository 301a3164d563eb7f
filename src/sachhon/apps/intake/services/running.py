"""Works through a job, file by file. A job has one reader at a time; one that dies leaves no half file.

A reader claims the job with a token and beats while it works. Each file is one transaction, so a job whose
reader was killed is simply gone on with: what was taken stays taken, the rest still waits.
"""

import datetime
import logging
import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services.reading import Sent, look_all
from sachhon.apps.intake.services.taking import take

logger = logging.getLogger(__name__)

# A reader that has not beaten for so long is dead. One file of the largest size takes some seconds.
LEASE = datetime.timedelta(minutes=2)
PATIENCE = datetime.timedelta(seconds=30)  # a worker that is free takes work up within a second
LONGEST_TASK = datetime.timedelta(minutes=15)  # computing the province of the largest kind
LARGE = 2 * 1024 * 1024  # bytes; a factory's report has some tens of thousands

Progress = Callable[[int, int, ImportFile], None]


def run_job(job_pk: int, *, progress: Progress | None = None, processes: int | None = None) -> bool:
    """Reads the waiting files of the job. False when another reader has it, or took it over."""
    token = uuid.uuid4().hex
    if not _claim(job_pk, token):
        return False
    while True:
        for sent, looked in look_all(waiting(job_pk), processes):
            if not _beat(job_pk, token):
                logger.warning("Job %s was taken over by another reader", job_pk)
                return False
            take(sent, looked, worker=token)
            done, total = _count(job_pk, token)
            if progress is not None:
                progress(done, total, ImportFile.objects.get(pk=sent.pk))
        if _finish(job_pk, token):
            return True


def run_stalled() -> int:
    """Goes on with the jobs whose reader died; returns how many it ran."""
    return sum(run_job(pk) for pk in list(stalled().values_list("pk", flat=True)))


def run_left() -> int:
    """Goes on at once with every job that has files waiting; returns how many it ran.

    For a start at which no other reader can be alive: it does not wait for the lease of one that was killed.
    """
    left = ImportJob.objects.filter(files__state=ImportFile.State.WAITING).distinct().order_by("pk")
    pks = list(left.values_list("pk", flat=True))
    ImportJob.objects.filter(pk__in=pks).update(beat_at=timezone.now() - 2 * LEASE)
    return sum(run_job(pk) for pk in pks)


def stalled():
    """The jobs that say they are being read but whose reader has not beaten for longer than the lease."""
    before = timezone.now() - LEASE
    return ImportJob.objects.filter(state=ImportJob.State.RUNNING, beat_at__lt=before).order_by("pk")


def is_unattended() -> bool:
    """Whether files wait and nothing shows that a worker runs: none takes up, does or has just done any work."""
    now = timezone.now()
    early = now - PATIENCE
    if not ImportJob.objects.filter(state=ImportJob.State.WAITING, created_at__lt=early).exists():
        return False
    if ImportJob.objects.filter(state=ImportJob.State.RUNNING, beat_at__gte=now - LEASE).exists():
        return False
    at_work = Q(status=TaskResultStatus.RUNNING, started_at__gte=now - LONGEST_TASK)
    return not DBTaskResult.objects.filter(at_work | Q(finished_at__gte=early)).exists()


def waiting(job_pk: int) -> list[Sent]:
    """The files of the job still to be read, in the order they were sent; large ones hold up nobody, being last."""
    files = ImportFile.objects.filter(job=job_pk, state=ImportFile.State.WAITING).order_by("pk")
    found = files.prefetch_related("fixes", "profiles")
    return [sent_of(file) for file in sorted(found, key=lambda file: file.size > LARGE)]


def sent_of(file: ImportFile) -> Sent:
    """What reading needs to know of a file."""
    fixes = tuple((fix.sheet, fix.cell, fix.value) for fix in file.fixes.all())
    return Sent(file.pk, file.content.path, file.name, fixes, mapped=bool(file.profiles.all()))


def _claim(job_pk: int, token: str) -> bool:
    now = timezone.now()
    job = ImportJob.objects.filter(~Q(state=ImportJob.State.RUNNING) | Q(beat_at__lt=now - LEASE), pk=job_pk)
    if not ImportFile.objects.filter(job=job_pk, state=ImportFile.State.WAITING).exists():
        _close(job.exclude(state=ImportJob.State.DONE), job_pk)
        return False
    return bool(job.update(state=ImportJob.State.RUNNING, worker=token, beat_at=now, finished_at=None))


def _beat(job_pk: int, token: str) -> bool:
    return bool(ImportJob.objects.filter(pk=job_pk, worker=token).update(beat_at=timezone.now()))


def _count(job_pk: int, token: str) -> tuple[int, int]:
    files = ImportFile.objects.filter(job=job_pk)
    total, left = files.count(), files.filter(state=ImportFile.State.WAITING).count()
    ImportJob.objects.filter(pk=job_pk, worker=token).update(done=total - left, total=total)
    return total - left, total


def _finish(job_pk: int, token: str) -> bool:
    """Ends the job unless a file was put back to be read meanwhile; the row lock makes the two exclude each other."""
    with transaction.atomic():
        own = ImportJob.objects.select_for_update().filter(pk=job_pk, worker=token)
        if not own.exists():
            return True
        if ImportFile.objects.filter(job=job_pk, state=ImportFile.State.WAITING).exists():
            return False
        _close(ImportJob.objects.filter(pk=job_pk, worker=token), job_pk)
        return True


def _close(jobs, job_pk: int) -> None:
    total = ImportFile.objects.filter(job=job_pk).count()
    jobs.update(state=ImportJob.State.DONE, worker="", done=total, total=total, finished_at=timezone.now())
