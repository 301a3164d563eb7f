"""The words for the size classes of the reference."""

from django.utils.translation import gettext_lazy as _

SIZES = {
    "micro": _("Micro"),
    "small": _("Small"),
    "medium": _("Medium"),
    "large": _("Large"),
    "unknown": _("Unknown"),
}


def size_label(code: str):
    """The word for a size class; an unknown code is "Unknown"."""
    return SIZES.get(code, SIZES["unknown"])
