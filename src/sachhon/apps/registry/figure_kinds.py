"""Which action opens which kind of figure: the action of the page that the figure stands on.

The code of a figure begins with its kind (``option:12:npv``). Codes can be guessed, so the panel behind a figure asks
for no less than its page does. Each room registers its kinds in ``AppConfig.ready()``; a figure of a kind that nobody
registered is shown to nobody.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from sachhon.apps.people.permissions import allowed_roles

_actions: dict[str, str] = {}


def register_kinds(action: str, *kinds: str) -> None:
    """A room says that its figures of these kinds are for the roles that may do `action`."""
    allowed_roles(action)
    for kind in kinds:
        if _actions.setdefault(kind, action) != action:
            raise ImproperlyConfigured(f"Figures of kind {kind!r} are opened by {_actions[kind]!r} already.")


def actions() -> dict[str, str]:
    """kind → the action that opens it."""
    return dict(_actions)


def opened_to(user) -> Q:
    """The condition under which figures are of a kind that `user` may open; matches nothing without one."""
    found = Q(pk__in=[])
    for kind, action in _actions.items():
        if user.may(action):
            found |= Q(code__startswith=f"{kind}:")
    return found
