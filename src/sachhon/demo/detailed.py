"""A made-up detailed assessment through the services that the pages use: a technology chosen, a discharge treated, a
saving verified and told as a case of the library.

Where its electricity shows no saving against the first year on record, a facility is passed over: nothing is verified
that the records do not show. What is said stands in data/detailed.json.
"""

import calendar
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from importlib import resources

from django.db import transaction
from django.utils import timezone

from sachhon.apps.assessment.models import Assessment, Kind, Option, Verification
from sachhon.apps.assessment.services import comparing, lessons, opening, treating, verifying
from sachhon.apps.assessment.services.library import take_from_library
from sachhon.apps.assessment.services.options import add_option, change_option
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.guidance.services import library
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility, Quality, Resource
from sachhon.science.intensity import Verdict


class NothingSaved(Exception):
    """The facility's records show no saving of electricity worth telling."""


LEAST = 0.05  # of the baseline: less would be too little for a case


def detailed_case() -> dict:
    """What data/detailed.json says."""
    file = resources.files("sachhon.demo").joinpath("data/detailed.json")
    return json.loads(file.read_text(encoding="utf-8"))


def load(
    case: Mapping, facilities: Iterable[Facility], accounts: Mapping[str, User], base: int, year: int
) -> Assessment | None:
    """The assessment at the first facility of its trades that saved electricity from `base` to `year`; or None."""
    there = Assessment.objects.filter(kind=Kind.DETAILED, reason=case["reason"]).first()
    if there is not None:
        return there
    for facility in (f for f in facilities if f.trade.code in case["trades"]):
        try:
            with transaction.atomic():
                return _made(case, facility, accounts, base, year)
        except NothingSaved:
            continue
    return None


def _made(
    case: Mapping, facility: Facility, accounts: Mapping[str, User], base: int, year: int
) -> Assessment:
    centre, expert = accounts["centre"], accounts["expert"]
    assessment = opening.open_assessment(
        centre,
        facility,
        Kind.DETAILED,
        data_from=dt.date(base, 1, 1),
        data_to=dt.date(base, 12, 31),
        reason=case["reason"],
    )
    opening.add_member(centre, assessment, expert)
    option = _carried_out(case, assessment, expert, dt.date(base, 12, 20))
    row = _measured(assessment, option, expert, base, year)
    if row.result.get("verdict") != Verdict.SAVED or row.result["relative"] < LEAST:
        raise NothingSaved
    now = timezone.now()
    verifying.judge(centre, row, verified=True, note="", version=row.version, now=now)
    _compared(case, assessment, expert, now)
    _treated(case["treatment"], assessment, expert)
    _told(case, option, accounts, now.date())
    return assessment


def _carried_out(case: Mapping, assessment: Assessment, expert: User, day: dt.date) -> Option:
    option = take_from_library(expert, assessment, case["option"])
    money = {"economic": {"investment_likely": case["investment"]}, "screening": "do_now"}
    option = change_option(expert, option, money | {"screening_reason": "Rẻ, làm ngay được"}, option.version)
    for step in ("choose", "begin", "finish"):
        option = move_option(expert, option, step, today=day)
    return option


def _measured(assessment: Assessment, option: Option, expert: User, base: int, year: int) -> Verification:
    planned = {
        "resource": Resource.objects.get(code="electricity"),
        "meter": "Công tơ tổng",
        "who": "Tổ điện",
        "how_often": "hằng tháng",
        "baseline_from": dt.date(base, 1, 1),
        "baseline_to": dt.date(base, 12, 31),
        "report_from": dt.date(year, 1, 1),
        "report_to": _last_read(assessment.facility, year),
        "confidence": 90,
    }
    return verifying.compute(expert, verifying.plan_verification(expert, assessment, [option], planned))


def _last_read(facility: Facility, year: int) -> dt.date:
    """The end of the months of a year that were read: a report made before the year is over estimates its last ones."""
    guessed = facility.records.filter(year=year, quality=Quality.ESTIMATED).order_by("month").first()
    first = 13 if guessed is None else guessed.month
    if first == 1:
        raise NothingSaved
    return dt.date(year, first - 1, calendar.monthrange(year, first - 1)[1])


def _compared(case: Mapping, assessment: Assessment, expert: User, now: dt.datetime) -> None:
    options = [
        add_option(
            expert,
            assessment,
            {
                "name": a["name"],
                "group": "technology_change",
                "savings": {a["resource"]: {"likely": a["quantity"]}},
                "economic": {"investment_likely": a["investment"]},
            },
        )
        for a in case["alternatives"]
    ]
    said = case["comparison"]
    row = comparing.begin(expert, assessment, said["name"], said["purpose"])
    names = [f"a{i}" for i in range(1, len(options) + 1)]
    values = {
        "alternatives": {
            a: {"name": o.name, "option": o.number} for a, o in zip(names, options, strict=True)
        },
        "cells": {
            f"{a}:{c}": {"value": mark, "source": said["source"]}
            for c, marks in said["marks"].items()
            for a, mark in zip(names, marks, strict=True)
        },
    }
    row = comparing.change(expert, row, values, row.version)
    comparing.choose(expert, row, row.result["order"][0], reason="", version=row.version, now=now)


def _treated(said: Mapping, assessment: Assessment, expert: User) -> None:
    row = treating.begin(expert, assessment, said["name"], said["medium"])
    values = {name: said[name] for name in ("basis", "contents", "cuts", "alternatives")}
    treating.change(expert, row, values, row.version)


def _told(case: Mapping, option: Option, accounts: Mapping[str, User], day: dt.date) -> None:
    given = lessons.consent(accounts["expert"], option, **case["consent"], given_on=day)
    version = lessons.draft(accounts["expert"], given, case["lesson"])
    for step in ("review", "publish"):
        version = library.move(accounts["centre"], version, step)
