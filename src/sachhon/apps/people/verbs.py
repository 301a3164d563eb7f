"""The words for what the history of changes calls by a short name ("facility.change")."""

import csv
from functools import cache
from importlib import resources

from django.utils.translation import get_language


@cache
def table() -> dict[str, dict[str, str]]:
    """verb → {"vi", "en"}, from verbs.csv."""
    text = resources.files("sachhon.apps.people").joinpath("verbs.csv").read_text(encoding="utf-8")
    return {row["verb"]: row for row in csv.DictReader(text.splitlines())}


def verb_text(verb: str) -> str:
    """The verb in the language of the page; one without a row is shown as it is."""
    row = table().get(verb)
    return row["en" if get_language() == "en" else "vi"] if row else verb
