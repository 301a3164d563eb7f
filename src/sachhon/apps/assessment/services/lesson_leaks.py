"""Does the text of a case give its factory away? Names, place, numbers; told with the word that does.

Looked at when a case is drafted, saved and reviewed: the library asks (`look_at_cases`), this room knows the factory.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sachhon.apps.assessment.models import LessonConsent
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility
from sachhon.reference import resources
from sachhon.reference.sectors import trades
from sachhon.reference.text import fold
from sachhon.workbooks.problems import Problem

TEXTS = ("name_vi", "name_en", "well_vi", "well_en", "badly_vi", "badly_en")
EXACT = re.compile(r"\d(?:[\d.,\s]*\d)?")
DIGITS = 5  # a number of so many digits is no range any more


def leaks(content: dict) -> Iterator[Problem]:
    """What gives the factory of a case away in its words."""
    consent = LessonConsent.objects.filter(case=content["code"]).first()
    if consent is not None:
        yield from leaks_of(consent.facility, content)


def leaks_of(facility: Facility, content: dict) -> Iterator[Problem]:
    """The same of a case that is only being drafted."""
    told = telling(facility)
    for name in TEXTS:
        text = content.get(name) or ""
        folded = f" {_words(text)} "
        for word in told:
            if f" {word} " in folded:
                yield Problem("error", "library_case_name", params={"code": content["code"], "word": word})
        for number in EXACT.findall(text):
            if len(re.sub(r"\D", "", number)) >= DIGITS:
                found = {"code": content["code"], "value": number.strip()}
                yield Problem("error", "library_case_number", params=found)


def telling(facility: Facility) -> list[str]:
    """Folded words that tell this factory: its names, place, codes, people."""
    area = facility.area
    whole = [
        facility.name,
        facility.enterprise.name,
        facility.address,
        facility.contact_name,
        facility.contact_email,
    ]
    own = [_own_words(facility.name), _own_words(facility.enterprise.name), _own_words(area.name)]
    codes = [facility.code, facility.tax_code, facility.enterprise.tax_code, facility.contact_phone]
    people = User.objects.filter(organisation=facility.enterprise)
    whole += [u.display_name() for u in people]
    found = [_words(t) for t in (*whole, *own, *codes) if t]
    return sorted({w for w in found if len(w.replace(" ", "")) >= 4 and w not in _known_words()})


def _own_words(name: str) -> str:
    """The name without the words that many bear."""
    known = _common_words() | _trade_words()
    return " ".join(w for w in _words(name).split() if w not in known)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


@cache
def _common_words() -> frozenset[str]:
    """Folded words of names that many factories bear; what is left of a name is its own."""
    with (Path(__file__).parents[1] / "data" / "name_words.csv").open(encoding="utf-8", newline="") as handle:
        return frozenset(row["word"] for row in csv.DictReader(handle))


@cache
def _trade_words() -> frozenset[str]:
    return frozenset(w for t in trades() for w in _words(f"{t.name_vi} {t.product_vi}").split())


@cache
def _known_words() -> frozenset[str]:
    return frozenset(_words(r.name_vi) for r in resources())
