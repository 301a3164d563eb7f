"""What a factory keeps to itself: quantities and prices it marked confidential.

Whoever works with the factory sees them (`assessment.secrets`); everyone else is told that they are confidential,
and no total that would give one away is shown. The history of changes holds a mark in their place.
"""

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, Measurement, StockLevel, Stream, TransferShare
from sachhon.apps.assessment.models.flow import FlowRow
from sachhon.apps.assessment.services import treatment_figures
from sachhon.apps.assessment.services.errors import NotYours
from sachhon.apps.assessment.services.flow.disclosure import Closed, at_closed, closed_of, places_of
from sachhon.apps.assessment.services.flow.reconciling import figure_code
from sachhon.apps.assessment.services.secret_prices import close_prices
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.people.veils import MARK
from sachhon.apps.registry.models import Facility, Figure
from sachhon.apps.registry.signals import costs_closed

QUANTITIES = ("value", "spread")
MARKS = ("price_secret", "secret")


def masked(row: FlowRow, values: dict) -> dict:
    """The values of a row as the history may hold them."""
    hidden: set[str] = set()
    if isinstance(row, Stream) and (row.price_secret or row.secret):
        hidden = {"price"}
    elif isinstance(row, Measurement) and row.stream.secret:
        hidden = set(QUANTITIES)
    elif isinstance(row, StockLevel | TransferShare) and at_closed(row, _secret_places(row.assessment)):
        hidden = {*QUANTITIES, "share"}
    return {name: MARK if name in hidden and value is not None else value for name, value in values.items()}


def _secret_places(assessment: Assessment) -> frozenset[int]:
    own = Stream.objects.filter(assessment=assessment, secret=True).values_list("code", flat=True)
    return places_of(assessment, Closed(frozenset(own)))


def close_figures(assessment: Assessment) -> None:
    """Takes away the figures that would tell what the factory keeps to itself: the whole province may open them. Money
    that would tell a price is closed, not taken away.
    """
    close_prices(assessment)
    closed = closed_of(assessment).all
    if not closed:
        return
    Figure.objects.filter(code__in=[figure_code(assessment.pk, code) for code in closed]).delete()
    for row in assessment.treatments.filter(stream__in=closed):
        treatment_figures.keep(row)


@transaction.atomic
def keep_secret(actor: User, stream: Stream, *, price: bool, quantity: bool) -> Stream:
    """Marks the price or the quantity of a stream as the factory's own, or takes the mark away.

    The figure of a quantity goes at once, and those that would give it away; without the mark the next balance
    writes them again.
    """
    require(actor, "assessment.secrets")
    if not Assessment.objects.visible_to(actor).filter(pk=stream.assessment_id).exists():
        raise NotYours(str(stream))
    stored = Stream.objects.select_for_update().get(pk=stream.pk)
    before = audit.snapshot(stored, MARKS)
    stored.price_secret, stored.secret = price, quantity
    stored.save(update_fields=list(MARKS))
    for row in stored.assessment.treatments.filter(stream=stored.code):
        treatment_figures.keep(row)
    close_figures(stored.assessment)
    costs_closed.send(sender=Facility, facility=stored.assessment.facility)
    audit.record(
        actor, "flow.secret", stored.assessment,
        before=before | {"stream": ""}, after=audit.snapshot(stored, MARKS) | {"stream": stored.code},
    )  # fmt: skip
    return stored
