"""Whether figures of a balance are those of the flow-sheet as it stands, and the one sentence that says so."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, FlowChange, Reconciliation

FIGURES = (
    "process",
    "stream",
    "layer",
    "measurement",
    "stock",
    "share",
)  # kinds of rows that a balance is drawn of
LOOKS = {"x", "y", "note"}  # changes that no balance asks about
MOST = 500


def latest_balance(user, assessment: Assessment) -> Reconciliation | None:
    """The last balance that was drawn."""
    return Reconciliation.objects.visible_to(user).filter(assessment=assessment).first()


def stale_since(latest: Reconciliation | None) -> datetime | None:
    """When a balance was drawn, if what it is drawn of was changed after it: every figure shown is of then."""
    if latest is None:
        return None
    later = FlowChange.objects.filter(
        act__assessment=latest.assessment_id, pk__gt=latest.until, kind__in=FIGURES
    )
    moved = any(set(after) - LOOKS for after in later.values_list("after", flat=True)[:MOST])
    return latest.at if moved else None


def stale_words(since: datetime | None) -> str:
    """The same sentence wherever figures of a balance are shown; empty where they are up to date."""
    if since is None:
        return ""
    at = date_format(localtime(since), "d/m/Y H:i")
    return _(
        "The flow-sheet was changed after it was reconciled (%(at)s): quantities and costs are those of then."
    ) % {"at": at}
