"""The left rail: the rooms a role may enter, in the order of the working day."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    label: str
    url: str
    icon: str
    current: bool


# (label, url name, icon of the Tabler set, action that opens it)
ROOMS = [
    (_("Today"), "home", "home", "home.view"),
]


def menu_for(user, path: str) -> list[Entry]:
    """The entries that this user may open; the deepest one that contains `path` is current."""
    urls = [(gettext(label), reverse(name), icon) for label, name, icon, action in ROOMS if user.may(action)]
    inside = [url for _label, url, _icon in urls if path == url or (url != "/" and path.startswith(url))]
    here = max(inside, key=len, default=None)
    return [Entry(label, url, icon, url == here) for label, url, icon in urls]
