"""`sachhon send_reminders`: run once a day by cron; sends each due reminder once."""

import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from sachhon.apps.reporting.services.reminders import due_reminders, send_reminders


class Command(BaseCommand):
    """Reminds the factories whose annual report is not in."""

    help = "Nhắc các cơ sở chưa nộp báo cáo năm / remind factories whose annual report is not in."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=datetime.date.fromisoformat, help="yyyy-mm-dd; default: today")
        parser.add_argument("--dry-run", action="store_true", help="only list what would be sent")

    def handle(self, *args, **options):
        today = options["today"] or timezone.localdate()
        if options["dry_run"]:
            for reminder in due_reminders(today):
                self.stdout.write(
                    f"{reminder.facility.code} {reminder.year} {reminder.offset_days:+d} {reminder.email}"
                )
            return
        results = send_reminders(None, today)
        for result in results:
            self.stdout.write(
                f"{'sent' if result.ok else 'not sent'} {result.facility.code} {result.message}"
            )
        self.stdout.write(f"{sum(r.ok for r in results)}/{len(results)}")
