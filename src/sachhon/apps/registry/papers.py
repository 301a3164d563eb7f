"""The papers of a facility: every file that stands behind its figures, wherever in the house it is kept.

Each room gives its own: the registry the evidence of monthly figures, the rooms above theirs through
`register_papers`. Nothing is copied here; a paper opens where it is kept, for those who may see it there.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.apps.registry.models import Facility, Record

SHOWN = 12  # the rest is folded away


@dataclass(frozen=True)
class Paper:
    """One file. `kind` says in words what it is; `is_download`: the browser keeps it instead of showing a page."""

    on: datetime.date
    name: str
    kind: str
    url: str
    icon: str = "file"
    is_download: bool = False


Papers = Callable[..., list[Paper]]
_papers: list[Papers] = []


def register_papers(provider: Papers) -> None:
    """A higher room adds its papers: provider(user, facility) -> list[Paper]. Called from AppConfig.ready()."""
    _papers.append(provider)


def papers_of(user, facility: Facility) -> tuple[list[Paper], list[Paper]]:
    """What is shown and what is folded away, the newest first."""
    found = _evidence(user, facility)
    for provider in _papers:
        found += provider(user, facility)
    found.sort(key=lambda paper: paper.on, reverse=True)
    return found[:SHOWN], found[SHOWN:]


def _evidence(user, facility: Facility) -> list[Paper]:
    closed = closed_costs(user, [facility.pk]).of(facility.pk)  # a bill tells its price
    rows = Record.objects.visible_to(user).filter(facility=facility).exclude(evidence="")
    rows = rows.exclude(resource__in=closed, cost_vnd__isnull=False)
    return [
        Paper(
            on=localtime(row.updated_at).date(),
            name=f"{row.item.name} {row.month:02d}/{row.year}",
            kind=_("Evidence of a monthly figure"),
            url=reverse("registry:evidence", args=[facility.code, row.pk]),
            icon="file-check",
            is_download=True,
        )
        for row in rows.select_related("resource", "product")
    ]
