"""Why the saving of a resource was not computed, and what would let it be: no resource is left out in silence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sachhon.apps.registry.models import Resource
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services.months import FacilityMonths, load
from sachhon.apps.reporting.services.savings import first_year, per_unit
from sachhon.science.intensity import SavingState


@dataclass(frozen=True)
class Uncomputed:
    """One consumed resource without a saving: the reason and the cure, in the language of the page."""

    resource: Resource
    reason: str
    cure: str


def uncomputed(report: AnnualReport) -> list[Uncomputed]:
    """The resources consumed in the year of a sent report that have no saving, with the reason for each."""
    base = report.baseline_year or first_year(report.facility)
    if report.first_submitted_at is None or base is None:
        return []
    place = load([report.facility_id], {base, report.year}).get(report.facility_id, FacilityMonths())
    have = set(report.resource_savings.values_list("resource_id", flat=True))
    resources = Resource.objects.in_bulk([pk for pk in place.resources(report.year) if pk not in have])
    products = list(report.facility.products.all())
    return [
        Uncomputed(each, *_why(report.year, base, each, place, products))
        for each in sorted(resources.values(), key=lambda resource: (resource.kind, resource.pk))
    ]


def _why(year: int, base: int, resource: Resource, place: FacilityMonths, products: list) -> tuple[str, str]:
    words = {"year": year, "base": base}
    if base >= year:
        return (
            _("%(year)d is the first year with figures: there is no earlier year to compare with.") % words,
            _("Enter the figures of an earlier year, or wait for next year's report."),
        )
    then, now = place.shared_months(resource.pk, base), place.shared_months(resource.pk, year)
    if not place.year_of(place.consumption, resource.pk, base).quantity:
        return (
            _("No consumption of it is stored for the baseline year %(base)d.") % words,
            _("Enter its figures of that year, or choose a baseline year that has them."),
        )
    if not then or not now:
        return (
            _("In %(year)d no month has both its consumption and an output.")
            % (words | {"year": year if then else base}),
            _("Enter the monthly output of that year."),
        )
    state = per_unit(resource, then, now, place, products).state
    if state is SavingState.NO_REFERENCE:
        return (
            _(
                "The products have different units, and the months of %(base)d do not show how much of it each takes."
            )
            % words,
            _(
                "Give each product its weight (what one unit takes against the main product), or meter it by product."
            ),
        )
    if state is SavingState.NEW_PRODUCTS_NOT_SEPARABLE:
        return (
            _(
                "Products were made in %(year)d that were not made in %(base)d, and what they took is not known."
            )
            % words,
            _("Give the new products their weight, or choose a baseline year in which they were made."),
        )
    return (
        _("The consumption or output of %(base)d or %(year)d is zero or not complete.") % words,
        _("Look at the monthly figures of both years."),
    )
