"""An address that asks for a year there is not says which one is shown instead."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(("year", "told"), [("2099", True), ("abc", True), ("2025", False), ("", False)])
def test_the_page_says_which_year_it_shows(cast, client, year, told):
    client.force_login(cast.user("department"))
    page = client.get(reverse("reporting:reports"), {"year": year}).content.decode()
    assert (f"Không có năm “{year}”" in page) is told


def test_what_was_asked_is_printed_as_text(cast, client):
    client.force_login(cast.user("department"))
    page = client.get(reverse("reporting:reports"), {"year": "<script>"}).content.decode()
    assert "Không có năm “&lt;script&gt;”" in page
