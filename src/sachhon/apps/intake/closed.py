"""Files that tell a cost which a factory keeps to itself: who may not read it does not read them either.

A workbook or bill says what was paid, in any of its cells; so does a copy of it, a message about a cell, a correction.
Who sent a file knows what stands in it. That there is a file, how far it is and how much came of it stays told.
"""

from django.utils.translation import gettext as _

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people.models import AuditEntry, User
from sachhon.apps.people.veils import MARK
from sachhon.apps.registry.closed_costs import closed_costs


def is_closed(user, file: ImportFile) -> bool:
    """Whether what stands in the file is closed to `user`."""
    if file.facility_id is None or file.job.created_by_id == user.pk:
        return False
    return bool(closed_costs(user, [file.facility_id]).of(file.facility_id))


def refuse_closed(user, file: ImportFile) -> None:
    """Raises NotPossible, with words for the page, where it is closed."""
    if is_closed(user, file):
        raise NotPossible(closed_words())


def veil(user: User, entries: list[AuditEntry]) -> None:
    """The history of changes: what was laid over the cells of such files."""
    found = [e for e in entries if e.verb in ("import.fix_cell", "import.drop_fix")]
    files = ImportFile.objects.select_related("job").in_bulk({int(e.object_id) for e in found})
    closed = {str(file.pk) for file in files.values() if is_closed(user, file)}
    for e in found:
        if e.object_id in closed:
            e.before, e.after = _masked(e.before), _masked(e.after)


def _masked(values: dict | None) -> dict | None:
    return values and dict.fromkeys(values, MARK)


def closed_words() -> str:
    """What is said where the file would be."""
    return _(
        "The factory keeps a price to itself: what stands in its files is read by the factory and those who work "
        "with it. Ask the Centre to look at this one."
    )
