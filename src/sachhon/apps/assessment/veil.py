"""What the history of changes does not tell those who may not see a factory's figures and words."""

from sachhon.apps.assessment.models import LessonConsent, Option, Stream
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.people.models import AuditEntry, User
from sachhon.apps.people.veils import MARK

AMOUNTS = {"value", "spread", "price", "energy_vnd", "system_vnd", "waste_vnd"}
WORDS = {"name", "reason"}


def veil(user: User, entries: list[AuditEntry]) -> None:
    """Amounts of a flow-sheet that holds anything confidential, from before the mark too; words of secret options."""
    if sees_secrets(user):
        return
    flows = [e for e in entries if e.verb.startswith("flow.")]
    keys = {int(e.object_id) for e in flows if e.object_id.isdigit()}
    secret = Stream.objects.filter(assessment__in=keys, secret=True)
    priced = Stream.objects.filter(assessment__in=keys, price_secret=True)
    closed = {str(key) for rows in (secret, priced) for key in rows.values_list("assessment", flat=True)}
    for e in flows:
        if e.object_id in closed:
            e.before, e.after = _without(e.before), _without(e.after)
    _consents(entries)
    options = [e for e in entries if e.object_type == Option._meta.label_lower]
    rows = Option.objects.filter(pk__in={e.object_id for e in options}, confidential=True)
    codes = {str(o.pk): o.code for o in rows}
    for e in options:
        if e.object_id in codes:
            e.object_label = codes[e.object_id]
            e.before, e.after = _masked(e.before, WORDS), _masked(e.after, WORDS)


def _consents(entries: list[AuditEntry]) -> None:
    """A consent names its option, which the factory may have marked since."""
    consents = [e for e in entries if e.object_type == LessonConsent._meta.label_lower]
    rows = LessonConsent.objects.filter(pk__in={e.object_id for e in consents}, option__confidential=True)
    codes = {str(c.pk): c.option.code for c in rows.select_related("option")}
    for e in consents:
        if e.object_id in codes:
            e.object_label = codes[e.object_id]
            e.after = _masked(e.after, WORDS)


def _without(values: dict | None) -> dict | None:
    """A change of a flow-sheet without its amounts."""
    if not values or not isinstance(values.get("rows"), list):
        return values
    return values | {
        "rows": [row | {"fields": _masked(row.get("fields"), AMOUNTS)} for row in values["rows"]]
    }


def _masked(values: dict | None, names: set[str]) -> dict | None:
    if not values:
        return values
    return {name: MARK if name in names and value else value for name, value in values.items()}
