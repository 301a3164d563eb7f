"""The target on savings says of whom its value is, and who is yes, no or unknown."""

from decimal import Decimal

import pytest
from django.urls import reverse

from sachhon.apps.registry.models import Product, Record, Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.savings import recompute
from sachhon.documents.compose import Paragraph, compose

from .test_province import YEAR, Small


@pytest.fixture
def small(cast, settings, tmp_path):
    """The province of test_province: 1 saves 10 % of its electricity, 2 saves 5 %, 3 and 4 apply without records."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


def consumes(small, n, code, years):
    """Twelve equal months of a resource beside 10 thousand bricks a month, by year."""
    facility, resource = small.facilities[n - 1], Resource.objects.get(code=code)
    product, _made = Product.objects.get_or_create(facility=facility, name="Gạch", unit="k_vien")
    rows = []
    for year, quantity in years.items():
        for month in range(1, 13):
            rows.append(RecordRow(year, month, "output", Decimal(10), product=product))
            rows.append(RecordRow(year, month, "consumption", Decimal(quantity), resource=resource))
    write_records(small.department, facility, rows)
    recompute([facility.pk], [2025, 2026])


def test_a_facility_is_a_no_only_when_all_it_consumed_is_computed(small):
    small.refresh()
    assert (small.result("saving").numerator, small.result("saving").known) == (1, 2)
    consumes(small, 2, "diesel", {2026: 5})  # no earlier year: it may have saved 8 % of it, or not
    small.refresh()
    saving = small.result("saving")
    assert (saving.numerator, saving.known, saving.unknown) == (1, 1, 3)
    assert small.facilities[1].pk in saving.members["unknown"]
    assert (saving.estimate, saving.in_mean) == (Decimal("7.5000"), 2)  # its electricity stays in the mean
    Record.objects.filter(facility=small.facilities[1], resource__code="diesel").delete()


def test_a_saving_of_water_alone_is_judged_but_stands_in_no_mean_of_energy(small, client):
    consumes(small, 3, "water", {2025: 100, 2026: 80})
    data = rollup_data(small.refresh(), "vi")
    saving = small.result("saving")
    assert (saving.numerator, saving.known, saving.in_mean, saving.denominator) == (2, 3, 2, 4)
    (row,) = [t for t in data.targets if t.code.endswith(".saving") and t.in_mean == 2]
    assert row.coverage == 50
    terms = {t["symbol"]: t["value"] for t in saving.figure.terms}
    assert (terms["n"], terms["n_E"], terms["N"]) == ("3", "2", "4")
    assert "2 trong 4 cơ sở áp dụng" in saving.figure.note_vi
    said = " ".join(b.text for b in compose(data, "vi").content["targets"] if isinstance(b, Paragraph))
    assert "của 02 trong 04 cơ sở áp dụng có năng lượng tính được là 7,5%" in said
    assert "02 đạt ở ít nhất một loại" in said
    client.force_login(small.department)
    page = client.get(reverse("reporting:province"), {"year": YEAR}).content.decode()
    assert "Đạt ở ít nhất một loại / đã rõ" in page
    assert "Trong mức bình quân năng lượng" in page


def test_a_mean_that_is_of_water_alone_has_no_value(small):
    Record.objects.filter(resource__code="electricity").delete()
    recompute([f.pk for f in small.facilities], [2025, 2026])
    consumes(small, 3, "water", {2025: 100, 2026: 80})
    small.refresh()
    saving = small.result("saving")
    assert (saving.numerator, saving.known, saving.in_mean, saving.estimate) == (1, 1, 0, None)
