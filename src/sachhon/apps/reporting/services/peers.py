"""What the other facilities of a trade consume per unit of product. Not here: the range made of it (`science`)."""

from collections import defaultdict

from django.db.models import Sum

from sachhon.apps.registry.models import Facility, Flow, Record
from sachhon.apps.reporting.services.rules import rule


def peer_table(
    facility: Facility, of_year: int, resources: set[int], product_unit: str
) -> dict[int, list[float]]:
    """Resource → specific consumptions of the other facilities of the trade, two queries a year for all.

    The same year where enough of them have reported it, else the year before; empty where too few have.
    """
    least = rule("plausibility.peers")
    peers = Facility.objects.filter(trade=facility.trade_id, merged_into=None).exclude(pk=facility.pk)
    found: dict[int, list[float]] = {}
    for year in (of_year, of_year - 1):
        records = Record.objects.filter(facility__in=peers, year=year).order_by()
        made = _outputs_in(records, product_unit)
        here: dict[int, list[float]] = defaultdict(list)
        consumed = (
            records.filter(
                flow=Flow.CONSUMPTION, resource__in=resources - set(found), facility__in=list(made)
            )
            .values_list("facility_id", "resource_id")
            .annotate(whole=Sum("quantity"))
        )
        for peer, resource, whole in consumed:
            if whole > 0:
                here[resource].append(float(whole) / made[peer])
        found |= {resource: values for resource, values in here.items() if len(values) >= least}
    return found


def _outputs_in(records, product_unit: str) -> dict[int, float]:
    """Facility → weighted output, of those that count all their products in `product_unit`."""
    made: dict[int, float] = defaultdict(float)
    others = set()
    rows = (
        records.filter(flow=Flow.OUTPUT)
        .values_list("facility_id", "product__unit", "product__norm_weight")
        .annotate(whole=Sum("quantity"))
    )
    for facility, unit, weight, whole in rows:
        if unit != product_unit:
            others.add(facility)
        made[facility] += float(weight) * float(whole)
    return {facility: output for facility, output in made.items() if output > 0 and facility not in others}
