"""Asks the permission table from a template, so that a page offers only what the person may do."""

from django import template

from sachhon.apps.people.field_words import field_text, value_text
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
    """What an audit entry changed: (field in words, before, after), fields in their order."""
    before, after = entry.before or {}, entry.after or {}
    names = [*after, *(name for name in before if name not in after)]
    return [
        (
            field_text(entry.object_type, name),
            value_text(entry.object_type, name, before.get(name)),
            value_text(entry.object_type, name, after.get(name)),
        )
        for name in names
        if before.get(name) != after.get(name)
    ]
