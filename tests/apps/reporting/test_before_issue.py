"""What the officer is warned of before issuing: totals far from those of the year before."""

import pytest

from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.services import province
from sachhon.apps.reporting.services.province.checking import check

from .test_province import TODAY, YEAR, Small


@pytest.fixture
def small(cast, settings, tmp_path):
    """The province of test_province: 24,000 kWh in 2025, 22,200 in 2026."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


def cautions(small):
    small.refresh()
    report = province.draft(small.department, "20", YEAR, "ministry")
    return {caution.code: caution for caution in check(report, TODAY)}


def test_totals_like_last_years_are_not_asked_about(small):
    assert "unlike_last_year" not in cautions(small)


@pytest.mark.parametrize(("quantity", "asked"), [(900 * 119, True), (300, True), (1500, False)])
def test_totals_far_from_last_years_must_be_looked_at(small, quantity, asked):
    Record.objects.filter(year=YEAR, flow="consumption").update(quantity=quantity)
    found = cautions(small)
    assert ("unlike_last_year" in found) is asked
    if asked:
        caution = found["unlike_last_year"]
        assert (caution.level, caution.count) == ("danger", 3)  # energy, greenhouse gases, electricity
        assert "Điện lưới: 24" in caution.detail
        assert caution.url.endswith("/tieu-thu/")
