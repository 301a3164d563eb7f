"""Gives a day of registration to the facilities that were entered before there was one.

Without it a facility of unknown age counts in every earlier year. Known is, at the latest, that it was here on the day
of its first entry in the history, at the end of the first year with figures of its own, or when it was last saved: the
earliest of these is taken. Reports are not asked: a year with one counts anyway (reporting.queries.begun).
"""

import datetime

from django.db import migrations
from django.db.models import Min
from django.utils.timezone import localdate

BATCH = 1000


def fill(apps, schema_editor):
    """Fills `registered_on` where it is empty."""
    facility = apps.get_model("registry", "Facility")
    history = apps.get_model("people", "AuditEntry").objects.filter(object_type="registry.facility")
    entered = dict(history.order_by().values_list("object_id").annotate(Min("at")))
    figures: dict[int, int] = {}
    for name in ("Record", "FacilityYear"):
        rows = apps.get_model("registry", name).objects.order_by()
        for pk, year in rows.values_list("facility_id").annotate(Min("year")):
            figures[pk] = min(year, figures.get(pk, year))
    batch = []
    for row in facility.objects.filter(registered_on=None).only("updated_at").iterator(BATCH):
        known = [localdate(row.updated_at)]
        if str(row.pk) in entered:
            known.append(localdate(entered[str(row.pk)]))
        if row.pk in figures:
            known.append(datetime.date(figures[row.pk], 12, 31))
        row.registered_on = min(known)
        batch.append(row)
        if len(batch) == BATCH:
            facility.objects.bulk_update(batch, ["registered_on"])
            batch = []
    facility.objects.bulk_update(batch, ["registered_on"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("registry", "0007_registered_on")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
