"""Closes the money from which a price that the factory keeps to itself would follow, and opens it again.

Money over quantity is the price. So where the price of a resource is marked in a flow-sheet, what solutions and
measured savings of the facility are worth in it is for those who work with the factory alone: their results are
marked, their figures kept under codes that only those people may open. The values stay as they were computed.
"""

from django.db.models import Q

from sachhon.apps.assessment.models import Assessment, Option, Stream, Verification, VerificationState
from sachhon.apps.assessment.services import comparison_result, figures
from sachhon.apps.assessment.services.flow.disclosure import secret_prices
from sachhon.apps.registry.models import Figure


def close_prices(assessment: Assessment) -> None:
    """Marks the results of the facility's options and verifications as the streams are marked now."""
    of_facility = {"assessment__facility": assessment.facility_id}
    options = Option.objects.filter(**of_facility).select_related("assessment__facility")
    measured = Verification.objects.filter(**of_facility).select_related("assessment__facility", "resource")
    secret = secret_prices(assessment)
    if not secret:
        options, measured = (rows.filter(result__secret_price=True) for rows in (options, measured))
    touched: dict[int, Assessment] = {}
    for option in options:
        own = {
            *option.result.get("own_prices", ()),
            *(c for c, s in option.savings.items() if s.get("price_vnd")),
        }
        codes = [figures.code_of(option, kind) for kind in figures.MONEY]
        if "npv" in option.result and _mark(option, bool(own & secret)):
            for kind, code in zip(figures.MONEY, codes, strict=True):
                Figure.objects.filter(code=code).update(code=figures.code_of(option, kind))
            touched[option.assessment_id] = option.assessment
    for row in measured:
        closed = bool(row.result.get("own_price")) and row.resource.code in secret
        if "saving" in row.result and _mark(row, closed) and row.state == VerificationState.VERIFIED:
            figures.verified_figure(row)
    for one in touched.values():
        comparison_result.refresh(one)


def close_all_prices(sender: object = None, **kwargs: object) -> None:
    """Receiver of `post_migrate`: marks set before money was closed with them close it too."""
    marked = Stream.objects.filter(Q(price_secret=True) | Q(secret=True), removed=False)
    facilities = {a.facility_id: a for a in Assessment.objects.filter(pk__in=marked.values("assessment"))}
    for assessment in facilities.values():
        close_prices(assessment)


def _mark(row: Option | Verification, closed: bool) -> bool:
    """Whether the mark had to be changed."""
    if bool(row.result.get("secret_price")) == closed:
        return False
    row.result = row.result | {"secret_price": closed}
    type(row).objects.filter(pk=row.pk).update(result=row.result)
    return True
