"""The plug of the page "Today": every room says what is due, late, waiting, changed, and how targets stand.

A room registers one function in its ``AppConfig.ready()``::

    from sachhon.apps.people import today
    today.register(today_items)      # today_items(user, year, day) -> list[TodayItem]

A provider reads through ``visible_to(user)`` and asks ``user.may(...)``: it returns only what this person can
do something about. Few items with a count, not one item a record; `url` opens the list behind it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["due", "late", "waiting", "changed", "target"]
Level = Literal["", "ok", "info", "warning", "danger"]


@dataclass(frozen=True)
class Bar:
    """How far a target is: all in percent. `gap` says in words what is missing ("41 facilities to go")."""

    value: Decimal | None
    target: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    gap: str = ""
    figure: str = ""  # code of the figure, for "Số này từ đâu?"


@dataclass(frozen=True)
class TodayItem:
    """One line of the page "Today". Texts are already in the language of the page."""

    kind: Kind
    title: str
    url: str
    detail: str = ""
    count: int | None = None
    due_date: datetime.date | None = None
    level: Level = ""
    bar: Bar | None = None  # for kind "target" only


Provider = Callable[..., list[TodayItem]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Adds a room's provider; the order of registration is the order on the page."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def items_for(user, year: int, day: datetime.date) -> list[TodayItem]:
    """Everything the rooms have for this person; what is due soonest comes first within a kind."""
    items = [item for provider in _providers for item in provider(user, year, day)]
    return sorted(items, key=lambda item: item.due_date or datetime.date.max)
