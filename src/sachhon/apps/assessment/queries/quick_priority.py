"""Where to go first: the facilities of a province in order, each with the reasons for its place.

Those that asked come first, then those never assessed, then by what they pay for energy, water and materials in
a year (or by how far they stand behind their like). Nothing is weighted against anything else: every reason is a
figure of its own.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, AssessmentState
from sachhon.apps.assessment.queries.like import stands
from sachhon.apps.registry.models import Facility, Flow, Record
from sachhon.documents.numbers import format_date_short, format_number

SORTS = ("cost", "behind")


@dataclass(frozen=True)
class Place:
    """One facility with what speaks for it."""

    facility: Facility
    cost: int | None
    cost_share: Decimal | None  # percent of all facilities in the list
    behind: Decimal | None  # percent of its like that need less electricity a unit of product
    peers: int
    asked: Assessment | None
    last: Assessment | None
    reasons: tuple[str, ...]


def priority_list(user, province: str, year: int, lang: str, sort: str = "cost") -> list[Place]:
    """The operating facilities that the person sees, the most urgent first."""
    rows = Facility.objects.visible_to(user).filter(merged_into=None, status=Facility.Status.OPERATING)
    if province:
        rows = rows.filter(province_code=province)
    facilities = list(rows.select_related("trade", "area"))
    ids = [f.pk for f in facilities]
    costs = _costs(ids, year)
    behind = stands(facilities, year)
    whole = sum(costs.values())
    asked, last = _assessments(user, ids)
    ranks = {pk: n for n, pk in enumerate(sorted(costs, key=lambda pk: -costs[pk]), 1)}
    places = [
        _place(f, *(known.get(f.pk) for known in (costs, ranks, behind, asked, last)), whole, year, lang)
        for f in facilities
    ]
    return sorted(places, key=lambda p: _order(p, sort))


def _order(place: Place, sort: str):
    measure = (place.behind if sort == "behind" else place.cost) or 0
    return place.asked is None, place.last is not None, -measure, place.facility.code


def _place(facility, cost, rank, behind, asked, last, whole, year, lang) -> Place:
    share = Decimal(cost) * 100 / whole if cost and whole else None
    reasons = []
    if asked is not None:
        day = format_date_short(timezone.localtime(asked.opened_at).date(), lang)
        reasons.append(_("asked for an assessment on %(day)s") % {"day": day})
    if last is None:
        reasons.append(_("never assessed"))
    else:
        day = format_date_short(timezone.localtime(last.opened_at).date(), lang)
        reasons.append(_("last assessed on %(day)s") % {"day": day})
    if share is not None:
        reasons.append(
            _("pays %(cost)s million VND in %(year)s, place %(rank)s, %(share)s %% of all")
            % {
                "cost": format_number(Decimal(cost) / 1_000_000, lang, 0),
                "year": year,
                "rank": rank,
                "share": format_number(share, lang, 1),
            }
        )
    else:
        reasons.append(_("no bill of %(year)s is known") % {"year": year})
    if behind is not None:
        reasons.append(
            _("needs more electricity a unit of product than %(share)s %% of %(n)s facilities of its trade")
            % {"share": format_number(behind.less, lang, 0), "n": behind.others}
        )
    return Place(
        facility,
        cost,
        share,
        behind.less if behind else None,
        behind.others if behind else 0,
        asked,
        last,
        tuple(reasons),
    )


def _costs(ids: list[int], year: int) -> dict[int, int]:
    rows = Record.objects.filter(facility__in=ids, year=year, flow=Flow.CONSUMPTION, cost_vnd__gt=0)
    return {r["facility"]: r["cost"] for r in rows.values("facility").annotate(cost=Sum("cost_vnd"))}


def _assessments(user, ids: list[int]) -> tuple[dict[int, Assessment], dict[int, Assessment]]:
    """Facility → the request that waits, and the newest assessment that was begun."""
    seen = Assessment.objects.visible_to(user).filter(facility__in=ids)
    asked = {a.facility_id: a for a in seen.filter(state=AssessmentState.REQUESTED).order_by("-opened_at")}
    begun = seen.exclude(state__in=(AssessmentState.REQUESTED, AssessmentState.CANCELLED))
    newest = begun.order_by().values("facility").annotate(pk=Max("pk")).values("pk")
    return asked, {a.facility_id: a for a in Assessment.objects.filter(pk__in=newest)}
