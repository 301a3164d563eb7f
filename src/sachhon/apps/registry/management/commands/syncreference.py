"""Copies the reference catalogue (areas, sectors, trades, resources) into the database; run after every upgrade."""

from django.core.management.base import BaseCommand

from sachhon.apps.registry.services.catalogue import sync_reference


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        for table, rows in sync_reference().items():
            self.stdout.write(f"{table}: {rows}")
