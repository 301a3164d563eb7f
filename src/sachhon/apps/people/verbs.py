"""The words for what the history of changes calls by a short name ("facility.change")."""

import csv
from functools import cache
from importlib import resources

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.reference.text import fold


@cache
def table() -> dict[str, dict[str, str]]:
    """verb → {"vi", "en"}, from verbs.csv."""
    text = resources.files("sachhon.apps.people").joinpath("verbs.csv").read_text(encoding="utf-8")
    return {row["verb"]: row for row in csv.DictReader(text.splitlines())}


SUBJECTS = {
    "user": _("Accounts"),
    "facility": _("Facilities"),
    "enterprise": _("Companies"),
    "organisation": _("Organisations"),
    "product": _("Products"),
    "assignment": _("Assignment of experts"),
    "record": _("Monthly figures"),
    "records": _("Imported figures"),
    "report": _("Annual reports"),
    "finding": _("Findings in reports"),
    "reminder": _("Reminders"),
    "library": _("Library"),
    "import": _("Files in the inbox"),
    "profile": _("Mapping profiles"),
    "province": _("Report of the province"),
    "assessment": _("Assessments"),
    "flow": _("Flow-sheets"),
    "comparison": _("Comparisons of facilities"),
    "treatment": _("Comparisons of treatments"),
    "attachment": _("Files attached as evidence"),
    "lesson": _("Cases told to others"),
    "option": _("Solutions of assessments"),
    "verification": _("Verifications of savings"),
}


def subject_text(subject: str) -> str:
    """What the verbs that begin with `subject` are about; one without words is shown as it is."""
    return str(SUBJECTS.get(subject, subject))


def verb_text(verb: str) -> str:
    """The verb in the language of the page; one without a row is shown as it is."""
    row = table().get(verb)
    return row["en" if get_language() == "en" else "vi"] if row else verb


def verbs_with(word: str) -> list[str]:
    """The verbs whose words, in either language, hold `word` (folded: lower case, without tone marks)."""
    return [verb for verb, row in table().items() if word in fold(f"{row['vi']} {row['en']}")]
