"""Reads of the people room: users and the audit history, each from what the asking user may see."""

import datetime

from django.db.models import Exists, OuterRef, Q

from sachhon.apps.people.models import AuditEntry, User
from sachhon.apps.people.sorting import in_order, ordered
from sachhon.apps.people.verbs import verbs_with
from sachhon.reference.text import fold

ACCOUNT_ORDER = {
    "username": lambda u: u.username.casefold(),
    "name": lambda u: fold(u.display_name()),
    "email": lambda u: u.email.casefold(),
    "role": lambda u: fold(str(u.get_role_display())),
    "organisation": lambda u: fold(str(u.organisation or "")),
    "login": lambda u: u.last_login,
    "state": lambda u: u.is_active,
}
HISTORY_ORDER = {"at": ("pk",), "who": ("actor_name",), "what": ("object_label",), "verb": ("verb",)}


def users(user, *, q: str = "", role: str = "", sort: str = "") -> list[User]:
    """The accounts `user` may see, found by name or organisation without tone marks."""
    rows = User.objects.visible_to(user).select_related("organisation")
    if role:
        rows = rows.filter(role=role)
    if q:
        wanted = fold(q)
        # Names have no search column (few accounts): compared here, so that "nguyen" finds "Nguyễn".
        rows = [
            u for u in rows if wanted in fold(f"{u.username} {u.display_name()} {u.email} {u.organisation}")
        ]
    return in_order(rows, sort, ACCOUNT_ORDER)


def history(
    user,
    *,
    object_type: str = "",
    object_id: str = "",
    verb: str = "",
    actor: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    q: str = "",
    sort: str = "",
):
    """The audit entries `user` may see, newest first unless another order is asked for; `q` are words of the name a
    thing had, of who changed it, or of what was done, in any order and without tone marks."""
    rows = AuditEntry.objects.visible_to(user)
    if object_type:
        rows = rows.filter(object_type=object_type)
    if object_id:
        rows = rows.filter(object_id=object_id)
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if actor:
        rows = rows.filter(actor__username=actor)
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    for word in fold(q).split():
        rows = rows.filter(Q(search_key__contains=word) | Q(verb__in=verbs_with(word)))
    return ordered(rows, sort, HISTORY_ORDER, ("-pk",))


def actors(user) -> list[tuple[str, str]]:
    """(user name, full name) of those with an entry in the history that `user` may see, by name."""
    entries = AuditEntry.objects.visible_to(user).filter(actor=OuterRef("pk"))
    found = [(u.username, u.display_name()) for u in User.objects.filter(Exists(entries))]
    return sorted(found, key=lambda one: fold(one[1]))
