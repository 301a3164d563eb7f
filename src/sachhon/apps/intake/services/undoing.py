"""Takes an import back as a whole: records, reports, products made for it. Refused where work stands on it."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.intake.formats import format_of
from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.states import TAKEN, State, move
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.registry.models import Product, RecordChange
from sachhon.apps.registry.services.judged import YearJudged
from sachhon.apps.registry.services.records import UndoRefused, undo_batch

REASONS_SHOWN = 5


@transaction.atomic
def undo_file(actor, file: ImportFile) -> int:
    """Restores what stood before the file was taken; returns how many records went back.

    NotPossible names the figures that somebody changed since: they must be looked at first.
    """
    require(actor, "intake.import.undo")
    batch, format_key = file.batch, file.format
    move(file, State.UNDONE, undone_at=timezone.now(), batch="", values_taken=0, slot="", digest="")
    try:
        format_of(format_key).undo(actor, batch)
        count = undo_batch(actor, batch)
    except UndoRefused as refused:
        raise NotPossible(_refusal(batch, refused)) from refused
    except YearJudged as refused:
        raise NotPossible(refused.message) from refused
    except KeyError:
        raise NotPossible(
            _("The part of the program that read this file is no longer installed, so it cannot be undone.")
        ) from None
    _remove_products(file)
    audit.record(actor, "import.undo", file, after={"records": count})
    return count


@transaction.atomic
def undo_job(actor, job: ImportJob) -> int:
    """Takes back every file of a sending, the last first; all or none."""
    require(actor, "intake.import.undo")
    files = ImportFile.objects.filter(job=job, state__in=TAKEN).order_by("-taken_at", "-pk")
    count = sum(undo_file(actor, file) for file in files.select_related("job", "facility"))
    audit.record(actor, "import.undo_all", job, after={"records": count})
    return count


def later_changes(batch: str):
    """What others changed on top of the records of `batch`, newest first."""
    own = RecordChange.objects.filter(batch=batch, undone_at=None, record__isnull=False)
    newest = {change.record_id: change.pk for change in own.order_by("pk")}
    later = RecordChange.objects.filter(record__in=newest, undone_at=None).exclude(batch=batch)
    found = later.select_related("record__resource", "record__product", "actor").order_by("-pk")
    return [change for change in found if change.pk > newest[change.record_id]]


def _refusal(batch: str, refused: UndoRefused) -> str:
    lines = []
    for change in later_changes(batch)[:REASONS_SHOWN]:
        who = change.file_name or (change.actor.display_name() if change.actor else "")
        lines.append(f"{change.record.item} {change.record.month:02d}/{change.record.year} ({who})")
    return _("This import cannot be undone, because figures were changed after it: %(which)s.") % {
        "which": "; ".join(lines) or str(refused)
    }


def _remove_products(file: ImportFile) -> None:
    """Products that came into being with the file go with it, unless something else uses them by now."""
    for product in Product.objects.filter(pk__in=file.summary.get("products_made", [])):
        try:
            with transaction.atomic():
                product.delete()
        except ProtectedError:
            continue
