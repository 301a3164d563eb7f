"""The province's savings, without the money that tells a price which a factory keeps to itself.

Money over the quantity, which stays, is the price. It goes into sums of five factories and more, as in `closing`;
TOE and CO₂ follow from the quantity alone and stay.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sachhon.apps.registry.closed_costs import closed_to_some
from sachhon.apps.registry.models import Facility, Resource
from sachhon.apps.reporting.models import ReportSolution
from sachhon.apps.reporting.services.province.closing import FEW, Secret, beside
from sachhon.apps.reporting.services.province.counted import Member
from sachhon.warehouse.rollup.savings import SavingSum

Priced = tuple[int, str]  # a facility, and the code of a resource whose price it keeps to itself
Row = str | None  # of a table: a resource, a trade, a commune; None in a table of totals


@dataclass(frozen=True)
class Sums:
    """The savings of a year as they are told: by resource, in all, of those applying cleaner production, by cut."""

    by_resource: tuple[SavingSum, ...]
    totals: tuple[SavingSum, ...]
    of_applying: tuple[SavingSum, ...]
    cuts: Mapping[str, tuple[SavingSum, ...]]


def prices_of(province: str) -> frozenset[Priced]:
    """The facilities that keep a price to themselves, each with the code of the resource."""
    keys = Facility.objects.filter(province_code=province).values_list("pk", flat=True)
    closed = closed_to_some(keys).resources
    codes = dict(Resource.objects.values_list("pk", "code"))
    return frozenset((facility, codes[pk]) for facility, resources in closed.items() for pk in resources)


def priced_secrets(prices: Collection[Priced], year: int) -> tuple[Secret, ...]:
    """The solutions of reports up to `year` whose money tells one of `prices`."""
    rows = ReportSolution.objects.filter(
        report__facility__in={facility for facility, _code in prices}, report__year__lte=year
    ).values_list("report__facility_id", "group", "report__year", "savings")
    return tuple(
        Secret(facility, group, reported)
        for facility, group, reported, savings in rows
        if any((facility, saving["resource"]) in prices for saving in savings)
    )


def close_sums(
    sums: Sums,
    valued: Collection[tuple[int, str, str]],
    prices: Collection[Priced],
    members: Iterable[Member],
) -> Sums:
    """All tables of a year without the money that tells one of `prices`; `valued` as in `close_prices`."""
    if not prices:
        return sums
    by_key = {m.facility_id: m for m in members}
    totals = close_prices(sums.totals, valued, prices, lambda _facility, _resource: None)
    told = {s.state for s in totals if s.vnd is not None}
    of_applying = sums.of_applying
    for applying in (True, False):  # the total less those who apply it is the rest
        mine = [v for v in valued if by_key[v[0]].applying is applying]
        of_applying = close_prices(of_applying, mine, prices, lambda _facility, _resource: None)
    return Sums(
        close_prices(sums.by_resource, valued, prices, lambda _facility, resource: resource, totals=told),
        totals,
        of_applying,
        {
            name: close_prices(
                cut,
                valued,
                prices,
                lambda facility, _resource, n=name: getattr(by_key[facility], n),
                totals=told,
            )
            for name, cut in sums.cuts.items()
        },
    )


def close_prices(
    sums: Sequence[SavingSum],
    valued: Iterable[tuple[int, str, str]],
    prices: Collection[Priced],
    row_of: Callable[[int, str], Row],
    *,
    totals: Collection[str] = (),
) -> tuple[SavingSum, ...]:
    """The sums without the money that would tell a price.

    valued : facility, state and resource of every saving with money. row_of : the row of the table that a facility
    and a resource are counted in. totals : the states of which the total is told, so that it gives a row away.
    """
    behind: dict[tuple[str, Row], set[int]] = defaultdict(set)
    telling: set[tuple[str, Row]] = set()
    for facility, state, resource in valued:
        row = (state, row_of(facility, resource))
        behind[row].add(facility)
        if (facility, resource) in prices:
            telling.add(row)
    closed = {row for row in telling if len(behind[row]) < FEW}
    for state in totals:
        told = {(s.state, _row(s)): s.vnd or 0 for s in sums if s.state == state}
        closed |= beside({row for row in closed if row[0] == state}, told)
    return tuple(replace(s, vnd=None, closed=True) if (s.state, _row(s)) in closed else s for s in sums)


def _row(found: SavingSum) -> Row:
    return found.resource_code or found.group
