"""Quick assessments in every state, made through the services that the pages use: asked for, on site, in review,
sent, followed up after three and six months, and one that a factory did by itself.

What is said in them stands in data/quick.json; whom it is said of is found among the demo's facilities by trade.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from importlib import resources

from django.db import transaction

from sachhon.apps.assessment.models import Assessment, Kind, QuickSheet
from sachhon.apps.assessment.services import (
    opening,
    quick_figures,
    quick_follow,
    quick_photos,
    quick_result,
    workflow,
)
from sachhon.apps.assessment.services.quick_sheet import pin
from sachhon.apps.assessment.services.quick_sync import Sent, take
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility, Record
from sachhon.demo.people import make_factory_account
from sachhon.demo.photos import scene

NAMESPACE = uuid.UUID("5d1f8f6e-93aa-4b0b-9a35-5f0c2a7f2016")
DAYS_TO_SIGN = 6


def quick_cases() -> list[dict]:
    """The assessments of data/quick.json, in their order."""
    file = resources.files("sachhon.demo").joinpath("data/quick.json")
    return json.loads(file.read_text(encoding="utf-8"))


def placed(
    cases: list[dict], facilities: Mapping[str, Facility], own: Facility, year: int
) -> Iterator[tuple[dict, Facility]]:
    """Each case with a facility of the first trade of its list that is there; none is taken twice.

    Those that reported `year` come first, and the larger before the micro ones. A case of the factory's account
    goes to that factory.
    """
    reported = set(Record.objects.filter(year=year).values_list("facility", flat=True))
    free = sorted(
        (f for f in facilities.values() if f.pk != own.pk),
        key=lambda f: (f.pk not in reported, f.size_class == "micro", f.code),
    )
    for case in cases:
        if case.get("own"):
            yield case, own
            continue
        found = next((f for trade in case["trades"] for f in free if f.trade.code == trade), None)
        if found is not None:
            free.remove(found)
            yield case, found


@transaction.atomic
def load(case: Mapping, facility: Facility, people: Mapping[str, User], today: dt.date) -> Assessment | None:
    """One case at its facility; None where the facility has a quick assessment already."""
    if facility.assessments.filter(kind=Kind.QUICK).exists():
        return None
    centre = people["centre"]
    factory = people["factory"] if case.get("own") else make_factory_account(facility, facility.code.lower())
    last = dt.date(today.year - 1, 12, 31)
    opened = today - dt.timedelta(days=case["days_ago"])
    assessment = opening.open_assessment(
        factory if case["state"] in ("requested", "by_factory") else centre,
        facility,
        Kind.QUICK,
        data_from=last.replace(month=1, day=1),
        data_to=last,
        reason=case["reason"],
        by_factory=case["state"] == "by_factory",
    )
    # The demo looks back: an assessment followed up six months later was not opened today.
    Assessment.objects.filter(pk=assessment.pk).update(opened_at=_moment(opened))
    assessment.refresh_from_db()
    if case["state"] == "requested":
        return assessment
    by = factory if case["state"] == "by_factory" else people["expert"]
    if by is not factory:
        opening.add_member(centre, assessment, by, duty=case.get("duty", ""))
        opening.appoint_lead(centre, assessment, by)
        assessment.refresh_from_db()
        opening.plan(
            by,
            assessment,
            version=assessment.version,
            visit_on=opened + dt.timedelta(days=3),
            data_from=assessment.data_from,
            data_to=assessment.data_to,
        )
        assessment.refresh_from_db()
    sheet = _walked(case, assessment, by)
    _sent(case, assessment, sheet, (by, factory), opened)
    return assessment


def _walked(case: Mapping, assessment: Assessment, by: User) -> QuickSheet:
    """The checklist answered as far as the case says, with notes, photos and what to compare with."""
    sheet = pin(by, assessment)
    asked = [q["code"] for q in sheet.questions]
    done = asked[: round(len(asked) * case.get("answered", 1))]
    said = [Sent(_id(assessment, c, "answer"), c, "answer", _answer(case, n), 0) for n, c in enumerate(done)]
    notes = case.get("notes", {})
    said += [Sent(_id(assessment, c, "note"), c, "note", notes[c], 0) for c in done if c in notes]
    take(by, assessment, said)
    for n, (code, kind) in enumerate(case.get("photos", {}).items()):
        if code in done:
            file = scene(kind, n)
            photo = _id(assessment, code, "photo")
            quick_photos.add_photo(
                by, assessment, photo_id=photo, question=code, file=file, size=file.getbuffer().nbytes
            )
    benchmarks = case.get("benchmarks", {}).get(assessment.facility.trade.code)
    if benchmarks:
        sheet = quick_figures.set_figures(
            by, assessment, version=sheet.version, typed=[], benchmarks=benchmarks
        )
    return sheet


def _sent(
    case: Mapping, assessment: Assessment, sheet: QuickSheet, people: tuple[User, User], opened: dt.date
) -> None:
    """Sent for review, signed, answered by the factory, followed up: as far as the case has come."""
    by, factory = people
    advised = [o["code"] for o in quick_result.current(assessment, sheet).content["options"]]
    if case["state"] == "on_site":
        return
    signed_on = opened + dt.timedelta(days=DAYS_TO_SIGN)
    workflow.move(by, assessment, "send", now=_moment(signed_on))
    if case["state"] != "signed":
        return
    assessment = workflow.move(by, assessment, "sign", now=_moment(signed_on))
    sheet.refresh_from_db()
    said = {code: tuple(word) for code, word in zip(advised, case.get("replies", ()), strict=False)}
    quick_follow.reply(factory, sheet, said)
    for months, found in case.get("follow_ups", {}).items():
        states = {
            code: {"state": one[0], "note": one[1]}
            for code, one in zip(advised, found["states"], strict=False)
        }
        quick_follow.follow_up(by, sheet, months=int(months), states=states, note=found["note"])


def _answer(case: Mapping, n: int) -> str:
    """The answer to question n: the case's pattern, over and over."""
    word = case["answers"][n % len(case["answers"])]
    return {"y": "yes", "p": "partly", "n": "no", "-": "not_applicable"}[word]


def _id(assessment: Assessment, question: str, what: str) -> uuid.UUID:
    """The same change has the same id in every build: built again it comes in once."""
    return uuid.uuid5(NAMESPACE, f"{assessment.facility.code}:{question}:{what}")


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 30), tzinfo=dt.timezone(dt.timedelta(hours=7)))
