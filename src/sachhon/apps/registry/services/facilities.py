"""Writing facilities, their yearly size figures, their products and who is assigned to them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people import audit
from sachhon.apps.people.models import Organisation, Role
from sachhon.apps.registry.models import Assignment, Facility, FacilityYear, Product
from sachhon.apps.registry.services.enterprises import NewEnterprise, create_enterprise
from sachhon.apps.registry.services.errors import Conflict

EDITABLE = (
    "name",
    "tax_code",
    "enterprise",
    "sector",
    "trade",
    "area",
    "address",
    "latitude",
    "longitude",
    "status",
    "started_on",
    "closed_on",
    "contact_name",
    "contact_phone",
    "contact_email",
    "licence_group",
    "key_energy_user",
    "has_potential",
)
# What a factory may correct about itself; the rest is the authorities' to say.
EDITABLE_BY_FACTORY = ("address", "latitude", "longitude", "contact_name", "contact_phone", "contact_email")


@transaction.atomic
def create_facility(
    actor, *, code: str = "", province_code: str, enterprise: Organisation | NewEnterprise, **values
) -> Facility:
    """Registers a facility, and its company with it where that is new: both or neither.

    Without a code the next free one of the province is given; without a tax code of its own the facility has
    that of a new company.
    """
    if isinstance(enterprise, NewEnterprise):
        enterprise = create_enterprise(actor, province_code, enterprise)
        values["tax_code"] = values.get("tax_code") or enterprise.tax_code
    facility = Facility(
        code=code or next_code(province_code), province_code=province_code, enterprise=enterprise, **values
    )
    facility.registered_on = localdate()
    check(facility)
    facility.save()
    audit.record(actor, "facility.create", facility, after=audit.snapshot(facility, EDITABLE))
    return facility


@transaction.atomic
def change_facility(actor, facility: Facility, version: int, **values) -> Facility:
    """Changes what `values` names. Raises Conflict when the facility is no longer at `version`."""
    allowed = EDITABLE_BY_FACTORY if actor.role == Role.FACTORY else EDITABLE
    if refused := sorted(set(values) - set(allowed)):
        raise ValidationError(
            _("These fields are changed by the Centre or the Department: %(fields)s.")
            % {"fields": ", ".join(str(Facility._meta.get_field(name).verbose_name) for name in refused)}
        )
    stored = Facility.objects.select_for_update().get(pk=facility.pk)
    before = audit.snapshot(stored, EDITABLE)
    if stored.version != version:
        raise Conflict({name: before[name] for name in values if name in before})
    for name, value in values.items():
        setattr(stored, name, value)
    check(stored)
    stored.version += 1
    stored.save()
    audit.record(actor, "facility.change", stored, before=before, after=audit.snapshot(stored, EDITABLE))
    return stored


def check(facility: Facility) -> None:
    """Raises ValidationError with everything that is wrong with the fields together."""
    errors: dict[str, str] = {}
    if facility.tax_code and not reference.valid_tax_code(facility.tax_code):
        errors["tax_code"] = _("The check digit of this tax code is wrong: compare it with the certificate.")
    if facility.area.province_code != facility.province_code:
        errors["area"] = _("This commune lies in another province.")
    if facility.closed_on and facility.started_on and facility.closed_on < facility.started_on:
        errors["closed_on"] = _("Closed before it was started.")
    if (facility.latitude is None) != (facility.longitude is None):
        errors["longitude"] = _("Give both latitude and longitude, or neither.")
    if facility.latitude is not None and not (
        8 <= facility.latitude <= 24 and 102 <= facility.longitude <= 110
    ):
        errors["latitude"] = _("This point lies outside Viet Nam. Latitude is about 21, longitude about 106.")
    if errors:
        raise ValidationError(errors)
    facility.full_clean(validate_constraints=False)


def next_code(province_code: str) -> str:
    """The next free code of a province: the letters its facilities bear, and a number of four digits."""
    last = Facility.objects.filter(province_code=province_code).order_by("-code").first()
    if last is None:
        return f"P{province_code}-0001"
    prefix, _dash, digits = last.code.rpartition("-")
    return f"{prefix}-{int(digits) + 1:04d}"


@transaction.atomic
def set_year_figures(
    actor,
    facility: Facility,
    year: int,
    *,
    employees: int | None,
    revenue_vnd: int | None,
    capital_vnd: int | None,
) -> FacilityYear:
    """Stores the year's employees, revenue and capital; the size class follows by the decree valid then."""
    row, created = FacilityYear.objects.get_or_create(facility=facility, year=year)
    before = None if created else audit.snapshot(row)
    row.employees, row.revenue_vnd, row.capital_vnd = employees, revenue_vnd, capital_vnd
    row.size_class = reference.size_class(
        "industry", employees, revenue_vnd, capital_vnd, datetime.date(year, 12, 31)
    )
    row.save()
    after = audit.snapshot(row)
    if before != after:
        audit.record(actor, "facility.year", row, before=before, after=after)
        latest = facility.years.order_by("-year").first()
        Facility.objects.filter(pk=facility.pk).update(size_class=latest.size_class)
    return row


@transaction.atomic
def save_product(
    actor, facility: Facility, *, name: str, unit: str, product: Product | None = None, **values
) -> Product:
    """Adds a product, or changes one. The unit cannot change once there are records in it."""
    canonical = reference.normalise_unit(unit)
    if canonical is None:
        raise ValidationError({"unit": _("Unknown unit “%(unit)s”.") % {"unit": unit}})
    before = audit.snapshot(product) if product else None
    if product is None:
        product = Product(facility=facility)
    elif product.unit != canonical and product.record_set.exists():
        raise ValidationError(
            {"unit": _("There are records in this unit already; add a new product instead.")}
        )
    product.name, product.unit = name, canonical
    for key, value in values.items():
        setattr(product, key, value)
    product.full_clean(exclude=["search_key"], validate_constraints=False)
    product.save()
    audit.record(actor, "product.save", product, before=before, after=audit.snapshot(product))
    return product


@transaction.atomic
def assign(actor, facility: Facility, expert) -> Assignment:
    """Lets an expert see and work on one facility."""
    if expert.role != Role.EXPERT:
        raise ValidationError(_("Only an expert can be assigned."))
    row, created = Assignment.objects.get_or_create(user=expert, facility=facility)
    if created:
        audit.record(actor, "assignment.create", row, after=audit.snapshot(row))
    return row


@transaction.atomic
def unassign(actor, assignment: Assignment) -> None:
    """Takes an expert off a facility; from then on they do not see it."""
    audit.record(actor, "assignment.remove", assignment, before=audit.snapshot(assignment))
    assignment.delete()
