"""The plug of the history of changes: what of an entry a person may not read.

An entry holds what a row was when it changed, and the mark that closes a figure may have come later. So each room
says, when an entry is read, what must not be seen of it now; what is stored stays as it was written.
"""

from collections.abc import Callable, Iterable

from sachhon.apps.people.models import AuditEntry, User

MARK = "•••"
Veil = Callable[[User, list[AuditEntry]], None]  # changes entries in memory, never saves them

_veils: list[Veil] = []


def register(veil: Veil) -> Veil:
    """Adds a room's veil."""
    _veils.append(veil)
    return veil


def veiled(user: User, entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """The entries as this person may read them."""
    found = list(entries)
    for veil in _veils:
        veil(user, found)
    return found
