"""Since when a facility counts: from the year it began to operate, or from the first year anything is known of it."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from sachhon.apps.registry.models import Facility, FacilityYear, Record
from sachhon.apps.reporting.deadlines import correction_due
from sachhon.apps.reporting.models import AnnualReport


def begun(rows: QuerySet[Facility], year: int) -> QuerySet[Facility]:
    """Those of `rows` that operated in `year` or before, as far as anybody knows.

    Where the day is not known, it is one that was registered while the year's reports came in (until the day of
    corrections), or of which a record, a report or figures of the year or an earlier one are there.
    """
    own = {"facility": OuterRef("pk"), "year__lte": year}
    seen = (
        Exists(Record.objects.filter(**own))
        | Exists(AnnualReport.objects.filter(**own))
        | Exists(FacilityYear.objects.filter(**own))
    )
    registered = Q(registered_on=None) | Q(registered_on__lte=correction_due(year))
    return rows.filter(
        Q(started_on__lte=datetime.date(year, 12, 31)) | Q(started_on=None) & (registered | seen)
    )
