"""Does the text of a case give its factory away? Names, people, place, numbers; told with the word that does.

Looked at when a case is drafted, saved and reviewed: the library asks (`look_at_cases`), this room knows the factory.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import CharField, Q

from sachhon.apps.assessment.models import LessonConsent
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility
from sachhon.reference import resources
from sachhon.reference.sectors import trades
from sachhon.reference.text import fold, is_marked
from sachhon.workbooks.problems import Problem

TEXTS = ("name_vi", "name_en", "well_vi", "well_en", "badly_vi", "badly_en")
EXACT = re.compile(r"\d(?:[\d.,\s]*\d)?")
WORD = re.compile(r"[^\W\d_]+")
TITLES = frozenset(["ông", "bà", "anh", "chị", "cô", "chú", "bác", "cậu", "mr", "mrs", "ms", "miss"])
BARE_TITLES = frozenset(fold(title) for title in TITLES)
NAMING = ("person", "signer", "responsible", "who")  # fields that people type a name into
HANDS = "by_name"  # the end of fields that keep the name of an account
DIGITS = 5  # a number of so many digits is no range any more


def leaks(content: dict) -> Iterator[Problem]:
    """What gives the factory of a case away in its words."""
    consent = LessonConsent.objects.filter(case=content["code"]).first()
    if consent is not None:
        yield from leaks_of(consent.facility, content)


def leaks_of(facility: Facility, content: dict) -> Iterator[Problem]:
    """The same of a case that is only being drafted."""
    told = telling(facility)
    people = people_of(facility)
    for name in TEXTS:
        text = content.get(name) or ""
        folded = f" {_words(text)} "
        found = [word for word in told if " " in word or not word.isalpha() if f" {word} " in folded]
        found += _as_names(text, {word for word in told if word.isalpha()} | {p.split()[-1] for p in people})
        for word in dict.fromkeys(found):
            yield Problem("error", "library_case_name", params={"code": content["code"], "word": word})
        for number in EXACT.findall(text):
            if len(re.sub(r"\D", "", number)) >= DIGITS:
                shown = {"code": content["code"], "value": number.strip()}
                yield Problem("error", "library_case_number", params=shown)


def people_of(facility: Facility) -> list[str]:
    """Folded names, without titles, of all whom records of the factory and its assessments name."""
    said = [facility.contact_name, *_recorded(facility, NAMING.__contains__)]
    return _bare(said)


def hands_of(facility: Facility) -> list[str]:
    """Folded whole names of the accounts that worked on its assessments, and of those of the enterprise."""
    users = User.objects.filter(
        Q(organisation=facility.enterprise) | Q(memberships__assessment__facility=facility)
    ).distinct()
    return _bare(
        [*(u.display_name() for u in users), *_recorded(facility, lambda field: field.endswith(HANDS))]
    )


def _recorded(facility: Facility, wanted: Callable[[str], bool]) -> Iterator[str]:
    """What stands in the wanted fields of all that is kept of the facility's assessments, whichever model it is in."""
    for model in apps.get_app_config("assessment").get_models():
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, CharField) and wanted(f.name)]
        if fields:
            for row in model.objects.filter(**{model.SCOPE.facility: facility}).values_list(*fields):
                yield from row


def _bare(names: Iterable[str]) -> list[str]:
    bare = (" ".join(w for w in _words(name).split() if w not in BARE_TITLES) for name in names)
    return sorted({name for name in bare if name})


def _as_names(text: str, single: set[str]) -> list[str]:
    """Names of one syllable, and whoever is called by a title: as they stand in the text.

    Such a name is an everyday word as well ("đồng" in "đồng hồ", "thu" in "thu gom"): it is one only where it is
    written with a capital inside a sentence, or after a title.
    """
    found, words = [], list(WORD.finditer(text))
    for n, one in enumerate(words):
        before = words[n - 1] if n else None
        titled = before is not None and _title(before[0], text) and text[before.end() : one.start()].isspace()
        inside = before is not None and not re.search(r"[.!?:;\n]", text[before.end() : one.start()])
        capital = one[0][0].isupper()
        if titled and (capital or fold(one[0]) in single):
            found.append(f"{before[0]} {one[0]}")
        elif inside and capital and fold(one[0]) in single:
            found.append(one[0])
    return found


def _title(word: str, text: str) -> bool:
    """Whether a word of the text is a title; with its marks where the text has any ("chì" is lead, not "chị")."""
    return word.casefold() in TITLES or (not is_marked(text) and fold(word) in BARE_TITLES)


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
    whole += [name for name in (*people_of(facility), *hands_of(facility)) if " " in name]
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
