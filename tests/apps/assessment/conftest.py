"""A quick assessment under way at the brick works, with two people in its team."""

import datetime

import pytest

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services import opening, quick_sheet

PERIOD = {"data_from": datetime.date(2025, 1, 1), "data_to": datetime.date(2025, 12, 31)}


@pytest.fixture
def walk(cast):
    """The assessment with its pinned checklist: walk.assessment, walk.sheet, walk.codes."""
    return Walk(cast)


class Walk:
    def __init__(self, cast):
        self.centre, self.expert = cast.user("centre"), cast.user("expert")
        self.assessment = opening.open_assessment(self.centre, cast.brick, Kind.QUICK, **PERIOD)
        self.member = opening.add_member(self.centre, self.assessment, self.expert)
        self.sheet = quick_sheet.pin(self.centre, self.assessment)
        self.codes = [q["code"] for q in self.sheet.questions]

    def now(self, code: str):
        return self.sheet.answers.get(question=code)
