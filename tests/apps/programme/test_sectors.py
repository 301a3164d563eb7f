"""The country's targets by sector: who is counted by VSIC code, what is saved, and where it is shown."""

import io
import json
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.reporting.test_province import YEAR, Small

from sachhon import reference
from sachhon.apps.programme.models import SectorResult
from sachhon.apps.registry.models import Figure, Resource, Sector
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import ProvinceRollup
from sachhon.apps.reporting.services.province.comparing import compare
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.savings import recompute


@pytest.fixture
def cement(cast, settings, tmp_path):
    """Three cement works: nos. 1 and 2 save 10 % and 5 % of their coal against 2025, no. 3 has no figures."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    small = Small(cast)
    sector = Sector.objects.get(code="2394")
    for facility in small.facilities[:3]:
        facility.sector = sector
        facility.save()
    coal = Resource.objects.get(code="coal_cam_5_6")
    for facility, now in zip(small.facilities, (90, 95), strict=False):
        for year, quantity in ((2025, 100), (2026, now)):
            rows = [RecordRow(year, m, "consumption", Decimal(quantity), resource=coal) for m in range(1, 13)]
            write_records(small.department, facility, rows)
    recompute([f.pk for f in small.facilities], [2025, 2026])
    small.refresh()
    return small


def test_the_target_on_the_way_is_the_next_one_and_its_sectors_are_data_with_how_sure_they_are():
    plan = reference.plan_in_force("", 2026)
    assert reference.sector_target(plan.code, 2024).year == 2025
    target = reference.sector_target(plan.code, 2026)
    assert (target.year, target.value_low, target.value_high) == (2030, 7, 10)
    assert reference.sector_target(plan.code, 2031).year == 2030
    sectors = reference.target_sectors(plan.code)
    assert len(sectors) == 8
    assert {(s.confidence, s.vsic_confidence) for s in sectors} == {("found", "estimate")}
    for start in (start for sector in sectors for start in sector.vsic):
        assert any(f.code.startswith(start) for f in reference.facts("vsic")), start


def test_a_sector_is_counted_by_vsic_and_judged_on_fuel_and_by_facility(cement):
    results = {r.sector: r for r in SectorResult.objects.filter(province_code="20", year=YEAR)}
    assert len(results) == 8
    found = results["cement"]
    assert (found.denominator, found.known, found.numerator) == (3, 2, 1)
    assert found.basis == "reported"
    # Σ saved / Σ expected = (10 + 5) · 12 / (2 · 1200) = 7,5 %; electricity is neither raw material nor fuel.
    assert found.estimate == Decimal("7.5")
    assert found.met == "unclear"  # two of three works: the interval reaches below 7 %
    assert results["paper"].denominator == 0
    figure = Figure.objects.get(code=f"sector:national_2021_2030.saving.2030:cement:20:{YEAR}")
    assert "7,5%" in figure.formula
    assert [fact["confidence"] for fact in figure.facts if "sectors" in fact["code"]] == ["found"]


def test_the_page_of_targets_and_the_report_show_the_sectors(cement, client):
    client.force_login(cement.department)
    text = client.get(reverse("programme:targets"), {"year": YEAR}).content.decode()
    assert "889/QĐ-TTg" in text
    assert f"sector:national_2021_2030.saving.2030:cement:20:{YEAR}" in text
    assert "không có cơ sở trong tỉnh" in text
    data = rollup_data(ProvinceRollup.objects.get(province_code="20", year=YEAR), "vi")
    (table,) = [t for t in data.appendix_tables if t.code == "sector-targets"]
    assert [row[:4] for row in table.rows] == [("Xi măng", 3, 2, 1)]
    assert "Giấy" in table.note
    page = client.get(reverse("reporting:province_section", args=["nganh"]), {"year": YEAR}).content.decode()
    assert "Xi măng" in page
    answer = client.get(reverse("reporting:province_export", args=["sector-targets", "xlsx"]), {"year": YEAR})
    book = load_workbook(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )
    assert any("Xi măng" in str(cell.value) for row in book.active.iter_rows() for cell in row)


def test_computing_again_leaves_one_result_a_sector(cement):
    cement.refresh()
    assert SectorResult.objects.filter(province_code="20", year=YEAR).count() == 8


def test_an_issue_keeps_the_sectors_as_they_were_and_tells_what_changed(cement):
    issued = cement.issue()
    living = f"sector:national_2021_2030.saving.2030:cement:20:{YEAR}"
    kept = Figure.objects.get(code=f"{living}:{issued.figure_suffix}")
    assert kept.issued
    assert kept.code in json.dumps(issued.data)
    assert f'"{living}"' not in json.dumps(issued.data)
    coal = Resource.objects.get(code="coal_cam_5_6")
    rows = [RecordRow(2026, m, "consumption", Decimal(70), resource=coal) for m in range(1, 13)]
    write_records(cement.department, cement.facilities[1], rows)
    recompute([cement.facilities[1].pk], [2026])
    cement.refresh()
    changed = {d.code: d for d in compare(issued)}
    assert (changed[living].issued, changed[living].now) == (Decimal("7.5"), 20)
    assert Figure.objects.get(code=kept.code).value == Decimal("7.5")
