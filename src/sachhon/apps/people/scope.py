"""Who sees which rows: the single gate of the house.

Every model whose rows belong to a place or a facility declares a ``SCOPE`` and takes its manager from
``ScopedQuerySet``; every read starts from ``.visible_to(user)``. A model without a SCOPE shows nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.db.models import Q


class Reach(StrEnum):
    """How far a role sees."""

    OWN = "own"  # the facilities of the user's own enterprise
    ASSIGNED = "assigned"  # the facilities the user was assigned to
    PROVINCE = "province"  # everything in the user's province
    COUNTRY = "country"  # everything
    NOTHING = "nothing"


@dataclass(frozen=True)
class Scope:
    """Where in a model to look for what a reach is measured by. ``None``: rows never match that reach.

    ``facility`` is the lookup path to the facility ("" on Facility itself); where it is given, the other
    three follow from it and need not be written.
    """

    facility: str | None = None
    province: str | None = None
    enterprise: str | None = None
    assigned: str | None = None

    def path(self, reach: Reach) -> str | None:
        own = {
            Reach.PROVINCE: (self.province, "province_code"),
            Reach.OWN: (self.enterprise, "enterprise"),
            Reach.ASSIGNED: (self.assigned, "assignments__user"),
        }
        declared, below_facility = own[reach]
        if declared is not None or self.facility is None:
            return declared
        return f"{self.facility}__{below_facility}" if self.facility else below_facility


def visible_q(user, model: type[models.Model]) -> Q:
    """The condition under which rows of `model` are visible to `user`; matches nothing when in doubt."""
    nothing = Q(pk__in=[])
    scope: Scope | None = getattr(model, "SCOPE", None)
    if scope is None or user is None or not user.is_authenticated or not user.is_active:
        return nothing
    reach = user.reach
    if reach == Reach.COUNTRY:
        return Q()
    if reach == Reach.NOTHING or (path := scope.path(reach)) is None:
        return nothing
    if reach == Reach.PROVINCE:
        return Q(**{path: user.province_code}) if user.province_code else nothing
    if reach == Reach.OWN:
        return Q(**{path: user.organisation_id}) if user.organisation_id else nothing
    # A sub-query, not a join: a row with two assignments must not come back twice.
    return Q(pk__in=model._base_manager.filter(**{path: user}).values("pk"))


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who may see its rows."""

    def visible_to(self, user):
        """The rows this user may see. The start of every read."""
        return self.filter(visible_q(user, self.model))
