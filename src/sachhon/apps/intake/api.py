"""The inbox for programs: send files, see what became of them. The same services and the same scope as the pages."""

import datetime
import uuid

from ninja import File, Form, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile

from sachhon.apps.intake import queries
from sachhon.apps.intake.closed import refuse_closed
from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.queries import FileFilter
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.people.access import allow, get_visible

router = Router(tags=["intake"])
MOST = 200


class JobOut(Schema):
    """One sending."""

    key: uuid.UUID
    state: str
    total: int
    done: int
    created_at: datetime.datetime


class FileOut(Schema):
    """One file, without its problems."""

    id: int
    name: str
    state: str
    facility: str | None
    year: int | None
    values: int
    errors: int
    warnings: int

    @staticmethod
    def resolve_facility(file: ImportFile) -> str | None:
        return file.facility.code if file.facility else None

    @staticmethod
    def resolve_values(file: ImportFile) -> int:
        return file.values_taken


class ProblemOut(Schema):
    """One problem, with its words in the language asked for."""

    level: str
    rule: str
    sheet: str
    cell: str
    message: str
    cure: str


@router.get("/jobs", response=list[JobOut])
@allow("intake.inbox.view")
def jobs(request, offset: int = 0):
    """The sendings, newest first, at most 200 from `offset` on."""
    return list(queries.jobs(request.user)[max(offset, 0) : max(offset, 0) + MOST])


@router.get("/jobs/{key}", response=JobOut)
@allow("intake.inbox.view")
def job(request, key: uuid.UUID):
    """One sending: how far it is."""
    return get_visible(ImportJob.objects, request.user, key=key)


@router.get("/files", response=list[FileOut])
@allow("intake.inbox.view")
def files(request, state: str = "", year: str = "", job: str = "", q: str = "", offset: int = 0):
    """The files, filtered as the page filters them, at most 200 from `offset` on."""
    rows = queries.files(request.user, FileFilter(q=q, state=state, year=year, job=job))
    return list(rows[max(offset, 0) : max(offset, 0) + MOST])


@router.get("/files/{pk}/problems", response=list[ProblemOut])
@allow("intake.inbox.view")
def problems(request, pk: int):
    """What is wrong in one file; 403 where the factory keeps a price to itself that its cells would tell."""
    file = get_visible(ImportFile.objects.select_related("job"), request.user, pk=pk)
    try:
        refuse_closed(request.user, file)
    except NotPossible as reason:
        raise HttpError(403, str(reason)) from reason
    return list(file.problems.all())


@router.post("/files", response={202: JobOut})
@allow("intake.file.upload")
def send(request, files: File[list[UploadedFile]], facility: Form[str] = ""):
    """Sends files as one job; 422 says what is wrong with the sending as a whole."""
    place = queries.facility_by_code(request.user, facility) if facility else None
    if facility and place is None:
        raise HttpError(422, f"facility {facility[:32]!r}")
    try:
        return 202, receive(request.user, files, facility=place)
    except NotPossible as reason:
        raise HttpError(422, str(reason)) from reason
