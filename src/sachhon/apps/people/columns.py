"""The columns of a list: which there are, and which of them a person wants to see.

A list declares its columns once; its page asks `columns_of(request, …)` and draws what is shown. The choice is kept
for a year in a cookie of this person's (two people at one computer each have their own), needs no script, and
changes what is shown, never what may be seen: a download has every column.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_LISTS, MOST_KEYS = 12, 40
_NAME = re.compile(r"[a-z_]{1,24}")


@dataclass(frozen=True)
class ListColumn:
    """One column; `usual`: shown until the person chooses otherwise; `fixed`: always shown."""

    key: str
    label: object  # text, or lazily translated text
    sort: str = ""
    num: bool = False
    unit: str = ""
    usual: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Columns:
    """What a page needs: `heads` to draw the head, `shown` to ask `{% if "trade" in columns.shown %}`."""

    list_name: str
    every: tuple[ListColumn, ...]
    shown: frozenset[str]

    @property
    def heads(self) -> list[ListColumn]:
        """The columns shown, in their order."""
        return [column for column in self.every if column.key in self.shown]

    @property
    def labels(self) -> dict[str, object]:
        """The words of each column, for the cards that rows become on a phone."""
        return {column.key: column.label for column in self.every}

    @property
    def choices(self) -> list[tuple[ListColumn, bool]]:
        """What can be ticked: each column that is not fixed, and whether it is shown."""
        return [(column, column.key in self.shown) for column in self.every if not column.fixed]


def columns_of(request, list_name: str, every: Sequence[ListColumn]) -> Columns:
    """The columns of a list as this person wants them."""
    chosen = _choices(request).get(list_name)
    if chosen is None:
        chosen = {column.key for column in every if column.usual}
    shown = {column.key for column in every if column.fixed or column.key in chosen}
    return Columns(list_name, tuple(every), frozenset(shown))


def cookie_name(user) -> str:
    """Where this person's choices are kept."""
    return f"sachhon_columns_{user.pk}"


def remembered(request, list_name: str, keys: Iterable[str] | None) -> str:
    """The cookie's new text: the list with these columns, or as usual again for None. Odd names are dropped."""
    choices = _choices(request)
    choices.pop(list_name, None)
    if keys is not None and _NAME.fullmatch(list_name):
        choices[list_name] = {key for key in keys if _NAME.fullmatch(key)}
    newest = list(choices.items())[-MOST_LISTS:]
    return "|".join(f"{name}:{'.'.join(sorted(found)[:MOST_KEYS])}" for name, found in newest)


def _choices(request) -> dict[str, set[str]]:
    parts = [part.partition(":") for part in request.COOKIES.get(cookie_name(request.user), "").split("|")]
    return {
        name: {key for key in keys.split(".") if _NAME.fullmatch(key)}
        for name, colon, keys in parts
        if colon and _NAME.fullmatch(name)
    }
