"""Which state of a file may follow which, changed only by conditional update: never check, then act."""

from django.utils.translation import gettext as _

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.errors import NotPossible

State = ImportFile.State

TAKEN = frozenset({State.TAKEN, State.TAKEN_WITH_WARNINGS})
OPEN = frozenset({State.NEEDS_MAPPING, State.NEEDS_FACILITY, State.REFUSED})

# state → the states a person's act may lead to; reading itself leads from WAITING to anything but UNDONE.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.SET_ASIDE}),
    State.NEEDS_MAPPING: frozenset({State.WAITING, State.SET_ASIDE}),
    State.NEEDS_FACILITY: frozenset({State.WAITING, State.SET_ASIDE}),
    State.REFUSED: frozenset({State.WAITING, State.SET_ASIDE}),
    State.DUPLICATE: frozenset({State.WAITING, State.SET_ASIDE}),
    State.OUTDONE: frozenset({State.WAITING, State.SET_ASIDE}),
    State.TAKEN: frozenset({State.UNDONE}),
    State.TAKEN_WITH_WARNINGS: frozenset({State.UNDONE}),
    State.UNDONE: frozenset({State.WAITING, State.SET_ASIDE}),
    State.SET_ASIDE: frozenset({State.WAITING}),
}


def may_become(file: ImportFile, target: str) -> bool:
    """Whether a person may bring the file into `target` from where it stands."""
    return target in TRANSITIONS[file.state]


def move(file: ImportFile, target: str, **fields) -> None:
    """Brings the file into `target`; NotPossible when somebody else was quicker or the step is not allowed."""
    sources = [state for state, following in TRANSITIONS.items() if target in following]
    if not ImportFile.objects.filter(pk=file.pk, state__in=sources).update(state=target, **fields):
        file.refresh_from_db(fields=["state"])
        raise NotPossible(
            _("“%(name)s” is now “%(state)s”, so this cannot be done. Reload the page to see why.")
            % {"name": file.name, "state": file.get_state_display()}
        )
    file.refresh_from_db()
