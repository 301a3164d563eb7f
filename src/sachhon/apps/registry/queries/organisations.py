"""Finding organisations: the list with its filters, and what the page of one shows."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from sachhon.apps.people.models import Organisation, User
from sachhon.apps.people.scope import Reach
from sachhon.apps.people.sorting import ordered
from sachhon.apps.registry.models import Facility
from sachhon.reference.text import fold

USUAL = ("search_key", "pk")
SORTS = {
    "name": ("search_key",),
    "kind": ("kind_order",),
    "province": ("province_code",),
    "tax_code": ("tax_code",),
    "facilities": ("facility_count",),
    "people": ("people_count",),
}


@dataclass(frozen=True)
class OrganisationFilter:
    """What stands in the list's address bar."""

    q: str = ""
    kind: str = ""
    sort: str = ""

    @classmethod
    def from_params(cls, params) -> "OrganisationFilter":
        """Takes what it knows from a query string; the rest is ignored."""
        return cls(*(params.get(name, "").strip() for name in ("q", "kind", "sort")))


def organisation_list(user, wanted: OrganisationFilter) -> QuerySet[Organisation]:
    """The organisations that `user` may see and that match, in order, with `facility_count` and `people_count`.

    Search is by word, in any order, without tone marks, in name and tax code. Both counts are of what `user` may see.
    """
    rows = Organisation.objects.visible_to(user)
    for word in fold(wanted.q).split():
        rows = rows.filter(Q(search_key__contains=word) | Q(tax_code__contains=word))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    rows = rows.annotate(
        facility_count=_count(Facility.objects.visible_to(user).filter(merged_into=None), "enterprise"),
        people_count=_count(User.objects.visible_to(user), "organisation"),
        kind_order=_kind_order(),
    )
    return ordered(rows, wanted.sort, SORTS, USUAL)


def facilities_of(user, organisation: Organisation) -> QuerySet[Facility]:
    """Its facilities that `user` may see, by name."""
    mine = Facility.objects.visible_to(user).filter(enterprise=organisation, merged_into=None)
    return mine.select_related("trade", "area").order_by("sort_key", "code")


def people_of(user, organisation: Organisation) -> list[User]:
    """Those with an account in it that `user` may see, by name."""
    found = User.objects.visible_to(user).filter(organisation=organisation)
    return sorted(found, key=lambda person: (not person.is_active, fold(person.display_name())))


def sees_people(user) -> bool:
    """Whether this person sees any accounts at all: one who was assigned to facilities sees those alone."""
    return user.reach != Reach.ASSIGNED


def _count(rows: QuerySet, by: str) -> Coalesce:
    """How many of `rows` belong to the organisation of the outer query."""
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n")), 0)


def _kind_order() -> Case:
    """The place of its kind among the kinds, in the order of their words in the language of the page."""
    kinds = sorted(Organisation.Kind.choices, key=lambda kind: fold(str(kind[1])))
    return Case(
        *(When(kind=code, then=Value(place)) for place, (code, _label) in enumerate(kinds)),
        default=Value(len(kinds)),
        output_field=IntegerField(),
    )
