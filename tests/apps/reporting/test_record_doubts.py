"""Figures of bills, ledgers and meters that no report covers: judged by the rules of a report, held until
settled."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from tests.apps.intake.test_mapping import bills, map_all  # noqa: F401 - a fixture
from tests.apps.intake.test_taking import send

from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Product, Record, Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.registry.services.typing import type_record
from sachhon.apps.reporting.fact_rows import held_years
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.queries.lists import ReportFilter, report_rows, with_doubts
from sachhon.apps.reporting.services import record_doubts, workflow
from sachhon.apps.reporting.services.errors import NotYours, ReportError
from sachhon.apps.reporting.today_items import today_items

from .conftest import NOW

YEAR = 2026


def row(works, month, kwh, cost=None):
    return RecordRow(
        YEAR, month, "consumption", Decimal(kwh), resource=works.electricity, cost_vnd=cost, source="invoice"
    )


def bill(works, kwh="5400", *, months=range(1, 13), cost=None):
    write_records(works.factory, works.brick, [row(works, m, kwh, cost) for m in months])


def made(works, output="100"):
    rows = [RecordRow(YEAR, m, "output", Decimal(output), product=works.product) for m in range(1, 13)]
    write_records(works.factory, works.brick, rows)


def found(works, **of):
    return {f.rule: f for f in Finding.objects.filter(facility=works.brick, year=YEAR, **of)}


def held(works):
    return (works.brick.pk, YEAR) in held_years(works.brick.province_code, YEAR)


def test_believable_bills_raise_no_doubt(works):
    works.year(2025)
    made(works)
    bill(works, cost=11_000_000)
    assert found(works) == {}
    assert not held(works)


def test_bills_in_wh_are_a_slip_by_1000_and_do_not_count_until_an_officer_settles_it(works):
    works.year(2025)
    made(works)
    bill(works, "5400000")
    slip = found(works)["history_unit_slip"]
    assert (slip.level, slip.state, slip.report, slip.params["factor"]) == ("error", "open", None, 0.001)
    assert held(works)
    with pytest.raises(PermissionDenied):
        record_doubts.explain(works.factory, slip, "Đúng như vậy", now=NOW)
    with pytest.raises(ReportError):
        record_doubts.explain(works.centre, slip, " ", now=NOW)
    record_doubts.explain(works.centre, slip, "Đã xem hóa đơn gốc số 15, số này đúng", now=NOW)
    assert not held(works)
    entry = AuditEntry.objects.filter(verb="finding.explain").latest("pk")
    assert entry.after["explanation"] == "Đã xem hóa đơn gốc số 15, số này đúng"


def test_one_click_corrects_the_stored_figures_with_their_history(works):
    works.year(2025)
    made(works)
    bill(works, "5400000", cost=11_000_000)
    record_doubts.correct(works.centre, found(works)["history_unit_slip"], now=NOW)
    stored = Record.objects.filter(facility=works.brick, year=YEAR, resource=works.electricity)
    assert {(r.quantity, r.cost_vnd, r.source) for r in stored} == {(Decimal(5400), 11_000_000, "invoice")}
    assert {r.changes.first().actor for r in stored} == {works.centre}
    assert found(works, state="open") == {}
    assert found(works)["history_unit_slip"].state == "corrected"
    assert not held(works)


def test_a_cost_in_thousand_dong_is_corrected_as_cost(works):
    bill(works, "5400", cost=11_000)
    slip = found(works)["price_unit_slip"]
    assert slip.params["what"] == "cost"
    record_doubts.correct(works.centre, slip, now=NOW)
    assert set(works.brick.records.values_list("quantity", "cost_vnd")) == {(Decimal(5400), 11_000_000)}
    assert found(works, state="open") == {}


def test_an_absurd_figure_that_fits_no_slip_is_grave_and_a_smaller_one_only_worth_a_look(works):
    works.year(2025)
    made(works)
    bill(works, "9000")
    assert {f.level for f in found(works).values()} == {"warning"}
    assert not held(works)
    bill(works, "180000")
    assert found(works)["history"].level == "error"
    assert held(works)


def test_a_year_in_progress_is_judged_over_the_months_that_both_books_have(works):
    works.year(2025)
    rows = [RecordRow(YEAR, m, "output", Decimal(100), product=works.product) for m in (1, 2)]
    write_records(works.factory, works.brick, rows)
    bill(works, months=range(1, 10))  # nine bills beside an output book of two months
    assert found(works, level="error") == {}
    assert "history" not in found(works)


def test_no_output_yet_told_for_later_months_is_no_year_without_output(works):
    bill(works)
    write_records(
        works.factory, works.brick, [RecordRow(YEAR, 1, "output", Decimal(0), product=works.product)]
    )
    assert "year_without_output" not in found(works)
    made(works, "0")
    assert found(works)["year_without_output"].level == "error"


def test_only_the_bills_that_have_a_cost_make_the_price(works):
    bill(works, months=range(1, 7), cost=11_000_000)
    bill(works, months=range(7, 13))
    assert found(works) == {}


def test_a_material_that_is_missing_in_the_books_is_worth_a_look_and_does_not_hold_the_year(works):
    quarry, stone = works.cast.quarry, Resource.objects.get(code="limestone")
    tonnes = Product.objects.create(facility=quarry, name="Bột đá", unit="t")
    rows = [RecordRow(YEAR, m, "output", Decimal(100), product=tonnes) for m in range(1, 13)]
    rows += [RecordRow(YEAR, m, "consumption", Decimal(40), resource=stone) for m in range(1, 13)]
    write_records(works.centre, quarry, rows)
    created = Finding.objects.get(facility=quarry, rule="mass_created")
    assert created.level == "warning"


def test_what_is_typed_by_hand_is_judged_too(works):
    works.year(2025)
    for month in range(1, 8):
        kwh = Decimal("5400000") if month == 3 else Decimal(5400)
        type_record(
            works.factory, works.brick, item="consumption:electricity", month=f"{YEAR}-{month:02d}", quantity=kwh,
            unit="kWh",
        )  # fmt: skip
    assert found(works)["month_unit_slip"].params["month"] == 3
    assert held(works)


def test_a_sent_report_takes_the_place_and_gives_it_back_when_returned(works):
    works.year(2025)
    report = works.draft()
    made(works)
    bill(works, "5400000")
    assert held(works)
    workflow.submit(works.factory, report, now=NOW)
    report.refresh_from_db()
    assert found(works) == {}  # the report's figures replaced the bills', and are judged as its own
    workflow.return_with_remarks(works.centre, report, "Xem lại", now=NOW)
    write_records(works.factory, works.brick, [row(works, m, "5400000") for m in range(1, 13)])
    assert "history_unit_slip" in found(works)
    assert held(works)


def test_meter_readings_beside_a_sent_report_are_not_waved_through_by_it(works):
    works.year(2025)
    report = works.draft()
    rows = [
        RecordRow(
            YEAR, m, "consumption", Decimal(5_400_000), resource=works.electricity, meter="A", source="meter"
        )
        for m in range(1, 13)
    ]
    write_records(works.factory, works.brick, rows)
    workflow.submit(works.factory, report, now=NOW)
    apart = report.findings.get(rule="records_apart")
    assert apart.level == "error"  # the province would count what is stored: a thousand times the report
    assert (works.brick.pk, YEAR) in held_years(works.brick.province_code, YEAR)


def test_an_import_tells_its_doubts_at_the_cells_and_undo_takes_them_back(works, map_all):  # noqa: F811
    lines = [[f"T{m}", 5400 if m != 6 else 5_400_000, 11_000_000] for m in range(1, 13)]
    (file,) = send(works.factory, bills(*lines))
    map_all(works.factory, file)
    assert file.state == "warnings"
    told = {problem.rule: problem for problem in file.problems.all()}
    assert told["figure_doubted"].sheet == "Điện"
    assert told["figure_doubted"].cell == "B8"  # title, header, then June
    assert "5.400.000" in told["figure_doubted"].message
    assert "tháng 6" in told["figure_doubted"].message
    assert "chưa vào tổng nào của tỉnh" in told["records_held"].message
    facility = works.brick
    assert Finding.objects.filter(facility=facility, state="open", level="error").exists()
    undo_file(works.factory, file)
    assert not Finding.objects.filter(facility=facility).exists()


def test_the_facilitys_page_shows_it_and_only_an_officer_may_settle(works, client):
    works.year(2025)
    made(works)
    bill(works, "5400000")
    slip = found(works)["history_unit_slip"]
    page, act = reverse("registry:facility", args=[works.brick.code]), "reporting:record_finding"
    address = reverse(act, args=[works.brick.code, slip.pk])
    client.force_login(works.factory)
    html = client.get(page).content.decode()
    assert "54.000 kWh/nghìn viên" in html
    assert address not in html
    assert client.post(address, {"explanation": "x"}).status_code == 403
    client.force_login(works.centre)
    assert address in client.get(page).content.decode()
    client.post(address, {"explanation": "Đã đối chiếu hóa đơn số 15, số này đúng"})
    slip.refresh_from_db()
    assert (slip.state, slip.explained_by) == ("explained", works.centre)


def test_a_facility_of_another_province_is_not_there_for_the_officer(works, client):
    far = works.cast.stranger
    write_records(works.centre, far, [row(works, m, "5400", 11_000) for m in range(1, 13)])
    slip = Finding.objects.get(facility=far, rule="price_unit_slip")
    client.force_login(works.centre)
    for code in (far.code, works.brick.code):
        client.post(
            reverse("reporting:record_finding", args=[code, slip.pk]),
            {"explanation": "Đã xem hóa đơn số 15, số này đúng"},
        )
        slip.refresh_from_db()
        assert slip.state == "open"
    for act in (record_doubts.explain, record_doubts.correct):
        with pytest.raises(NotYours):
            act(works.centre, slip, *(["Đúng"] if act is record_doubts.explain else []), now=NOW)


def test_the_list_of_reports_counts_them_and_finds_the_facility(works):
    bill(works, "5400", cost=11_000)
    assert not AnnualReport.objects.exists()
    rows = report_rows(works.centre, ReportFilter(doubts="open", sort="-doubts"), YEAR)
    assert [(f.code, f.report_doubts) for f in rows] == [(works.brick.code, 1)]
    assert [f.doubts for f in with_doubts(list(rows), YEAR)] == [1]
    assert list(report_rows(works.centre, ReportFilter(doubts="open"), YEAR - 1)) == []


def test_officers_are_told_on_today_and_the_line_opens_a_list_of_as_many(works, client):
    bill(works, "5400", cost=11_000)
    (item,) = [i for i in today_items(works.centre, YEAR, NOW.date()) if "doubts=records" in i.url]
    assert (item.count, item.kind) == (1, "waiting")
    client.force_login(works.centre)
    html = client.get(item.url).content.decode()
    assert works.brick.name in html
    assert works.cast.quarry.name not in html
    record_doubts.correct(works.centre, found(works)["price_unit_slip"], now=NOW)
    assert not [i for i in today_items(works.centre, YEAR, NOW.date()) if "doubts=records" in i.url]
    assert not [i for i in today_items(works.factory, YEAR, NOW.date()) if "doubts=records" in i.url]


def test_the_records_of_an_older_store_are_judged_by_command(works, capsys):
    bill(works, "5400", cost=11_000)
    Finding.objects.all().delete()  # as a store from before the rules
    call_command("judge_records")
    assert "price_unit_slip" in found(works)
    assert "1" in capsys.readouterr().out
