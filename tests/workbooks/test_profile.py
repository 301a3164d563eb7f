"""Mapping profiles: kept as text, found again by layout, edited by a person, honest about what is open."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.problems import Problem, register_catalogue
from sachhon.workbooks.profile import MappingProfile, find_profiles, signature
from sachhon.workbooks.suggest import suggest

from .making import as_csv, as_xlsx

FILES = Path(__file__).parent / "files"


def bills(year, extra=(), order=(0, 1, 2, 3)):
    lines = [
        ["Từ ngày", "Đến ngày", "Điện tiêu thụ (kWh)", "Ghi chú"],
        [f"01/01/{year}", f"31/01/{year}", "3.100", ""],
        [f"01/02/{year}", f"28/02/{year}", "2.800", ""],
    ]
    lines = [[line[i] for i in order] for line in lines]
    return as_xlsx({"HĐ": [[f"HÓA ĐƠN ĐIỆN NĂM {year}"], *extra, *lines]})


def test_next_years_file_of_the_same_layout_finds_its_profile_and_is_read():
    (profile,) = suggest(open_workbook(bills(2025)))
    (other,) = suggest(open_workbook((FILES / "nuoc.ods").read_bytes()))
    next_year = open_workbook(bills(2026, extra=[["In ngày 05/01/2027"], []]))
    assert signature(next_year.sheets[0]) == profile.signature
    assert find_profiles(next_year, [other, profile]) == [profile]
    assert [r.period for r in extract(next_year, profile).readings] == ["2026-01", "2026-02"]


def test_columns_that_moved_are_followed_by_their_header_and_told():
    (profile,) = suggest(open_workbook(bills(2025)))
    got = extract(open_workbook(bills(2025, order=(2, 3, 0, 1))), profile)
    assert [int(r.quantity) for r in got.readings] == [3100, 2800]
    assert {p.rule for p in got.problems} == {"column_moved"}
    assert [p.params["new"] for p in got.problems] == ["A", "C", "D"]


def test_a_missing_column_and_a_missing_sheet_are_errors():
    (profile,) = suggest(open_workbook(bills(2025)))
    got = extract(open_workbook(bills(2025, order=(0, 1, 3))), profile)
    assert ("error", "column_missing") in [(p.level, p.rule) for p in got.problems]
    assert got.readings == ()
    elsewhere = open_workbook(as_xlsx({"Khác": [["a", "b"], [1, 2]]}))
    assert [p.rule for p in extract(elsewhere, profile).problems] == ["sheet_missing"]


def test_a_renamed_sheet_is_still_read():
    (profile,) = suggest(open_workbook(bills(2025)))
    renamed = replace(profile, sheet="Tên cũ")
    assert len(extract(open_workbook(bills(2025)), renamed).readings) == 2


def test_an_unclear_column_is_left_to_a_person_and_never_read_silently():
    rows = [["Tháng", "Điện (kWh)", "Chỉ tiêu K"], ["T1/2025", 100, 7], ["T2/2025", 110, 8]]
    workbook = open_workbook(as_xlsx({"S": rows}))
    (profile,) = suggest(workbook)
    assert profile.undecided == ("Chỉ tiêu K",)
    got = extract(workbook, profile)
    assert [(p.rule, p.cell) for p in got.problems] == [("column_undecided", "C1")]
    assert {r.resource for r in got.readings} == {"electricity"}
    decided = profile.with_column("chi tieu k", role="skip")
    assert decided.undecided == ()
    assert extract(workbook, decided).problems == ()
    with pytest.raises(KeyError, match="Điện"):
        profile.with_column("không có cột này", role="skip")


def test_a_person_names_what_the_file_does_not():
    rows = [["Ngày", "Số lượng", "ĐVT"], ["05/01/2025", 10, "kg"], ["06/01/2025", 20, "kg"]]
    workbook = open_workbook(as_xlsx({"S": rows}))
    (profile,) = suggest(workbook)
    assert profile.undecided == ("flow", "label")
    assert [p.rule for p in extract(workbook, profile).problems] == ["label_missing", "no_readings"]
    named = replace(profile, label="Keo dán", flow="consumption")
    (reading,) = extract(workbook, named).readings
    assert (reading.label, str(reading.quantity), reading.unit) == ("Keo dán", "0.03", "t")


def test_every_choice_has_its_reason_in_both_languages():
    for name in ("hoa_don_dien_2025.xlsx", "so_theo_doi_than.xlsx", "san_luong.xls", "cong_to_30phut.csv"):
        for profile in suggest(open_workbook(FILES / name)):
            for column in profile.columns:
                assert len(column.why("vi")) > 5
                assert len(column.why("en")) > 5
                assert "{" not in column.why("vi")


def test_a_profile_survives_storage_and_rubbish_is_refused():
    for name in ("hoa_don_dien_2025.xlsx", "bao_cao_2024_font_cu.xlsx"):
        (profile,) = suggest(open_workbook(FILES / name))
        assert MappingProfile.from_json(profile.to_json()) == profile
    for rubbish in ("{", "[]", "{}", '{"name": 1, "surprise": 2}', "null"):
        with pytest.raises(ValueError, match=r"profile|Expecting"):
            MappingProfile.from_json(rubbish)


def test_hidden_sheets_are_not_suggested_and_read_only_when_named():
    book = openpyxl.load_workbook(io.BytesIO(bills(2025)))
    book.create_sheet("Trang bìa")["A1"] = "x"
    book["HĐ"].sheet_state = "hidden"
    raw = io.BytesIO()
    book.save(raw)
    workbook = open_workbook(raw.getvalue())
    assert suggest(workbook) == []
    (profile,) = suggest(open_workbook(bills(2025)))
    assert len(extract(workbook, profile).readings) == 2
    narrowed = extract(workbook, replace(profile, sheet="H*"))
    assert [p.rule for p in narrowed.problems] == ["sheet_missing"]


def test_whether_a_meter_is_read_in_the_morning_or_evening_is_a_choice():
    rows = [["Ngày đọc", "Chỉ số nước (m3)"], ["01/01/2025", 0], ["01/02/2025", 310], ["01/03/2025", 590]]
    workbook = open_workbook(as_csv(rows))
    (profile,) = suggest(workbook)
    morning = extract(workbook, profile)
    evening = extract(workbook, replace(profile, reading_time="evening"))
    assert {r.period: int(r.quantity) for r in morning.readings} == {"2025-01": 310, "2025-02": 280}
    assert {r.period: int(r.quantity) for r in evening.readings} == {
        "2025-01": 300,
        "2025-02": 280,
        "2025-03": 10,
    }


def test_problems_speak_and_travel_as_plain_data():
    problem = Problem("error", "number_unreadable", "Than", "C7", {"value": "<b>x" * 100})
    assert problem.place == "Than!C7"
    assert Problem.from_dict(problem.to_dict()).to_dict() == problem.to_dict()
    assert len(problem.message()) < 200
    assert problem.message("vi") != problem.message("en")


def test_another_package_adds_rules_but_cannot_take_one_over(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("rule,message_vi,cure_vi,message_en,cure_en\nfile_empty,a,b,c,d\n", encoding="utf-8")
    with pytest.raises(ValueError, match="file_empty"):
        register_catalogue(own)


def test_dates_of_real_type_and_text_mix_in_one_column():
    rows = [
        ["SỔ THAN NĂM 2025"],
        ["Ngày", "ĐVT", "Xuất"],
        [date(2025, 1, 5), "t", 1],
        ["06/01/25", "t", "2,5"],
    ]
    workbook = open_workbook(as_xlsx({"Than": rows}))
    (reading,) = extract(workbook, suggest(workbook)[0]).readings
    assert float(reading.quantity) == 3.5
