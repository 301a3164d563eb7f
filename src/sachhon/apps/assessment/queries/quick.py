"""The checklist of a quick assessment as it stands: for the page, for the phone's copy, for the plain form."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Answer,
    Assessment,
    AssessmentState,
    Change,
    Photo,
    QuickSheet,
    Reply,
)
from sachhon.apps.assessment.queries.assessments import may_edit


@dataclass(frozen=True)
class Asked:
    """One question with what stands for it; the words are in the language of the page."""

    code: str
    text: str
    help: str
    section: str
    answer: Answer
    conflicts: list[Change]
    photos: list[Photo]
    written: dict[str, Change]  # of the answer and of the note: the change that made it what it is

    @property
    def field(self) -> str:
        """Its code as the name of a form field and an anchor may have it."""
        return self.code.replace(".", "-")


def sheet_of_visible(user, assessment: Assessment) -> QuickSheet | None:
    """The pinned checklist, if there is one and the person may see it."""
    return QuickSheet.objects.visible_to(user).filter(assessment=assessment).first()


def asked(sheet: QuickSheet) -> list[Asked]:
    """The questions in the order of the walk, each with its answer, what waits to be chosen, and its photos."""
    lang = _lang()
    answers = {a.question: a for a in sheet.answers.all()}
    conflicts: dict[str, list[Change]] = {}
    for change in open_conflicts(sheet):
        conflicts.setdefault(change.question, []).append(change)
    photos: dict[str, list[Photo]] = {}
    for photo in sheet.photos.filter(removed_at=None):
        photos.setdefault(photo.question, []).append(photo)
    written = _written(sheet, answers)
    return [
        Asked(
            q["code"],
            q[f"text_{lang}"],
            q[f"help_{lang}"],
            q[f"section_{lang}"],
            answers.get(q["code"]) or Answer(sheet=sheet, question=q["code"]),
            conflicts.get(q["code"], []),
            photos.get(q["code"], []),
            written.get(q["code"], {}),
        )
        for q in sheet.questions
    ]


def _written(sheet: QuickSheet, answers: dict[str, Answer]) -> dict[str, dict[str, Change]]:
    """By question and field the change that stands: an answer and its note may be of two people."""
    found: dict[str, dict[str, Change]] = {}
    for change in sheet.changes.exclude(outcome=Change.Outcome.SAME).order_by("at"):
        answer = answers.get(change.question)
        waiting = change.outcome == Change.Outcome.CONFLICT and change.settled_at is None
        if answer is None or waiting or change.value != getattr(answer, change.field):
            continue
        if change.version == getattr(answer, f"{change.field}_version"):
            found.setdefault(change.question, {})[change.field] = change
    return found


def made_at(change: Change):
    """When it was answered, by the device's clock where that is sane: a clock ahead of ours is not believed."""
    return min(change.made_at, change.at) if change.made_at else change.at


def open_conflicts(sheet: QuickSheet):
    """The changes that wait beside what stands until a person chooses."""
    return sheet.changes.filter(outcome=Change.Outcome.CONFLICT, settled_at=None)


def progress(sheet: QuickSheet) -> tuple[int, int]:
    """(answered, asked)."""
    return sheet.answers.exclude(answer="").count(), len(sheet.questions)


def state(user, assessment: Assessment, sheet: QuickSheet, *, csrf: str, whole: bool) -> dict:
    """Everything the phone keeps; the questions themselves only where `whole` asks for them."""
    questions = asked(sheet)
    found = {
        "assessment": assessment.pk,
        "facility": assessment.facility.name,
        "facility_code": assessment.facility.code,
        "lang": _lang(),
        "person": {"id": user.pk, "name": user.display_name()},
        "csrf": csrf,
        "editable": may_edit(user, assessment),
        "why_not": why_not(user, assessment),
        "pinned": sheet.pinned_at.isoformat(),
        "at": timezone.now().isoformat(),
        "answers": {a.code: _plain(a) for a in questions if a.answer.pk},
        "conflicts": [_conflict(c) for a in questions for c in a.conflicts],
        "photos": [_photo(assessment, p) for a in questions for p in a.photos],
    }
    if whole:
        found["questions"] = [
            {"code": a.code, "text": a.text, "help": a.help, "section": a.section} for a in questions
        ]
    return found


def why_not(user, assessment: Assessment) -> str:
    """Why this person cannot answer (any more), in words; "" where they can."""
    if may_edit(user, assessment):
        return ""
    if assessment.state == AssessmentState.SIGNED:
        return _("The assessment is signed off and takes no more answers. Its lead can open it again.")
    if assessment.state == AssessmentState.IN_REVIEW:
        return _("The assessment is being reviewed and takes no answers now. Its lead can give it back.")
    if assessment.state == AssessmentState.UNDERWAY:
        return _("You are not in the team of this assessment (any more). Ask its lead to add you.")
    return _("The assessment is “%(state)s” and takes no answers.") % {
        "state": assessment.get_state_display()
    }


def _plain(asked: Asked) -> dict:
    answer = asked.answer
    who = {
        f"{field}_{what}": value
        for field in Change.Field.values
        for what, value in _who(asked, field).items()
    }
    last = max((made_at(c) for c in asked.written.values()), default=answer.at)
    return {
        "answer": answer.answer,
        "av": answer.answer_version,
        "note": answer.note,
        "nv": answer.note_version,
        "by": answer.by_name,
        "at": last.isoformat(),
        **who,
    }


def _who(asked: Asked, field: str) -> dict[str, str]:
    change = asked.written.get(field)
    if change is None:
        return {"by": asked.answer.by_name, "at": asked.answer.at.isoformat()}
    return {"by": change.by_name, "at": made_at(change).isoformat()}


def _conflict(change: Change) -> dict:
    return {
        "id": str(change.pk),
        "question": change.question,
        "field": change.field,
        "value": change.value,
        "by": change.by_name,
        "at": made_at(change).isoformat(),
        "url": reverse("assessment:quick_settle", args=[change.sheet.assessment_id, change.pk]),
    }


def _photo(assessment: Assessment, photo: Photo) -> dict:
    at = [assessment.pk, photo.pk]
    return {
        "id": str(photo.pk),
        "question": photo.question,
        "thumb": reverse("assessment:quick_photo", args=[*at, "nho"]),
        "full": reverse("assessment:quick_photo", args=[*at, "lon"]),
        "remove": reverse("assessment:quick_remove_photo", args=at),
        "by": photo.by_name,
    }


def reply_text(value: str) -> str:
    """A kept answer in words."""
    return str(Reply(value).label) if value else "–"


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
