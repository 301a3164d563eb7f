"""Merging duplicate facilities: shown before, kept open after, undone by one act.

Rows that would collide (both have a record of the same month and thing) stay with the absorbed facility and are
listed, so that nothing is lost and nothing is counted twice.
"""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.registry.models import Facility, FacilityMerge, Product, Record
from sachhon.apps.registry.services.likeness import are_other_enterprises
from sachhon.apps.registry.signals import facilities_merged, records_changed

FILLED_FROM_ABSORBED = (
    "tax_code",
    "sector",
    "address",
    "latitude",
    "longitude",
    "started_on",
    "contact_name",
    "contact_phone",
    "contact_email",
)
# History speaks of the facility as it was; it is never rewritten.
LEFT_ALONE = {"registry.recordchange", "registry.facilitymerge", "registry.figure"}


@dataclass(frozen=True)
class Preview:
    """What a merge would do: fields filled, rows moved by table, rows left because they would collide."""

    fields: dict[str, tuple]
    moved: dict[str, list[int]]
    left: dict[str, list[int]]


def preview(kept: Facility, absorbed: Facility) -> Preview:
    """What merging `absorbed` into `kept` would do; writes nothing."""
    _check(kept, absorbed)
    fields = {
        name: (getattr(kept, name), getattr(absorbed, name))
        for name in FILLED_FROM_ABSORBED
        if getattr(kept, name) in (None, "") and getattr(absorbed, name) not in (None, "")
    }
    moved, left = {}, {}
    for model in _tables():
        ids = list(model._base_manager.filter(facility=absorbed).values_list("pk", flat=True))
        colliding = _colliding(model, kept, absorbed)
        label = model._meta.label_lower
        if free := [pk for pk in ids if pk not in colliding]:
            moved[label] = free
        if colliding:
            left[label] = sorted(colliding)
    return Preview(fields, moved, left)


@transaction.atomic
def merge(actor, kept: Facility, absorbed: Facility, *, is_sure: bool = False) -> FacilityMerge:
    """Moves everything of `absorbed` to `kept`, and closes `absorbed` with a pointer to it.

    Two with tax codes of different enterprises are merged only where the person `is_sure`.
    """
    if are_other_enterprises(kept, absorbed) and not is_sure:
        raise ValidationError(
            _(
                "The tax codes %(a)s and %(b)s are of different enterprises. Tick that they are one all the same."
            )
            % {"a": kept.tax_code, "b": absorbed.tax_code}
        )
    plan = preview(kept, absorbed)
    products = _match_products(kept, absorbed)
    for label, ids in plan.moved.items():
        if label == Product._meta.label_lower:
            ids = [pk for pk in ids if pk not in products]
            plan.moved[label] = ids
        apps.get_model(label)._base_manager.filter(pk__in=ids).update(facility=kept)
    for old, new in products.items():
        Record.objects.filter(facility=kept, product_id=old).update(product_id=new)
    for name, (_old, new) in plan.fields.items():
        setattr(kept, name, new)
    kept.version += 1
    kept.save()
    absorbed.merged_into = kept
    status = absorbed.status
    absorbed.status = Facility.Status.CLOSED
    absorbed.version += 1
    absorbed.save()
    row = FacilityMerge.objects.create(
        kept=kept,
        absorbed=absorbed,
        actor=actor,
        moves={
            "fields": {
                name: audit.plain(getattr(old, "pk", old)) for name, (old, _new) in plan.fields.items()
            },
            "moved": plan.moved,
            "left": plan.left,
            "products": {str(old): new for old, new in products.items()},
            "status": status,
        },
    )
    audit.record(actor, "facility.merge", kept, after={"absorbed": absorbed.code, "merge": row.pk})
    _tell(kept, absorbed, row, undone=False)
    return row


@transaction.atomic
def undo_merge(actor, row: FacilityMerge) -> None:
    """Gives everything that was moved back to the absorbed facility and opens it again."""
    if not FacilityMerge.objects.filter(pk=row.pk, undone_at=None).update(undone_at=timezone.now()):
        raise ValidationError(_("This merge has been undone already."))
    kept, absorbed, moves = row.kept, row.absorbed, row.moves
    for old, new in moves["products"].items():
        Record.objects.filter(pk__in=moves["moved"].get("registry.record", []), product_id=new).update(
            product_id=int(old)
        )
    for label, ids in moves["moved"].items():
        apps.get_model(label)._base_manager.filter(pk__in=ids, facility=kept).update(facility=absorbed)
    for name, old in moves["fields"].items():
        field = Facility._meta.get_field(name)
        setattr(kept, field.attname, field.to_python(old) if old is not None else None)
    kept.version += 1
    kept.save()
    absorbed.merged_into = None
    absorbed.status = moves["status"]
    absorbed.version += 1
    absorbed.save()
    audit.record(actor, "facility.unmerge", kept, after={"absorbed": absorbed.code, "merge": row.pk})
    _tell(kept, absorbed, row, undone=True)


def _check(kept: Facility, absorbed: Facility) -> None:
    if kept.pk == absorbed.pk:
        raise ValidationError(_("A facility cannot be merged with itself."))
    if kept.merged_into_id or absorbed.merged_into_id:
        raise ValidationError(_("One of the two has been merged already."))
    if kept.province_code != absorbed.province_code:
        raise ValidationError(_("The two lie in different provinces."))


def _tables() -> list[type[models.Model]]:
    """Every table with a foreign key ``facility`` to Facility, of this room and the rooms above."""
    return [
        model
        for model in apps.get_models()
        if model._meta.label_lower not in LEFT_ALONE
        and any(f.name == "facility" and f.related_model is Facility for f in model._meta.concrete_fields)
    ]


def _match_products(kept: Facility, absorbed: Facility) -> dict[int, int]:
    """Products of the same name and unit are one product: absorbed pk → kept pk."""
    mine = {(p.search_key, p.unit): p.pk for p in kept.products.all()}
    return {p.pk: mine[key] for p in absorbed.products.all() if (key := (p.search_key, p.unit)) in mine}


def _colliding(model: type[models.Model], kept: Facility, absorbed: Facility) -> set[int]:
    """Rows of `absorbed` that have a twin at `kept` under one of the table's unique constraints."""
    same_product = _match_products(kept, absorbed) if model is Record else {}
    found: set[int] = set()
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        names = _constraint_fields(constraint)
        if "facility" not in names:
            continue
        others = [model._meta.get_field(n).attname for n in names if n != "facility"]

        def key(values: dict, others=others) -> tuple:
            return tuple(
                same_product.get(values[o], values[o]) if o == "product_id" else values[o] for o in others
            )

        condition = constraint.condition or models.Q()
        rows = model._base_manager.filter(condition)
        taken = {key(v) for v in rows.filter(facility=kept).values(*others)}
        found |= {v["pk"] for v in rows.filter(facility=absorbed).values("pk", *others) if key(v) in taken}
    if model is Product:
        found -= set(_match_products(kept, absorbed))
    if model is Record:
        # A product that stays (same name, another unit) keeps its records with it.
        found |= set(
            absorbed.records.filter(product__in=_colliding(Product, kept, absorbed)).values_list(
                "pk", flat=True
            )
        )
    return found


def _constraint_fields(constraint: models.UniqueConstraint) -> list[str]:
    if constraint.fields:
        return list(constraint.fields)
    return [getattr(getattr(e, "expression", e), "name", "") for e in constraint.expressions]


def _tell(kept: Facility, absorbed: Facility, row: FacilityMerge, *, undone: bool) -> None:
    facilities_merged.send(sender=Facility, kept=kept, absorbed=absorbed, undone=undone, merge=row)
    for facility in (kept, absorbed):
        years = sorted(set(Record.objects.filter(facility=facility).values_list("year", flat=True)))
        if years:  # one that keeps no records has none that changed
            records_changed.send(sender=Record, facility=facility, years=years)
