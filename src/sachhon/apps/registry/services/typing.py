"""A record typed in, or taken out, by hand: parsed, converted to the unit it is kept in, written with its history."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people import audit
from sachhon.apps.registry.models import Facility, Record, Resource
from sachhon.apps.registry.services.evidence import check_evidence
from sachhon.apps.registry.services.judged import refuse_judged
from sachhon.apps.registry.services.records import RecordRow, delete_record, write_records


@transaction.atomic
def type_record(
    actor,
    facility: Facility,
    *,
    item: str,
    month: str,
    quantity: Decimal,
    unit: str,
    cost_vnd: int | None = None,
    meter: str = "",
    source: str = "report",
    evidence=None,
) -> Record:
    """Writes one record. `item` is "product-<pk>" or "<flow>:<resource code>"; `month` is "yyyy-mm".

    Raises ValidationError where the unit does not fit, the month is none or of a year already judged, or the
    evidence is no photo or PDF.
    """
    year, month_number = (int(part) for part in month.split("-"))
    if not (1 <= month_number <= 12 and 2000 <= year <= 2100):
        raise ValidationError(_("“%(month)s” is not a month.") % {"month": month})
    refuse_judged(facility, {year})
    product, resource, flow = _item(facility, item)
    wanted = product.unit if product else resource.unit
    written = reference.normalise_unit(unit)
    if written is None:
        raise ValidationError(_("Unknown unit “%(unit)s”.") % {"unit": unit})
    try:
        kept = reference.convert(quantity, written, wanted, resource=resource.code if resource else None)
    except reference.UnitError as error:
        raise ValidationError(
            _("“%(unit)s” cannot be turned into %(wanted)s.")
            % {"unit": _unit_word(written), "wanted": _unit_word(wanted)}
        ) from error
    row = RecordRow(
        year=year,
        month=month_number,
        flow=flow,
        quantity=kept,
        product=product,
        resource=resource,
        meter=meter,
        entered_quantity=str(quantity),
        entered_unit=unit,
        cost_vnd=cost_vnd,
        source=source,
        quality="estimated" if source == "estimate" else "good",
    )
    write_records(actor, facility, [row])
    record = Record.objects.get(
        facility=facility,
        year=year,
        month=month_number,
        flow=flow,
        product=product,
        resource=resource,
        meter=meter,
    )
    if evidence is not None:
        kind = check_evidence(evidence)
        record.evidence.save(f"{record.pk}.{kind}", evidence)
    audit.record(actor, "record.type", record, after=audit.snapshot(record))
    return record


@transaction.atomic
def take_out(actor, record: Record) -> None:
    """Deletes one record by hand; the history keeps it. Raises `YearJudged` where its year's report was accepted."""
    refuse_judged(record.facility, {record.year})
    delete_record(actor, record)


def _item(facility: Facility, item: str):
    if item.startswith("product-"):
        product = facility.products.filter(pk=item.removeprefix("product-")).first()
        if product is None:
            raise ValidationError(_("This product is not made here."))
        return product, None, "output"
    flow, _colon, code = item.partition(":")
    resource = Resource.objects.filter(code=code).first()
    if resource is None:
        raise ValidationError(_("Unknown resource “%(code)s”.") % {"code": code})
    return None, resource, flow


def _unit_word(unit: str) -> str:
    return reference.unit_label(unit, "en" if get_language() == "en" else "vi")
