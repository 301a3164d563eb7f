"""A year may have several stamps, so that two writers on PostgreSQL never wait for each other's.

The tokens are not carried over: the triggers, and with them a token for each year, are put in place after migrating.
"""

from django.db import migrations, models

TRIGGERS = {"insert": "registry_record", "update": "registry_record", "delete": "registry_record",
            "truncate": "registry_record", "product": "registry_product"}  # fmt: skip


def take_triggers_off(apps, schema_editor):
    """They write to the table as it was."""
    for event, table in TRIGGERS.items():
        on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS registry_record_stamp_{event}{on}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_record_stamp")]

    operations = [
        migrations.RunPython(take_triggers_off, migrations.RunPython.noop),
        migrations.DeleteModel(name="RecordStamp"),
        migrations.CreateModel(
            name="RecordStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facility_id", models.BigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("token", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["facility_id", "year"], name="record_stamp_of_year")]},
        ),
    ]
