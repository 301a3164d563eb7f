"""What differs between two versions of an item, part by part and field by field, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from sachhon.apps.guidance import words
from sachhon.apps.guidance.fields import FIELDS, Field, label
from sachhon.apps.guidance.parts import parts_of
from sachhon.documents.numbers import format_number


@dataclass(frozen=True)
class Difference:
    """One field of one part; `kind` is changed, added or removed (then it is a whole part)."""

    kind: str
    part: str
    field: str
    before: str
    after: str


def differences(kind: str, old: dict, new: dict) -> Iterator[Difference]:
    """From `old` to `new`, in the order of the new one, what was taken out at the end."""
    before = {part["code"]: part for part in parts_of(kind, old)}
    after = {part["code"]: part for part in parts_of(kind, new)}
    for code, part in after.items():
        if code not in before:
            yield Difference("added", code, "", "", title_of(part))
            continue
        for field in FIELDS[kind]:
            if part.get(field.name) != before[code].get(field.name):
                yield Difference(
                    "changed", code, label(field.name), shown(field, before[code].get(field.name)),
                    shown(field, part.get(field.name)),
                )  # fmt: skip
    for code, part in before.items():
        if code not in after:
            yield Difference("removed", code, "", title_of(part), "")


def shown(field: Field, value) -> str:
    """A value as a person reads it."""
    if value in (None, "", []):
        return "–"
    if field.shape == "list":
        return ", ".join(words.word(field.name, one) for one in value)
    if field.shape == "yes":
        return _("Yes") if value else _("No")
    if field.shape == "choice":
        return words.word(field.name, f"{value:g}" if isinstance(value, float) else str(value))
    if field.shape == "number":
        try:
            return format_number(Decimal(str(value)), words.lang())
        except InvalidOperation:
            return str(value)
    return str(value)


def title_of(part: dict) -> str:
    """The words a part is known by."""
    language = words.lang()
    return part.get(f"text_{language}") or part.get(f"name_{language}") or part["code"]
