"""The files of an assessment that a person may see: nothing of a closed stream, stock or solution."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from sachhon.apps.assessment.models import (
    Assessment,
    Attachment,
    Measurement,
    Option,
    StockLevel,
    Verification,
)
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.apps.assessment.services.flow.disclosure import at_closed, closed_for, places_of

Owner = Measurement | StockLevel | Verification | Option
OWNERS: dict[str, type] = {
    "measurement": Measurement,
    "stock": StockLevel,
    "verification": Verification,
    "option": Option,
}


def owner_of(user, assessment: Assessment, kind: str, pk: int) -> Owner | None:
    """The thing that files are attached to; None where it is not there for this person."""
    if kind not in OWNERS:
        return None
    rows = OWNERS[kind].objects.visible_to(user).filter(assessment=assessment)
    rows = rows.filter(removed=False) if kind in ("measurement", "stock") else rows
    rows = rows.filter(deleted_at=None) if kind == "option" else rows
    found = rows.filter(pk=pk).first()
    return found if found is not None and may_see(user, found) else None


def may_see(user, owner: Owner) -> bool:
    """Whether nothing confidential stands before it."""
    if isinstance(owner, Option):
        return not is_closed(user, owner)
    if isinstance(owner, Verification):
        return not any(is_closed(user, option) for option in owner.options.all())
    closed = closed_for(user, owner.assessment)
    if isinstance(owner, Measurement):
        return owner.stream.code not in closed
    return not at_closed(owner, places_of(owner.assessment, closed))


def files_of(user, owner: Owner) -> QuerySet[Attachment]:
    """What is attached, oldest first."""
    name = next(kind for kind, model in OWNERS.items() if isinstance(owner, model))
    rows = Attachment.objects.visible_to(user).filter(removed_at=None, **{name: owner})
    return rows.select_related("assessment__facility")


def counts(user, assessment: Assessment, kind: str) -> dict[int, int]:
    """How many files each measurement (or stock, verification, option) has."""
    rows = Attachment.objects.visible_to(user).filter(
        assessment=assessment, removed_at=None, **{f"{kind}__isnull": False}
    )
    return dict(rows.order_by().values_list(kind).annotate(n=Count("pk")))


def owner_name(owner: Owner) -> str:
    """What the thing is called on pages and in the report."""
    if isinstance(owner, Measurement):
        return f"{owner.code} {owner.stream.name}"
    if isinstance(owner, StockLevel):
        return f"{owner.code} {owner.process.name}"
    if isinstance(owner, Option):
        return f"{owner.code} {owner.name}"
    return str(owner)


def evidence(user, assessment: Assessment) -> list[tuple[str, Attachment]]:
    """(of what, file) of all evidence that the person may see, in the order of the owners."""
    rows = Attachment.objects.visible_to(user).filter(assessment=assessment, removed_at=None, option=None)
    related = ("measurement__stream", "stock__process", "verification__resource", "assessment__facility")
    return list(
        _seen(user, rows.select_related(*related).order_by("measurement", "stock", "verification", "at"))
    )


def photos(user, assessment: Assessment) -> list[tuple[Option, Attachment]]:
    """(solution, photo) of what is carried out."""
    rows = Attachment.objects.visible_to(user).filter(
        assessment=assessment, removed_at=None, kind=Attachment.Kind.PHOTO, option__deleted_at=None
    )
    rows = rows.exclude(option=None).select_related("option", "assessment__facility").order_by("option", "at")
    return [(a.option, a) for a in rows if may_see(user, a.option)]


def _seen(user, rows: Iterable[Attachment]) -> Iterable[tuple[str, Attachment]]:
    for a in rows:
        owner = a.measurement or a.stock or a.verification
        gone = getattr(owner, "removed", False)
        if owner is not None and not gone and may_see(user, owner):
            yield owner_name(owner), a
