"""The plug of the search field: every room says how its things are found.

A room registers one function in its ``AppConfig.ready()``::

    from sachhon.apps.people import finder
    finder.register(find)            # find(user, folded, limit) -> list[Hit]

`folded` is the query without tone marks (`reference.text.fold`), to be matched with a ``search_key``.
A provider reads through ``visible_to(user)``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sachhon.reference.text import fold


@dataclass(frozen=True)
class Hit:
    """One thing found. Texts are already in the language of the page."""

    title: str
    url: str
    detail: str = ""
    icon: str = "file-text"


Provider = Callable[..., list[Hit]]
_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, *, rank: int = 1) -> Provider:
    """Adds a room's provider. The lower its rank the higher its hits stand; the facilities have 0, because
    everything else is found by the facility's name too.
    """
    if provider not in [known for _rank, known in _providers]:
        _providers.append((rank, provider))
        _providers.sort(key=lambda one: one[0])
    return provider


def find(user, query: str, limit: int = 20) -> list[Hit]:
    """What this person may see that matches `query`, at most `limit` things a room. Blank finds nothing."""
    folded = fold(query)
    if not folded:
        return []
    return [hit for _rank, provider in _providers for hit in provider(user, folded, limit)]
