"""What was agreed at the start of a detailed assessment, for the letter and the report: scope, aims, meters, plan."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Charter, Meter, PlanTask
from sachhon.documents.compose import Paragraph
from sachhon.documents.shapes import Column, Table


def charter(user, assessment: Assessment) -> Charter:
    """Scope, aims and who signs; an empty one where nothing is written yet."""
    rows = Charter.objects.visible_to(user).filter(assessment=assessment, removed=False)
    return rows.first() or Charter()


def lines(text: str) -> tuple[Paragraph, ...]:
    """A paragraph a line."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def meters(user, assessment: Assessment) -> Table | None:
    """The meters that the assessment relies on."""
    found = Meter.objects.visible_to(user).filter(assessment=assessment, removed=False)
    rows = tuple((m.name, m.place or "–", m.measures or "–", m.accuracy, m.calibrated_on) for m in found)
    columns = (
        Column(_("Meter"), width=2),
        Column(_("Where it is"), width=1.6),
        Column(_("What it measures"), width=1.6),
        Column(_("Accuracy class"), "quantity"),
        Column(_("Last calibrated"), "date", width=1.2),
    )
    return Table("meters", _("Meters"), columns, rows) if rows else None


def plan(user, assessment: Assessment, *, done: bool = False) -> Table | None:
    """The tasks with who does them and when; with `done` also which are."""
    found = PlanTask.objects.visible_to(user).filter(assessment=assessment, removed=False)
    rows = tuple(
        (t.name, t.person or "–", t.starts, t.ends, *((_("Yes") if t.done else _("No"),) * done))
        for t in found
    )
    columns = (
        Column(_("Task"), width=3.4),
        Column(_("Who does it"), width=1.6),
        Column(_("From day"), "date"),
        Column(_("To day"), "date"),
        *((Column(_("Done")),) * done),
    )
    return Table("plan", _("Plan"), columns, rows) if rows else None
