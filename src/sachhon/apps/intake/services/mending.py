"""What a person does with a file that was not taken: correct a cell, say whose it is, map it, try again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.intake import meter_format
from sachhon.apps.intake.meter_format import Part
from sachhon.apps.intake.models import CellFix, ImportFile, ImportJob, MappingProfile
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.reading import place_of
from sachhon.apps.intake.services.states import State, move
from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.registry.models import Facility

LONGEST_VALUE = 1024


@transaction.atomic
def fix_cell(actor, file: ImportFile, sheet: str, cell: str, value: str) -> CellFix:
    """Lays a corrected value over one cell. The file stays as it was sent; `retry` reads it with the correction."""
    require(actor, "intake.file.fix")
    cell = cell.strip().upper()
    if place_of(cell) is None or not sheet or len(sheet) > 64:
        raise NotPossible(_("There is no cell “%(cell)s”.") % {"cell": f"{sheet}!{cell}"[:80]})
    if len(value) > LONGEST_VALUE:
        raise NotPossible(_("The value is too long for a cell."))
    before = CellFix.objects.filter(file=file, sheet=sheet, cell=cell).first()
    fix, _made = CellFix.objects.update_or_create(
        file=file, sheet=sheet, cell=cell, defaults={"value": value.strip(), "by": actor}
    )
    audit.record(
        actor,
        "import.fix_cell",
        file,
        before={f"{sheet}!{cell}": before.value} if before else None,
        after={f"{sheet}!{cell}": fix.value},
    )
    return fix


@transaction.atomic
def drop_fix(actor, file: ImportFile, sheet: str, cell: str) -> None:
    """Takes a correction back: the cell counts as it was sent."""
    require(actor, "intake.file.fix")
    fix = CellFix.objects.filter(file=file, sheet=sheet, cell=cell).first()
    if fix is not None:
        audit.record(actor, "import.drop_fix", file, before={f"{sheet}!{cell}": fix.value})
        fix.delete()


@transaction.atomic
def choose_facility(actor, file: ImportFile, facility: Facility) -> None:
    """Says whose the file is, and reads it again."""
    require(actor, "intake.file.fix")
    if not Facility.objects.visible_to(actor).filter(pk=facility.pk).exists():
        raise NotPossible(_("You may not send files for this facility."))
    before = audit.snapshot(file, ["facility"])
    _read_again(actor, file, facility=facility, facility_chosen=True)
    audit.record(
        actor, "import.choose_facility", file, before=before, after=audit.snapshot(file, ["facility"])
    )


@transaction.atomic
def choose_mapping(actor, file: ImportFile, part: Part, name: str, share: bool = False) -> MappingProfile:
    """Keeps what is to be done with one layout of this file as a profile of its facility.

    The file is read again once every layout in it has a profile. A profile of the same layout that the
    facility has already is replaced: there is one way to read a layout.
    """
    require(actor, "intake.file.fix")
    if share:
        require(actor, "intake.profile.share")
    if file.facility is None:
        raise NotPossible(_("Choose the facility first: the mapping is kept with it."))
    try:
        part = meter_format.checked(part)
    except ValueError as open_ends:
        raise NotPossible(_("Still to be chosen: %(what)s.") % {"what": open_ends}) from None
    profile = MappingProfile.objects.filter(facility=file.facility, signature=part.mapping.signature).first()
    before = audit.snapshot(profile) if profile is not None else None
    if profile is None:
        profile = MappingProfile(facility=file.facility, signature=part.mapping.signature, created_by=actor)
    profile.name = name.strip()[:255] or file.name
    profile.shared = share
    profile.spec = part.to_spec()
    profile.save()
    file.profiles.add(profile)
    audit.record(actor, "profile.map", profile, before=before, after=audit.snapshot(profile))
    if not unmapped(file):
        _read_again(actor, file)
    return profile


def unmapped(file: ImportFile) -> list[str]:
    """The layouts of the file that no profile of its facility reads or skips yet."""
    if file.facility is None:
        return file.summary.get("layouts", [])
    known = {profile.signature for profile in meter_format.offered_to(file.facility)}
    return [signature for signature in file.summary.get("layouts", []) if signature not in known]


@transaction.atomic
def retry(actor, file: ImportFile) -> None:
    """Reads the file again, with its corrections. What it had brought is taken back first.

    Two people trying at once: the second is told that it is being read already.
    """
    require(actor, "intake.file.fix")
    if not file.content:
        raise NotPossible(_("“%(name)s” was too large to be kept. Send a smaller one.") % {"name": file.name})
    before = file.state
    _read_again(actor, file)
    audit.record(actor, "import.retry", file, before={"state": before}, after={"state": file.state})


@transaction.atomic
def set_aside(actor, file: ImportFile) -> None:
    """Puts a file that is not needed out of sight of the list of work; it can be taken up again."""
    require(actor, "intake.file.fix")
    before = file.state
    move(file, State.SET_ASIDE)
    audit.record(actor, "import.set_aside", file, before={"state": before}, after={"state": file.state})


@dataclass(frozen=True)
class Many:
    """What came of acting on many files: how many went through, and why the others did not."""

    done: int
    refused: tuple[str, ...]


def for_each(act: Callable, actor, files: Sequence[ImportFile]) -> Many:
    """`act(actor, file)` for each, each in its own transaction; one that cannot be done stops no other."""
    done, refused = 0, []
    for file in files:
        try:
            act(actor, file)
            done += 1
        except NotPossible as reason:
            refused.append(str(reason))
    return Many(done, tuple(refused))


def _read_again(actor, file: ImportFile, **fields) -> None:
    from sachhon.apps.intake.tasks import read_job

    # The job's row first: its reader ends the job under the same lock, so that no file is left behind.
    job = ImportJob.objects.select_for_update().get(pk=file.job_id)
    file.refresh_from_db()
    if file.is_taken:
        undo_file(actor, file)
    move(file, State.WAITING, asked_by=actor, same_as=None, **fields)
    ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.DONE).update(state=ImportJob.State.WAITING)
    transaction.on_commit(lambda: read_job.enqueue(job.pk))
