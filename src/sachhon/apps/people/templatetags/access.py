"""Asks the permission table from a template, so that a page offers only what the person may do."""

from django import template
from django.utils.html import format_html

from sachhon.apps.people.field_words import field_text, is_own_key, value_text
from sachhon.apps.people.links import Linked
from sachhon.apps.people.verbs import verb_text

register = template.Library()


@register.filter
def allowed_to(action: str, user) -> bool:
    """{% if "registry.facility.edit"|allowed_to:request.user %}"""
    return user.is_authenticated and user.may(action)


@register.filter
def verb_word(verb: str) -> str:
    """{{ entry.verb|verb_word }}: what was done, in words."""
    return verb_text(verb)


@register.filter
def differences(entry) -> list[tuple[str, object, object]]:
    """What an audit entry changed: (field in words, before, after), fields in their order; keys of other records by
    name where `people.links` found them, the row's own key left out."""
    before, after = entry.before or {}, entry.after or {}
    names = [*after, *(name for name in before if name not in after)]
    return [
        (
            field_text(entry.object_type, name),
            *(_shown(entry, name, side.get(name)) for side in (before, after)),
        )
        for name in names
        if before.get(name) != after.get(name) and not is_own_key(entry.object_type, name)
    ]


@register.filter
def with_link(value):
    """{{ new|with_link }}: a value of the history, a name with the link to its page; "–" for none."""
    if isinstance(value, Linked) and value.url:
        return format_html('<a href="{}">{}</a>', value.url, value)
    return "–" if value is None else value


def _shown(entry, name: str, value):
    known = getattr(entry, "names", {}).get((name, value)) if isinstance(value, int | str) else None
    return value_text(entry.object_type, name, value) if known is None else known
