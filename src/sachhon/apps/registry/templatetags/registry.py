"""Words and numbers of the registry in templates."""

from django import template
from django.utils.translation import get_language

from sachhon import reference
from sachhon.apps.registry.map import short_name
from sachhon.apps.registry.sizes import size_label

register = template.Library()


@register.filter
def size_word(code):
    """{{ facility.size_class|size_word }}: the size class in words."""
    return size_label(code)


@register.filter
def unit_word(unit):
    """{{ record.unit|unit_word }}: a canonical unit as it is printed ("k_vien" → "nghìn viên")."""
    try:
        return reference.unit_label(unit, "en" if get_language() == "en" else "vi")
    except reference.UnitError:
        return unit


@register.filter
def source_word(source: str) -> str:
    """{{ fact.source|source_word }}: the name of a source in the language of the page."""
    return reference.source_in(source, "en" if get_language() == "en" else "vi")


@register.filter
def svg(value) -> str:
    """A number for a drawing: a point whatever the language."""
    return f"{float(value):.1f}"


@register.filter
def cut_level(name: str) -> str:
    """ "Xã Hữu Lũng" → "Hữu Lũng"."""
    return short_name(name)
