"""What each role may do: the table in permissions.csv, one action a row, one role a column.

Changing who may do what is an edit of that file and nothing else; the tests walk it for every address.
"""

import csv
from functools import cache
from importlib import resources

from django.core.exceptions import ImproperlyConfigured


@cache
def table() -> dict[str, frozenset[str]]:
    """action → the roles allowed to do it."""
    text = resources.files("sachhon.apps.people").joinpath("permissions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["action"]: frozenset(role for role, mark in row.items() if role != "action" and mark == "x")
        for row in rows
    }


def allowed_roles(action: str) -> frozenset[str]:
    """The roles that may do `action`; an action that is not in the table is a programming error."""
    try:
        return table()[action]
    except KeyError:
        raise ImproperlyConfigured(f"Action {action!r} has no row in permissions.csv.") from None
