"""An earlier year that is corrected: the later years that were judged beside it are judged again."""

from decimal import Decimal

from sachhon.apps.registry.services.merge import merge
from sachhon.apps.registry.services.records import RecordRow, undo_batch, write_records
from sachhon.apps.registry.signals import records_changed
from sachhon.apps.reporting.models import Finding, ProvinceRollup
from sachhon.apps.reporting.services import plausibility, workflow

from .conftest import NOW

SLIPPED = "5400000"  # kWh written as Wh, a thousand times what is used


def bills(works, year, kwh, *, months=range(1, 13), batch=""):
    rows = [
        RecordRow(year, m, "consumption", Decimal(kwh), resource=works.electricity, source="invoice")
        for m in months
    ]
    write_records(works.centre, works.brick, rows, batch=batch)


def offered(report):
    """The factors offered for the electricity of the report."""
    return {f.params["factor"] for f in report.findings.filter(state="open") if "factor" in f.params}


def wrongly_doubted(works):
    """A sent report of 2026 with right figures, doubted because those of 2025 were a thousand times too large."""
    works.year(2025, electricity=SLIPPED)
    report = works.sent()
    assert offered(report) == {1000.0}
    return report


def test_a_report_that_waits_is_judged_again_once_the_year_before_is_corrected(works):
    report = wrongly_doubted(works)
    bills(works, 2025, "5400")
    assert not report.findings.exists()
    workflow.accept(works.centre, report, now=NOW)


def test_the_correction_undone_brings_the_doubt_back(works):
    report = wrongly_doubted(works)
    bills(works, 2025, "5400", batch="mended")
    undo_batch(works.centre, "mended")
    assert offered(report) == {1000.0}


def test_an_earlier_report_corrected_with_one_click_clears_the_later_one(works):
    earlier = works.sent(year=2025, electricity="5.4", cost=129_600_000)  # MWh written as kWh, by the price
    later = works.sent()
    assert offered(later) == {0.001}
    slip = earlier.findings.get(params__factor=1000.0)
    plausibility.apply_suggestion(works.centre, slip, now=NOW)
    assert not later.findings.filter(state="open").exists()


def test_records_without_a_report_are_judged_again_as_far_as_the_rules_look_back(works):
    works.year(2023, electricity=SLIPPED)
    for year in (2026, 2027):
        works.year(year, electricity="5400")
    doubted = Finding.objects.filter(facility=works.brick, year__gt=2023, state="open")
    assert set(doubted.values_list("year", flat=True)) == {2026}  # three years back, not four
    bills(works, 2023, "5400")
    assert not doubted.exists()


def test_a_draft_that_was_looked_at_is_judged_again_and_one_that_was_not_is_left_to_its_writer(works):
    works.year(2025, electricity=SLIPPED)
    draft = works.draft()
    bills(works, 2025, "5400001", months=[1])
    draft.refresh_from_db()
    assert draft.checked_at is None
    plausibility.check(works.factory, draft)
    assert offered(draft) == {1000.0}
    bills(works, 2025, "5400")
    assert not draft.findings.exists()


def test_an_accepted_report_stays_as_it_was_judged_and_the_provinces_figures_are_told(works):
    report = wrongly_doubted(works)
    for finding in report.findings.filter(state="open"):
        plausibility.explain(works.centre, finding, "Đã xem công tơ lò điện mới ngày 20/11", now=NOW)
    workflow.accept(works.centre, report, now=NOW)
    before = list(report.findings.order_by("pk").values("state", "explanation", "params"))
    rollup = ProvinceRollup.objects.get(year=2026)
    bills(works, 2025, "5400")
    assert list(report.findings.order_by("pk").values("state", "explanation", "params")) == before
    assert ProvinceRollup.objects.get(pk=rollup.pk).changed_at > rollup.changed_at


def test_a_year_before_stays_as_it_was_for_it_looks_back_and_not_ahead(works):
    works.year(2024, electricity="5400")
    works.year(2025, electricity=SLIPPED)
    before = set(Finding.objects.filter(year=2025).values_list("pk", "key"))
    bills(works, 2026, "5400")
    assert set(Finding.objects.filter(year=2025).values_list("pk", "key")) == before


def test_a_line_that_leaves_a_report_is_told_once_however_many_records_it_was(works):
    report = works.sent(year=2025)
    workflow.return_with_remarks(works.centre, report, "Xem lại", now=NOW)
    works.save(report, "inputs", {str(works.line(report, "coal_cam_5_6").pk): None})
    told = []

    def hear(sender, years, **kwargs):
        told.append((years, works.brick.records.filter(resource=works.coal).count()))

    records_changed.connect(hear)
    try:
        workflow.submit(works.factory, report, now=NOW)
    finally:
        records_changed.disconnect(hear)
    assert told == [([2025], 0)]


def test_two_facilities_without_any_records_are_merged(cast):
    merge(cast.user("department"), cast.brick, cast.quarry, is_sure=True)
    cast.quarry.refresh_from_db()
    assert cast.quarry.merged_into == cast.brick


def test_the_doubts_about_records_that_moved_in_a_merge_stay_behind_no_more(works, cast):
    write_records(
        works.centre,
        cast.quarry,
        [
            RecordRow(2025, m, "consumption", Decimal(5400), resource=works.electricity, cost_vnd=11_000)
            for m in range(1, 13)
        ],
    )
    assert Finding.objects.filter(facility=cast.quarry, state="open").exists()
    merge(cast.user("department"), works.brick, cast.quarry, is_sure=True)
    assert not cast.quarry.records.exists()
    assert not Finding.objects.filter(facility=cast.quarry).exists()
    assert Finding.objects.filter(facility=works.brick, rule="price_unit_slip", state="open").exists()
