"""What the fields and values of the history are called, in the language of the page.

A field of the thing is called as its form calls it; what has no name of its own there (a field without a verbose
name, a word that a service wrote) stands in field_words.csv. Not here: the verbs (`verbs`), names of things (`labels`).
"""

import csv
import datetime
import re
from functools import cache
from importlib import resources

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.documents.numbers import format_date_short

DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d.*)?")


@cache
def words() -> dict[str, dict[str, str]]:
    """field → {"vi", "en"}, from field_words.csv."""
    text = resources.files("sachhon.apps.people").joinpath("field_words.csv").read_text(encoding="utf-8")
    return {row["field"]: row for row in csv.DictReader(text.splitlines())}


def field_text(object_type: str, name: str) -> str:
    """A field of a kind of thing in words; "benchmark.fuel" keeps what follows the point."""
    field = field_of(object_type, name)
    if field is not None and field._verbose_name:
        return capfirst(field.verbose_name)
    known, _point, rest = name.partition(".")
    row = words().get(known)
    if row is None:
        return name
    said = row["en" if get_language() == "en" else "vi"]
    return f"{said}: {rest}" if rest else said


def value_text(object_type: str, name: str, value: object) -> object:
    """A value as a reader knows it: the label of a choice, yes or no, a day; all else as it was kept."""
    field = field_of(object_type, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(field.flatchoices) if field is not None else {}
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(value, str) and (day := DAY.fullmatch(value)):
        lang = "en" if get_language() == "en" else "vi"
        return format_date_short(datetime.date(*map(int, day.groups())), lang)
    return value


def is_own_key(object_type: str, name: str) -> bool:
    """Whether a field is the row's own key, which says nothing to a reader."""
    field = field_of(object_type, name)
    return field is not None and field.primary_key


def field_of(object_type: str, name: str) -> Field | None:
    """The field of a kind of thing; None for a word that a service wrote."""
    try:
        field = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return field if isinstance(field, Field) else None
