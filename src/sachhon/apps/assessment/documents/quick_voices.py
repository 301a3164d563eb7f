"""What the report of a quick assessment shows and lets others say: photos, the factory's replies, follow-ups."""

import io

from PIL import Image

from sachhon.apps.assessment.models import FollowUp, QuickSheet
from sachhon.apps.assessment.queries.quick_follow import replies
from sachhon.apps.assessment.queries.quick_result import Shown
from sachhon.documents.compose import Block, Heading, Paragraph, Photo, PhotosBlock, TableBlock
from sachhon.documents.numbers import UNKNOWN
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words

MOST_PHOTOS = 6  # the report has four to six pages
SIDE = 600  # pixels; 51 mm on paper at 300 dots an inch
CAPTION = 110


def photos(sheet: QuickSheet, lang: Lang) -> list[Block]:
    """The first photo of each question, the weightiest questions first; each with the note, or with its question."""
    questions = {q["code"]: q for q in sheet.questions}
    notes = {a.question: a.note for a in sheet.answers.all()}
    first: dict[str, Photo] = {}
    kept = [
        p for p in sheet.photos.filter(removed_at=None).order_by("question", "pk") if p.question in questions
    ]
    for photo in sorted(kept, key=lambda p: -questions[p.question]["weight"]):
        if photo.question in first or len(first) == MOST_PHOTOS:
            continue
        says = notes.get(photo.question) or questions[photo.question][f"text_{lang}"]
        first[photo.question] = printed(photo, _short(f"{len(first) + 1}. {says}"))
    if not first:
        return []
    say = words(lang)
    return [Heading(say("quick.photos")), PhotosBlock(tuple(first.values()))]


def voices(sheet: QuickSheet, result: Shown, lang: Lang) -> list[Block]:
    """What the factory says about each option, and how far it was at each follow-up."""
    say, said = words(lang), replies(sheet)
    rounds = list(sheet.follow_ups.order_by("months"))
    if not said and not rounds:
        return []
    columns = (
        Column(say("quick.c.rank"), "integer", width=0.4),
        Column(say("quick.c.option"), width=2.6),
        Column(say("quick.c.reply"), width=2.2),
        *(Column(say("quick.c.months", n=r.months), width=1.8) for r in rounds),
    )
    rows = tuple(
        (
            o.rank,
            o.name,
            _joined(said[o.code].get_reply_display(), said[o.code].note) if o.code in said else UNKNOWN,
            *(_how_far(r, o.code) for r in rounds),
        )
        for o in result.options
        if o.code in said or any(o.code in r.states for r in rounds)
    )
    title = say("quick.t.replies")
    blocks: list[Block] = [TableBlock(title, Table("replies", title, columns, rows))]
    blocks += [
        Paragraph(say("quick.follow", n=r.months, by=r.by_name, text=r.note)) for r in rounds if r.note
    ]
    return blocks


def printed(photo, caption: str) -> Photo:
    """The photo at the size it has on paper."""
    with photo.image.open("rb") as file:
        image = Image.open(file)
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=80, optimize=True)
    return Photo(out.getvalue(), *image.size, caption)


def _short(text: str) -> str:
    return text if len(text) <= CAPTION else text[: CAPTION - 1].rsplit(" ", 1)[0] + "…"


def _how_far(made: FollowUp, code: str) -> str:
    one = made.states.get(code)
    return _joined(FollowUp.Done(one["state"]).label, one.get("note", "")) if one else UNKNOWN


def _joined(word, note: str) -> str:
    return f"{word}: {note}" if note else str(word)
