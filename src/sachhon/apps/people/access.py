"""Puts the permission table in front of views and rows. Deny by default.

A view without ``@allow(...)`` is refused by middleware; an object that the user may not see is answered
with 404, as if it were not there, so that strangers learn nothing.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404

from sachhon.apps.people.permissions import allowed_roles


def allow(action: str):
    """Marks a view with the one action it needs and refuses (403) users whose role does not have it."""
    allowed_roles(action)

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, action)
            return view(request, *args, **kwargs)

        guarded.action = action
        return guarded

    return decorate


def public(view):
    """Marks a view that anyone may open without an account."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    opened.action = None
    return login_not_required(opened)


def require(user, action: str) -> None:
    """Raises PermissionDenied unless the user's role may do `action`. Services call it too."""
    if not (user.is_authenticated and user.is_active and user.may(action)):
        raise PermissionDenied(action)


def get_visible(queryset, user, **lookup):
    """The one object that matches and that the user may see, else 404."""
    try:
        return queryset.visible_to(user).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError):
        raise Http404(queryset.model._meta.label) from None
