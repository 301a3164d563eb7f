from django.db import migrations

from sachhon.apps.registry import search


def install(apps, editor):
    statements = {"sqlite": search.SQLITE_INSTALL, "postgresql": search.POSTGRES_INSTALL}
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


def remove(apps, editor):
    statements = {"sqlite": search.SQLITE_REMOVE, "postgresql": search.POSTGRES_REMOVE}
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
