"""What the officer is warned of before issuing: totals far from those of the year before."""

import pytest

from sachhon.apps.registry.models import Record, Resource
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


def sand(year, quantity):
    """A facility of the province uses sand in January of the year."""
    return Record.objects.create(
        facility_id=Record.objects.values_list("facility", flat=True).first(),
        resource=Resource.objects.get(code="sand"),
        year=year,
        month=1,
        flow="consumption",
        quantity=quantity,
    )


@pytest.mark.parametrize(
    ("year", "other", "told"),
    [
        (YEAR, None, "Cát: chưa có số → 45.000 (m³)"),
        (YEAR, 0, "Cát: 0 → 45.000 (m³)"),
        (YEAR - 1, None, "Cát: 45.000 → chưa có số (m³)"),
        (YEAR - 1, 0, "Cát: 45.000 → 0 (m³)"),
    ],
)
def test_a_total_that_came_from_nothing_or_went_to_nothing_must_be_looked_at(small, year, other, told):
    sand(year, 45_000)
    if other is not None:
        sand(YEAR + YEAR - 1 - year, other)
    caution = cautions(small)["unlike_last_year"]
    assert (caution.level, caution.count) == ("danger", 1)
    assert told in caution.detail


def test_a_resource_that_is_nothing_in_both_years_is_not_asked_about(small):
    sand(YEAR, 0)
    assert "unlike_last_year" not in cautions(small)


def test_the_first_year_of_all_is_compared_with_nothing(small):
    Record.objects.filter(year=YEAR - 1).delete()
    assert "unlike_last_year" not in cautions(small)
