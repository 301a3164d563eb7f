"""The history is searched without tone marks: a key beside each entry, filled for those that are there."""

from django.db import migrations, models

from sachhon.reference.text import fold

BATCH = 2000


def fill(apps, schema_editor):
    """Keys of the entries written before there was one."""
    entries = apps.get_model("people", "AuditEntry").objects
    batch = []
    for entry in entries.only("object_label", "actor_name").order_by("pk").iterator(BATCH):
        entry.search_key = fold(f"{entry.object_label} {entry.actor_name}")[:512]
        batch.append(entry)
        if len(batch) == BATCH:
            entries.bulk_update(batch, ["search_key"], batch_size=BATCH)
            batch = []
    entries.bulk_update(batch, ["search_key"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="search_key",
            field=models.CharField(default="", editable=False, max_length=512),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
