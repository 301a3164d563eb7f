"""Takes one read file into the store: whose it is, whether it was taken before, written in one transaction."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from sachhon.apps.intake import meter_format
from sachhon.apps.intake.formats import Read, format_of
from sachhon.apps.intake.models import ImportFile, ImportProblem
from sachhon.apps.intake.services.placing import place
from sachhon.apps.intake.services.reading import Looked, Sent, read_by
from sachhon.apps.intake.services.states import TAKEN, State
from sachhon.apps.intake.told import OUTDONE
from sachhon.apps.people import audit
from sachhon.apps.registry.models import Facility
from sachhon.workbooks.problems import Problem, WorkbookRefused

logger = logging.getLogger(__name__)

PROBLEMS_KEPT = 500


def take(sent: Sent, looked: Looked, *, worker: str) -> None:
    """Brings a waiting file to its next state. Does nothing when the file or its job is another reader's now.

    Whatever is wrong with the file ends as a problem of that file; only a store that cannot be reached raises.
    """
    try:
        if looked.format == meter_format.KEY and looked.read is None and looked.refusal is None:
            looked = _by_mapping(sent, looked)
        with transaction.atomic():
            _take(sent, looked, worker)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("Taking %s (file %s) failed", sent.name, sent.pk)
        with transaction.atomic():
            _take(sent, Looked(looked.format, refusal=Problem("error", "taking_failed")), worker)


def _by_mapping(sent: Sent, looked: Looked) -> Looked:
    """Reads by the mapping chosen for the file or known for its layout; unread when there is none."""
    file = ImportFile.objects.select_related("job__created_by", "asked_by", "facility").get(pk=sent.pk)
    profiles = meter_format.profiles_for(file, place(file, None).facility, looked.layouts)
    if profiles is None:
        return looked
    file.profiles.set(profiles)
    read = read_by(sent, meter_format.KEY, [profile.spec for profile in profiles])
    return replace(read, layouts=looked.layouts)


def _take(sent: Sent, looked: Looked, worker: str) -> None:
    file = (
        ImportFile.objects.select_for_update(of=("self",))
        .select_related("job__created_by", "asked_by", "facility")
        .filter(pk=sent.pk, state=State.WAITING, job__worker=worker)
        .first()
    )
    if file is None:
        return
    file.format, file.summary = looked.format, {"layouts": list(looked.layouts)}
    file.problems.all().delete()
    if looked.refusal is not None:
        _end(file, State.REFUSED, [*looked.notes, looked.refusal])
        return
    read = looked.read
    where = place(file, read)
    if where.facility is not None:
        # Locked, so that two files of one facility are written one after the other.
        file.facility = Facility.objects.select_for_update().get(pk=where.facility.pk)
    elif not file.facility_chosen:
        file.facility = None
    problems = [*looked.notes, *(read.problems if read is not None else ()), *where.problems]
    if read is None and not looked.layouts:
        problems.append(Problem("error", "no_table"))
    if any(problem.level == "error" for problem in problems):
        _end(file, State.REFUSED, problems, read)
    elif file.facility is None:
        _end(file, State.NEEDS_FACILITY, [*problems, *_sent_before(file)], read)
    elif (copy := _taken_before(file, read)) is not None:
        file.same_as = copy
        _end(file, State.DUPLICATE, [*problems, _copy_problem(copy)], read)
    elif read is None:
        _end(file, State.NEEDS_MAPPING, [*problems, Problem("info", "mapping_missing"), *_sent_before(file)])
    elif (rival := _rival(file, read)) is not None:
        other = Problem("error", "two_reports", params={"other": rival.name, "year": read.year or ""})
        _end(file, State.REFUSED, [*problems, other], read)
    else:
        _write(file, read, problems)


def _write(file: ImportFile, read: Read, problems: list[Problem]) -> None:
    file.batch = f"file-{file.pk}"
    try:
        with transaction.atomic():
            found = format_of(file.format).write(
                file.asked_by, file.facility, read, batch=file.batch, file_name=file.name
            )
            problems = [*problems, *found]
            stopping = next((p for p in found if p.level == "error"), None)
            if stopping is not None:
                raise WorkbookRefused(stopping)
    except WorkbookRefused as refused:
        if refused.problem not in problems:
            problems = [*problems, refused.problem]
        file.batch = ""
        _end(file, State.REFUSED, problems, read)
        return
    file.values_taken = read.summary.get("taken", read.values)
    if not file.values_taken:
        file.batch = ""
        if any(problem.rule in OUTDONE for problem in found):
            _end(file, State.OUTDONE, problems, read)
        else:
            _end(
                file,
                State.DUPLICATE,
                problems if found else [*problems, Problem("info", "nothing_new")],
                read,
            )
        return
    warned = any(problem.level == "warning" for problem in problems)
    file.taken_at, file.undone_at = timezone.now(), None
    file.slot, file.digest = read.slot, read.digest
    _end(file, State.TAKEN_WITH_WARNINGS if warned else State.TAKEN, problems, read)
    audit.record(file.asked_by, "import.take", file, after={"state": file.state, "values": file.values_taken})


def _end(file: ImportFile, state: str, problems: Sequence[Problem], read: Read | None = None) -> None:
    file.state = state
    if read is not None:
        file.year, file.summary = read.year, {**file.summary, **read.summary}
    file.save()
    kept = sorted(_once(problems), key=lambda problem: _ORDER[problem.level])
    if len(kept) > PROBLEMS_KEPT:
        left = Problem("info", "problems_left_out", params={"count": len(kept) - PROBLEMS_KEPT})
        kept = [*kept[:PROBLEMS_KEPT], left]
    ImportProblem.objects.bulk_create(
        ImportProblem(
            file=file,
            level=plain["level"],
            rule=plain["rule"],
            sheet=(plain["sheet"] or "")[:64],
            cell=(plain["cell"] or "")[:16],
            params=plain["params"],
        )
        for plain in (problem.to_dict() for problem in kept)
    )


_ORDER = {"error": 0, "warning": 1, "info": 2}


def _once(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Each problem once: opening and reading may both tell of a cell."""
    found: dict[str, Problem] = {}
    for problem in problems:
        found.setdefault(json.dumps(problem.to_dict(), sort_keys=True), problem)
    return found.values()


def _taken_before(file: ImportFile, read: Read | None) -> ImportFile | None:
    """A file that brought the same: byte for byte, or (a report saved again) figure for figure."""
    taken = ImportFile.objects.filter(facility=file.facility, state__in=TAKEN).exclude(pk=file.pk)
    if not file.fixes.exists():
        copy = taken.filter(sha256=file.sha256).first()
        if copy is not None:
            return copy
    if read is not None and read.slot and read.digest:
        return taken.filter(slot=read.slot, digest=read.digest).first()
    return None


def _sent_before(file: ImportFile) -> list[Problem]:
    """A hint, where the same content waits for a person already: two would be mapped in vain."""
    waiting = ImportFile.objects.visible_to(file.asked_by).filter(
        sha256=file.sha256, state__in=(State.NEEDS_FACILITY, State.NEEDS_MAPPING)
    )
    first = waiting.exclude(pk=file.pk).order_by("pk").first()
    return [Problem("info", "same_file_waiting", params={"other": first.name})] if first else []


def _rival(file: ImportFile, read: Read) -> ImportFile | None:
    """Another file of the same sending that says something else about what there is only one of."""
    if not read.slot:
        return None
    others = ImportFile.objects.filter(job=file.job_id, facility=file.facility, slot=read.slot)
    return others.filter(state__in=TAKEN).exclude(pk=file.pk).first()


def _copy_problem(copy: ImportFile) -> Problem:
    when = timezone.localtime(copy.taken_at).strftime("%d/%m/%Y %H:%M") if copy.taken_at else ""
    return Problem("info", "same_file_taken", params={"other": copy.name, "when": when})
