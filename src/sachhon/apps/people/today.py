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
from decimal import ROUND_CEILING, Decimal
from typing import Literal

# "watch" is for those who read and decide: nothing they do here makes it go away
Kind = Literal["due", "late", "waiting", "watch", "changed", "target"]
Level = Literal["", "ok", "info", "warning", "danger"]


SMALL = 25  # percent; below it a bar has a scale of its own, so that a saving can be seen at all


@dataclass(frozen=True)
class Bar:
    """How far a target is: all in percent. `gap` says in words what is missing ("41 facilities to go")."""

    value: Decimal | None
    target: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    target_high: Decimal | None = None  # of a target that is a range ("8–13 %")
    gap: str = ""
    figure: str = ""  # code of the figure, for "Số này từ đâu?"

    @property
    def is_range(self) -> bool:
        return self.target_high is not None and self.target_high > self.target

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def scale(self) -> Decimal:
        """What the whole length of the bar stands for: 100 %, or a little more than all there is to show."""
        if self.target > SMALL:
            return Decimal(100)
        ends = [v for v in (self.target_high, self.target, self.high, self.value) if v is not None]
        return min(
            max(max(ends) * Decimal("1.25"), Decimal(1)).quantize(Decimal(1), ROUND_CEILING), Decimal(100)
        )

    def on(self, value: Decimal) -> Decimal:
        """Where on the bar a value stands, in percent of its length."""
        return min(max(value, Decimal(0)) * 100 / self.scale, Decimal(100))


@dataclass(frozen=True)
class TodayItem:
    """One line of the page "Today". Texts are already in the language of the page."""

    kind: Kind
    title: str
    url: str
    detail: str = ""
    count: int | None = None
    due_date: datetime.date | None = None  # the last day that is on time
    due_words: str = ""  # the deadline as its rule says it, where that is not the day itself
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
