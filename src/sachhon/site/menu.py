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


@dataclass(frozen=True)
class Group:
    """Some lines under one heading; the first group has none."""

    label: str
    entries: list[Entry]


WORK, PROVINCE, ADMINISTRATION = _("Work"), _("Province"), _("Administration")

# (group, label, url name, icon of scripts/icons.txt, action that opens it)
ROOMS = [
    ("", _("Today"), "home", "home", "home.view"),
    (WORK, _("Facilities"), "registry:facilities", "building-factory-2", "registry.facility.view"),
    (WORK, _("Organisations"), "registry:organisations", "building-community", "registry.organisation.view"),
    (WORK, _("Annual reports"), "reporting:reports", "report", "reporting.report.view"),
    (WORK, _("Assessments"), "assessment:assessments", "clipboard-check", "assessment.view"),
    (WORK, _("Library"), "guidance:home", "bulb", "guidance.library.view"),
    (WORK, _("Inbox"), "intake:inbox", "inbox", "intake.inbox.view"),
    (PROVINCE, _("Whole province"), "reporting:province", "report-analytics", "reporting.province.view"),
    (PROVINCE, _("Plan and targets"), "programme:targets", "target-arrow", "programme.target.view"),
    (PROVINCE, _("Map"), "registry:map", "map-2", "registry.map.view"),
    (ADMINISTRATION, _("Accounts"), "people:users", "users", "people.user.manage"),
    (ADMINISTRATION, _("History of changes"), "people:history", "history", "people.audit.view"),
]


def menu_for(user, path: str) -> list[Group]:
    """The entries that this user may open; the deepest one that contains `path` is current."""
    rooms = [
        (group, label, reverse(name), icon) for group, label, name, icon, action in ROOMS if user.may(action)
    ]
    inside = [url for *_label, url, _icon in rooms if path == url or (url != "/" and path.startswith(url))]
    here = max(inside, key=len, default=None)
    entries: dict[str, list[Entry]] = {}
    for group, label, url, icon in rooms:
        entries.setdefault(group, []).append(Entry(gettext(label), url, icon, url == here))
    return [Group(gettext(group) if group else "", lines) for group, lines in entries.items()]
