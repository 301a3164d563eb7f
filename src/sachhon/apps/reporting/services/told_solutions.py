"""The solutions of a report as a person may read them.

A name taken over from an assessment stays in the report when the factory marks the solution as a trade secret later:
from then on those who may not see the factory's secrets read its number in its place.
"""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.people.models import User
from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.apps.registry.models import Resource
from sachhon.apps.reporting.models import AnnualReport, ReportSolution
from sachhon.apps.reporting.services.verified_marks import PREFIX, options_of_key


def solutions_of(user: User, report: AnnualReport) -> list[ReportSolution]:
    """All of them, the names of secret ones replaced in memory, and without money that tells a price which the factory
    keeps to itself; what is stored stays."""
    rows = list(report.solutions.all())
    secret_prices = closed_costs(user, [report.facility_id]).of(report.facility_id)
    codes = set(Resource.objects.filter(pk__in=secret_prices).values_list("code", flat=True))
    for row in rows:
        if any(saving["resource"] in codes for saving in row.savings):
            row.money_closed, row.saving_vnd_per_year = True, None
            row.origins = {k: v for k, v in row.origins.items() if k != f"{PREFIX}.saving_vnd_per_year"}
    taken = {row.pk: options_of_key(row.origins[PREFIX][0]) for row in rows if PREFIX in row.origins}
    if not taken or sees_secrets(user):
        return rows
    known = set().union(*taken.values())
    secret = set(Option.objects.filter(pk__in=known, confidential=True).values_list("pk", flat=True))
    for row in rows:
        if taken.get(row.pk, set()) & secret:
            row.name = secret_name(row.origins[f"{PREFIX}.option"][1])
    return rows


def secret_name(codes: str) -> str:
    """What a secret solution is called where more people read than may know it."""
    return _("Solution %(codes)s (trade secret of the factory)") % {"codes": codes}
