"""A figure cited in an issued document opens: its page, and the list of what it counted."""

import pytest
from django.urls import reverse

from sachhon.apps.registry.models import Figure
from sachhon.apps.registry.queries.lineage import explain

from .test_province import YEAR, Small


@pytest.fixture
def issued(cast, settings, tmp_path):
    """The province of test_province, with its report to the People's Committee issued."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    small = Small(cast)
    small.refresh()
    small.issue()
    return small


def test_every_figure_of_an_issue_opens(issued, client):
    client.force_login(issued.department)
    codes = list(Figure.objects.filter(issued=True).values_list("code", flat=True))
    assert f"province:20:{YEAR}:facilities:issue-1-peoples_committee" in codes
    shown = {code: client.get(reverse("registry:figure", args=[code])).status_code for code in codes}
    assert set(shown.values()) == {200}


SUFFIX = ":issue-1-peoples_committee"


def test_an_issued_figure_opens_what_it_counted_else_the_same_list_as_the_living_one(issued):
    behind, counted = {}, set()
    for figure in Figure.objects.filter(code__startswith="province:"):
        found = explain(issued.department, figure).behind
        behind[figure.code] = found and found[1]
        if figure.issued and "facilities" in figure.records:
            counted.add(figure.code)
    copies = {code: address for code, address in behind.items() if code.endswith(SUFFIX)}
    assert f"province:20:{YEAR}:sector:brick{SUFFIX}" in counted
    assert any(code not in counted and address for code, address in copies.items())
    for code, address in copies.items():
        if code in counted:
            assert address == reverse("registry:figure_facilities", args=[code])
        else:
            assert address == behind[code.removesuffix(SUFFIX)]


def test_an_issue_from_before_its_list_was_kept_says_that_the_list_is_of_today(issued):
    living = Figure.objects.get(code=f"province:20:{YEAR}:sector:brick")
    copy = Figure.objects.get(code=f"{living.code}{SUFFIX}")
    assert explain(issued.department, living).behind[0] == "Cơ sở"
    assert "như đã tính" in explain(issued.department, copy).behind[0]
    copy.records = {name: value for name, value in copy.records.items() if name != "facilities"}
    assert "hôm nay" in explain(issued.department, copy).behind[0]
