"""What an audit entry leads to: the thing that was changed, and the things its values name, by name and with a link.

An entry keeps the key of another record. A room says which of its records may be called by name here::

    from sachhon.apps.people import links
    links.register("registry.facility", lambda user, facility: reverse("registry:facility", args=[facility.code]))

Rows with a SCOPE are read through ``visible_to``: what a person may not see keeps its number.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.apps import apps
from django.db.models import ForeignKey, Model

from sachhon.apps.people.field_words import field_of
from sachhon.apps.people.models import AuditEntry, User

Address = Callable[[User, Model], str]  # "" where the person may not open it, or where there is no page
_addresses: dict[str, Address] = {}


class Linked(str):
    """The name of a record, with the address of its page ("" where it has none)."""

    url: str

    def __new__(cls, text: str, url: str = ""):
        found = super().__new__(cls, text)
        found.url = url
        return found


def register(kind: str, address: Address = lambda _user, _thing: "") -> None:
    """Adds a kind of record ("registry.facility"); without an address it is called by name alone."""
    _addresses[kind] = address


def linked(user: User, entries: Sequence[AuditEntry]) -> Sequence[AuditEntry]:
    """The entries with what they lead to: ``url``, and ``names`` ((field, key) → Linked); a query a kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    values: list[tuple[AuditEntry, str, object, str]] = []
    for entry in entries:
        if entry.object_type in _addresses:
            wanted[entry.object_type].add(entry.object_id)
        for name, key in _keys(entry):
            kind = _kind_of(entry.object_type, name)
            if kind in _addresses:
                wanted[kind].add(str(key))
                values.append((entry, name, key, kind))
    found = {kind: _things(user, kind, keys) for kind, keys in wanted.items()}
    for entry in entries:
        thing = found.get(entry.object_type, {}).get(entry.object_id)
        entry.url, entry.names = thing.url if thing is not None else "", {}
    for entry, name, key, kind in values:
        if (thing := found[kind].get(str(key))) is not None:
            entry.names[name, key] = thing
    return entries


def _keys(entry: AuditEntry) -> list[tuple[str, object]]:
    sides = (entry.before or {}, entry.after or {})
    return [(n, v) for side in sides for n, v in side.items() if isinstance(v, int | str) and v != ""]


def _kind_of(object_type: str, name: str) -> str:
    """The kind of record that a field names; "" where it names none."""
    field = field_of(object_type, name)
    return field.related_model._meta.label_lower if isinstance(field, ForeignKey) else ""


def _things(user: User, kind: str, keys: set[str]) -> dict[str, Linked]:
    """Key → name and address, of those that the person may see."""
    model = apps.get_model(kind)
    rows = model.objects.visible_to(user) if hasattr(model, "SCOPE") else model.objects.all()
    rows = rows.filter(pk__in=[key for key in keys if key.isdigit()])
    return {str(row.pk): Linked(str(row), _addresses[kind](user, row)) for row in rows}
