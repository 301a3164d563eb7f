"""Any other workbook: mapped once by a person, read by itself from then on, laid beside what is there."""

import io
import json
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from tests.apps.intake.conftest import FILES
from tests.apps.intake.test_taking import rules, send

from sachhon.apps.intake import mapform, meter_format
from sachhon.apps.intake.meter_format import Part
from sachhon.apps.intake.models import ImportFile, MappingProfile
from sachhon.apps.intake.services import mending, profiles
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.reading import open_fixed
from sachhon.apps.intake.services.running import run_job, sent_of
from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.registry.models import Product, Record
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.registry.services.typing import take_out
from sachhon.workbooks.profile import ColumnMap
from sachhon.workbooks.profile import MappingProfile as Layout

State = ImportFile.State


@pytest.fixture
def map_all(django_capture_on_commit_callbacks):
    """A person who confirms each suggestion as it stands, then the worker."""

    def confirm(user, file, *, meter="", share=False, change=lambda mapping: mapping):
        with django_capture_on_commit_callbacks(execute=True):
            for suggestion in meter_format.suggestions(open_fixed(sent_of(file))):
                part = Part(change(suggestion), meter)
                mending.choose_mapping(user, file, part, suggestion.name, share)
        file.refresh_from_db()
        return file

    return confirm


def shared_file(name: str) -> ContentFile:
    return ContentFile((FILES / name).read_bytes(), name=name)


def bills(*lines, title="HÓA ĐƠN ĐIỆN NĂM 2025", sheet="Điện", header=None) -> ContentFile:
    """A workbook of one table: month, kWh, cost."""
    return book({sheet: [[title], header or ["Tháng", "Điện tiêu thụ (kWh)", "Thành tiền (đồng)"], *lines]})


def book(sheets: dict[str, list[list]], name="so.xlsx") -> ContentFile:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    for title, rows in sheets.items():
        sheet = workbook.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    workbook.close()
    return ContentFile(out.getvalue(), name=name)


def by_month(facility, **lookup) -> dict[str, Decimal]:
    rows = Record.objects.filter(facility=facility, **lookup).order_by("year", "month")
    return {f"{r.year}-{r.month:02d}": r.quantity for r in rows}


ANSWERS = json.loads((FILES / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "answer", "lookup"),
    [
        (
            "hoa_don_dien_2025.xlsx",
            "electricity_kWh_by_month_2025_spread_by_day",
            {"resource__code": "electricity"},
        ),
        ("so_theo_doi_than.xlsx", "coal_t_by_month", {"resource__code__startswith": "coal"}),
        ("nuoc.ods", "water_m3_by_month", {"resource__code": "water"}),
    ],
)
def test_factory_workbooks_become_records_equal_to_the_answers(cast, map_all, name, answer, lookup):
    user = cast.user("factory")
    (file,) = send(user, shared_file(name))
    assert file.state == State.NEEDS_MAPPING
    map_all(user, file)
    assert file.is_taken, [p.message for p in file.problems.all()]
    found = by_month(cast.brick, **lookup)
    assert {month: pytest.approx(float(value), abs=0.001) for month, value in found.items()} == ANSWERS[
        answer
    ]


def test_output_by_product_makes_the_products_and_undo_removes_them(cast, map_all):
    user = cast.user("factory")
    (file,) = send(user, shared_file("san_luong.xls"))
    map_all(user, file)
    answers = ANSWERS["output_pieces_by_month"]
    assert set(Product.objects.values_list("name", flat=True)) == set(answers)
    for product in Product.objects.all():
        assert by_month(cast.brick, product=product) == answers[product.name]
    assert {record.get_source_display() for record in Record.objects.all()} == {"Sổ theo dõi"}
    undo_file(user, file)
    assert not Record.objects.exists()
    assert not Product.objects.exists()


def test_the_yearly_figures_of_an_old_form_are_spread_as_estimates(cast, map_all):
    user = cast.user("factory")
    (file,) = send(user, shared_file("bao_cao_2024_font_cu.xlsx"))
    map_all(user, file)
    answers = ANSWERS["old_report_2024"]
    totals = {
        "electricity_kWh": by_month(cast.brick, resource__code="electricity"),
        "coal_t": by_month(cast.brick, resource__code__startswith="coal"),
        "water_m3": by_month(cast.brick, resource__code="water"),
    }
    for key, months in totals.items():
        assert len(months) == 12
        assert sum(months.values()) == answers[key]
    assert set(Record.objects.values_list("quality", flat=True)) == {"estimated"}
    assert rules(file).count("period_spread") == 3
    (line,) = file.summary["solutions"]
    assert (line["investment_vnd"], line["saving_vnd_per_year"]) == (
        answers["investment_VND"],
        answers["saving_VND_per_year"],
    )
    told = file.problems.get(rule="solution_asked")
    assert (told.sheet, told.cell, told.params["missing"]) == ("BC", "E8", ["name", "group", "done"])
    assert "tên giải pháp, nhóm giải pháp, ngày hoàn thành" in told.message


def test_half_hourly_readings_become_one_month_with_the_spike_left_out(cast, map_all):
    user = cast.user("factory")
    (file,) = send(user, shared_file("cong_to_30phut.csv"))
    map_all(user, file)
    assert file.state == State.TAKEN_WITH_WARNINGS
    found = by_month(cast.brick)
    assert float(found["2025-10"]) == pytest.approx(
        ANSWERS["interval_meter_2025_10"]["kWh_without_spike_error"]
    )
    assert Record.objects.get().changes.get().file_name == "cong_to_30phut.csv"


def test_the_next_file_of_the_layout_is_read_by_itself(cast, map_all):
    user = cast.user("factory")
    (first,) = send(user, bills(["T1", 100, 250000], ["T2", 120, 300000]))
    map_all(user, first)
    (second,) = send(user, bills(["T3", 90, 1], title="HÓA ĐƠN ĐIỆN NĂM 2025"))
    assert second.state == State.TAKEN
    assert by_month(cast.brick) == {"2025-01": 100, "2025-02": 120, "2025-03": 90}
    assert Record.objects.get(month=1).cost_vnd == 250000
    assert list(second.profiles.all()) == list(first.profiles.all())


def test_each_layout_of_a_workbook_is_mapped_or_skipped_and_none_silently(
    cast, django_capture_on_commit_callbacks
):
    user = cast.user("factory")
    sheets = {
        "Điện": [["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 10], ["T2", 11]],
        "Nước": [["NƯỚC NĂM 2025"], ["Tháng", "Nước (m3)", "Ghi chú"], ["T1", 5, ""], ["T2", 6, ""]],
    }
    (file,) = send(user, book(sheets))
    electricity, water = meter_format.suggestions(open_fixed(sent_of(file)))
    with django_capture_on_commit_callbacks(execute=True):
        mending.choose_mapping(user, file, Part(electricity), "Điện")
    file.refresh_from_db()
    assert file.state == State.NEEDS_MAPPING
    assert mending.unmapped(file) == [water.signature]
    with django_capture_on_commit_callbacks(execute=True):
        mending.choose_mapping(user, file, Part(water, skipped=True), "Nước")
    file.refresh_from_db()
    assert file.is_taken
    assert set(Record.objects.values_list("resource__code", flat=True)) == {"electricity"}


def test_a_sheet_with_figures_that_no_table_was_found_in_is_told(cast, map_all):
    sheets = {
        "Điện": [["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 10], ["T2", 11]],
        "Nháp": [[1, 2, 3], [4, 5, 6]],
    }
    (file,) = send(cast.user("factory"), book(sheets))
    map_all(cast.user("factory"), file)
    assert file.state == State.TAKEN_WITH_WARNINGS
    assert [(p.rule, p.sheet) for p in file.problems.all()] == [("sheet_not_read", "Nháp")]


def test_a_column_left_undecided_keeps_the_mapping_from_being_confirmed(cast):
    user = cast.user("factory")
    (file,) = send(user, bills(["T1", 100, 1]))
    (suggestion,) = meter_format.suggestions(open_fixed(sent_of(file)))
    undecided = suggestion.with_column("Thành tiền (đồng)", role="undecided")
    with pytest.raises(NotPossible, match="Thành tiền"):
        mending.choose_mapping(user, file, Part(undecided), "Hoá đơn")
    assert not MappingProfile.objects.exists()


def test_another_figure_for_the_same_month_replaces_it_and_names_both_sources(cast, map_all):
    user = cast.user("factory")
    write_records(
        user,
        cast.brick,
        [
            RecordRow(
                2025,
                1,
                "consumption",
                Decimal(90),
                resource=cast.electricity,
                file_name="bao-cao.xlsx",
                cell="C4",
            )
        ],
    )
    (file,) = send(user, bills(["T1", 100, 1], ["T2", 5, 1]))
    map_all(user, file)
    assert file.state == State.TAKEN_WITH_WARNINGS
    problem = file.problems.get(rule="value_replaced")
    for word in ("90", "100", "bao-cao.xlsx", "01/2025"):
        assert word in problem.message
    assert (problem.sheet, problem.cell) == ("Điện", "B3")
    record = Record.objects.get(month=1)
    assert record.quantity == 100
    assert record.changes.count() == 2
    undo_file(user, file)
    assert Record.objects.get().quantity == 90


def test_an_estimate_of_a_year_does_not_replace_months_that_are_known(cast, map_all):
    user = cast.user("factory")
    write_records(
        user, cast.brick, [RecordRow(2024, 1, "consumption", Decimal(9), resource=cast.electricity)]
    )
    (file,) = send(user, shared_file("bao_cao_2024_font_cu.xlsx"))
    map_all(user, file)
    assert Record.objects.get(month=1, resource=cast.electricity).quantity == 9
    assert "less_known" in rules(file)


def test_a_figure_under_a_meter_beside_one_without_is_refused_as_counted_twice(cast, map_all):
    user = cast.user("factory")
    write_records(
        user, cast.brick, [RecordRow(2025, 1, "consumption", Decimal(90), resource=cast.electricity)]
    )
    (file,) = send(user, bills(["T1", 100, 1]))
    map_all(user, file, meter="Công tơ 1")
    assert (file.state, rules(file)) == (State.REFUSED, ["total_and_meters"])
    assert Record.objects.get().quantity == 90


def test_two_meters_of_one_facility_stand_side_by_side(cast, map_all):
    user = cast.user("factory")
    (first,) = send(user, bills(["T1", 100, 1]))
    map_all(user, first, meter="Công tơ 1")
    (second,) = send(user, bills(["T1", 40, 1], header=["Tháng", "Điện năng (kWh)", "Thành tiền (đồng)"]))
    map_all(user, second, meter="Công tơ 2")
    assert {r.meter: r.quantity for r in Record.objects.all()} == {"Công tơ 1": 100, "Công tơ 2": 40}


def test_two_tables_with_two_figures_for_one_month_refuse_the_file(cast, map_all):
    sheets = {
        "A": [["ĐIỆN NĂM 2025"], ["Tháng", "Điện năng tiêu thụ (kWh)"], ["T1", 10]],
        "B": [["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 11]],
    }
    (file,) = send(cast.user("factory"), book(sheets))
    map_all(cast.user("factory"), file)
    assert (file.state, rules(file)) == (State.REFUSED, ["two_figures"])
    assert not Record.objects.exists()


def test_the_unit_of_a_known_product_is_kept(cast, map_all):
    user = cast.user("factory")
    Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="1000_vien")
    (file,) = send(user, shared_file("san_luong.xls"))
    map_all(user, file)
    product = Product.objects.get(name="Gạch đặc")
    assert product.unit == "1000_vien"
    assert by_month(cast.brick, product=product)["2025-01"] == 201
    undo_file(user, file)
    assert Product.objects.get() == product


def test_a_product_kept_in_another_unit_refuses_the_file_once_with_its_cells_and_adds_no_product(
    cast, map_all
):
    user = cast.user("factory")
    Product.objects.create(facility=cast.brick, name="Gạch 6 lỗ", unit="k_vien")
    (file,) = send(user, shared_file("san_luong.xls"))
    map_all(user, file)
    assert (file.state, rules(file), file.values_taken) == (State.REFUSED, ["product_unit_differs"], 0)
    problem = file.problems.get()
    assert problem.params["cells"] == [f"{column}6" for column in "CDEFGHIJKLMN"]
    assert "nghìn viên" in problem.message
    assert "viên QTC" in problem.message
    assert "k_vien" not in problem.message + problem.cure
    assert list(Product.objects.values_list("name", flat=True)) == ["Gạch 6 lỗ"]


METER = [["Ngày", "Chỉ số (kWh)"], ["01/01/2025", 0], ["01/02/2025", 120], ["01/03/2025", 250]]
METERED = {"2025-01": 120, "2025-02": 130}


def readings(unit="kWh") -> ContentFile:
    return book({"Công tơ": [["CHỈ SỐ CÔNG TƠ ĐIỆN NĂM 2025"], *METER]}, name="cong-to.xlsx")


@pytest.mark.parametrize("bill_first", [True, False])
def test_a_bill_does_not_outrank_the_meter_whichever_comes_later(cast, map_all, bill_first):
    user = cast.user("factory")
    bill = bills(["T1", 100, 250000], ["T2", 130, 300000])
    for upload in (bill, readings()) if bill_first else (readings(), bill):
        (file,) = send(user, upload)
        map_all(user, file)
        assert file.is_taken
    assert by_month(cast.brick) == METERED
    assert set(Record.objects.values_list("source", flat=True)) == {"meter"}
    # The money of the bill is kept either way: the meter says nothing of it.
    assert list(Record.objects.order_by("month").values_list("cost_vnd", flat=True)) == [250000, 300000]
    told = {problem.rule: problem for problem in file.problems.all()}
    if bill_first:
        assert set(told) == {"value_replaced"}
    else:
        assert set(told) == {"outranked", "cost_added"}
        assert told["outranked"].params["figures"] == [["2025-01", "120", "100", "B3"]]
        assert "số đọc công tơ (nguồn: cong-to.xlsx) được giữ" in told["outranked"].message
        undo_file(user, file)
        assert by_month(cast.brick) == METERED


def test_the_preview_tells_which_figures_of_another_source_would_be_replaced(client, cast, map_all):
    user = cast.user("factory")
    (bill,) = send(user, bills(["T1", 100, 250000]))
    map_all(user, bill)
    meter = [
        ["CHỈ SỐ CÔNG TƠ ĐIỆN NĂM 2025"],
        ["Ngày", "Chỉ số (kWh)"],
        ["01/01/2025", 0],
        ["01/02/2025", 120],
    ]
    (file,) = send(user, book({"Công tơ": meter}, name="cong-to.xlsx"))
    client.force_login(user)
    html = client.get(reverse("intake:mapping", args=[file.pk])).content.decode()
    told = html.split('id="preview"', 1)[1]
    assert "sẽ được thay bằng số của tệp này" in told
    assert "100" in told.split("sẽ được thay", 1)[1].split("</li>", 1)[0]
    assert "120" in told.split("sẽ được thay", 1)[1].split("</li>", 1)[0]
    assert "Số tiền đang có vẫn giữ" in told
    assert Record.objects.get().quantity == 100


def test_a_meter_with_gaps_leaves_the_bill_of_the_month(client, cast, map_all):
    user = cast.user("factory")
    write_records(user, cast.brick, [RecordRow(
        2025, 10, "consumption", Decimal("24675.24"), resource=cast.electricity, source="invoice", cost_vnd=50_000_000
    )])  # fmt: skip
    (file,) = send(user, shared_file("cong_to_30phut.csv"))
    client.force_login(user)
    html = client.get(reverse("intake:mapping", args=[file.pk])).content.decode()
    assert "thiếu một phần của tháng" in html
    assert "số ước" not in html.split('id="preview"', 1)[1]
    map_all(user, file)
    (told,) = [problem for problem in file.problems.all() if problem.rule == "less_known"]
    assert (file.state, file.values_taken, told.level) == (State.OUTDONE, 0, "warning")
    assert "bấm “Đọc lại”" in told.cure
    page = client.get(reverse("intake:file", args=[file.pk])).content.decode()
    assert "Giữ số tốt hơn" in page
    assert reverse("registry:records", args=[cast.brick.code]) + "?year=2025" in page
    record = Record.objects.get()
    assert (record.quantity, record.source, record.cost_vnd) == (Decimal("24675.24"), "invoice", 50_000_000)


def test_a_meter_with_gaps_is_a_meter_and_counts_where_there_is_nothing_better(cast, map_all):
    user = cast.user("factory")
    (file,) = send(user, shared_file("cong_to_30phut.csv"))
    map_all(user, file)
    record = Record.objects.get()
    assert (record.source, record.quality) == ("meter", "estimated")


@pytest.mark.parametrize(
    ("day", "why"), [("20/01/2025", "chỉ có số của một phần tháng"), ("01/02/2025", None)]
)
def test_a_part_of_a_month_beside_the_bill_of_the_whole_is_called_by_its_name(cast, map_all, day, why):
    user = cast.user("factory")
    row = RecordRow(2025, 1, "consumption", Decimal(100), resource=cast.electricity, source="invoice")
    write_records(user, cast.brick, [row])
    table = [["CHỈ SỐ CÔNG TƠ ĐIỆN NĂM 2025"], ["Ngày", "Chỉ số (kWh)"], ["01/01/2025", 0], [day, 80]]
    (file,) = send(user, book({"Công tơ": table}))
    map_all(user, file)
    told = {problem.rule: problem for problem in file.problems.all()}
    assert ("less_known" in told) is bool(why)
    if why:
        assert file.state == State.OUTDONE
        assert why in told["less_known"].message
        assert "ước" not in told["less_known"].message
    assert by_month(cast.brick) == {"2025-01": 100 if why else 80}


def test_a_file_that_was_outdone_is_taken_once_the_figures_that_were_there_are_gone(cast, map_all):
    user = cast.user("factory")
    (meter,) = send(user, readings())
    map_all(user, meter)
    (bill,) = send(user, bills(["T1", 100, ""], header=["Tháng", "Điện tiêu thụ (kWh)", "Ghi chú"]))
    map_all(user, bill)
    assert bill.state == State.OUTDONE
    take_out(user, Record.objects.get(month=1))
    mending.retry(user, bill)
    run_job(bill.job_id)
    assert by_month(cast.brick) == {"2025-01": 100, "2025-02": 130}


def test_a_file_of_which_every_figure_is_outranked_is_kept_with_both_figures_and_is_no_error(cast, map_all):
    user = cast.user("factory")
    (meter,) = send(user, readings())
    map_all(user, meter)
    header = ["Tháng", "Điện tiêu thụ (kWh)", "Ghi chú"]
    (file,) = send(user, bills(["T1", 100, ""], ["T2", 90, ""], header=header))
    map_all(user, file)
    assert (file.state, file.values_taken) == (State.OUTDONE, 0)
    problem = file.problems.get()
    assert (problem.rule, problem.level, problem.params["count"]) == ("outranked", "warning", 2)
    assert problem.params["figures"] == [["2025-01", "120", "100", "B3"], ["2025-02", "130", "90", "B4"]]
    assert by_month(cast.brick) == METERED


def test_a_part_of_a_month_at_the_meter_gives_way_to_the_bill_of_the_whole(cast, map_all):
    user = cast.user("factory")
    row = RecordRow(
        2025, 1, "consumption", Decimal(40), resource=cast.electricity, source="meter", quality="suspect"
    )
    write_records(user, cast.brick, [row])
    (file,) = send(user, bills(["T1", 100, 200_000]))
    map_all(user, file)
    assert by_month(cast.brick) == {"2025-01": 100}
    assert rules(file) == ["value_replaced"]


def test_a_shared_profile_serves_the_province_and_no_further(cast, map_all):
    officer = cast.user("centre")
    (first,) = send(officer, bills(["T1", 100, 200_000]), facility=cast.brick)
    map_all(officer, first, share=True)
    (second,) = send(officer, bills(["T2", 50, 100_000]), facility=cast.quarry)
    assert second.state == State.TAKEN
    assert by_month(cast.quarry) == {"2025-02": 50}
    (far,) = send(cast.user("admin"), bills(["T3", 50, 1]), facility=cast.stranger)
    assert far.state == State.NEEDS_MAPPING


def test_a_factory_cannot_share_a_profile(cast):
    user = cast.user("factory")
    (file,) = send(user, bills(["T1", 100, 1]))
    (suggestion,) = meter_format.suggestions(open_fixed(sent_of(file)))
    with pytest.raises(PermissionDenied):
        mending.choose_mapping(user, file, Part(suggestion), "Hoá đơn", share=True)
    with pytest.raises(PermissionDenied):
        profiles.share_profile(user, MappingProfile(facility=cast.brick), True)


def test_an_officer_is_asked_whose_the_bills_are_before_the_columns(cast):
    (file,) = send(cast.user("centre"), bills(["T1", 100, 1]))
    assert file.state == State.NEEDS_FACILITY
    (suggestion,) = meter_format.suggestions(open_fixed(sent_of(file)))
    with pytest.raises(NotPossible):
        mending.choose_mapping(cast.user("centre"), file, Part(suggestion), "Hoá đơn")


def test_a_profile_that_is_damaged_refuses_the_file_with_a_cure(cast, map_all):
    user = cast.user("factory")
    (first,) = send(user, bills(["T1", 100, 1]))
    map_all(user, first)
    MappingProfile.objects.update(spec={"mapping": {"kind": "bills"}})
    (second,) = send(user, bills(["T2", 100, 1]))
    assert (second.state, rules(second)) == (State.REFUSED, ["mapping_unusable"])


def test_renaming_and_deleting_a_profile_leaves_what_was_taken(cast, map_all):
    user = cast.user("factory")
    (file,) = send(user, bills(["T1", 100, 1]))
    map_all(user, file)
    profile = MappingProfile.objects.get()
    profiles.rename_profile(user, profile, "Hoá đơn điện lực")
    assert MappingProfile.objects.get().name == "Hoá đơn điện lực"
    with pytest.raises(NotPossible):
        profiles.rename_profile(user, profile, "  ")
    profiles.delete_profile(user, profile)
    assert Record.objects.get().quantity == 100
    (again,) = send(user, bills(["T2", 100, 1]))
    assert again.state == State.NEEDS_MAPPING


@pytest.mark.parametrize(
    ("code", "flow"),
    [("wastewater", "waste"), ("electricity", "consumption"), ("coal_cam_5_6", "consumption")],
)
def test_a_resource_chosen_for_a_column_says_which_way_it_goes(code, flow):
    column = ColumnMap("Lượng", 1, "quantity")
    base = Part(Layout("Sổ", "ledger", "x", columns=(ColumnMap("Tháng", 0, "date"), column)), "")
    part = mapform.apply(base, {"role_1": "quantity", "resource_1": mapform.resource_name(code)})
    assert part.mapping.columns[1].flow == flow
    assert mapform.apply(base, {"role_1": "quantity", "resource_1": ""}).mapping.columns[1].flow is None


def test_a_column_whose_resource_stays_keeps_the_way_it_was_given():
    name = mapform.resource_name("wastewater")
    column = ColumnMap("Lượng", 0, "quantity", resource="wastewater", flow="output")
    base = Part(Layout("Sổ", "ledger", "x", columns=(column,)), "")
    assert mapform.apply(base, {"role_0": "quantity", "resource_0": name}).mapping.columns[0].flow == "output"
