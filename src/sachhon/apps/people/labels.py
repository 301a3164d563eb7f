"""What an audit entry calls its thing, in the language of the page.

An entry keeps the name the thing had when it was changed, and that name stays: a facility renamed since is shown
as it was called then. Only a name made of the site's own words ("Sending of 01/12/2026") is said anew: its model
says so with ``NAMED_IN_WORDS = True``.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.apps import apps
from django.db.models import Model

from sachhon.apps.people.models import AuditEntry


def say_anew(entries: Sequence[AuditEntry]) -> Sequence[AuditEntry]:
    """The entries with such labels in the present language, in a query a kind; what is gone keeps its label."""
    by_kind: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.object_type].append(entry)
    for kind, found in by_kind.items():
        model = _model(kind)
        if model is None or not getattr(model, "NAMED_IN_WORDS", False):
            continue
        keys = {entry.object_id for entry in found}
        related = [f.name for f in model._meta.concrete_fields if f.name == "facility"]
        things = {
            str(row.pk): row for row in model._base_manager.filter(pk__in=keys).select_related(*related)
        }
        for entry in found:
            if entry.object_id in things:
                entry.object_label = str(things[entry.object_id])[:255]
    return entries


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
