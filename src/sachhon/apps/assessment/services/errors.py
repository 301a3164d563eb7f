"""What a person is told when something asked of an assessment cannot be done."""

from django.utils.translation import get_language

from sachhon.science.uncertainty import ScienceError


def said(error: ScienceError) -> str:
    """What the science says is wrong, in the language of the page."""
    return error.words("en" if get_language() == "en" else "vi")


def kept(error: ScienceError) -> dict[str, str]:
    """The same to store in place of a result, in both languages."""
    return {"problem": "science", "words_vi": error.words("vi"), "words_en": error.words("en")}


class AssessmentError(Exception):
    """It cannot be done; `str()` says why and what to do, in the language of the page."""


class NotYours(AssessmentError):
    """The assessment is not one this person may write (any more)."""


class AlreadyMoved(AssessmentError):
    """Somebody else was quicker, or the step does not exist from here."""


class FieldsWrong(AssessmentError):
    """Values that cannot be stored; `fields` says for each field what is wrong and what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class RowsWrong(AssessmentError):
    """Several rows that cannot be stored; `rows` says for the number of each, from 0, what is wrong by field."""

    def __init__(self, rows: dict[int, dict[str, str]]) -> None:
        super().__init__(" ".join(" ".join(fields.values()) for fields in rows.values()))
        self.rows = rows
