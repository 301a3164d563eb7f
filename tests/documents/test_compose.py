"""What the report says: the right sentences, numbered parts, notes in order, nothing invented."""

import re
from dataclasses import replace

import pytest

from sachhon.documents.cites import split_cites
from sachhon.documents.compose import FigureBlock, Paragraph, TableBlock, compose
from sachhon.documents.lineage_tables import breakable, with_codes
from sachhon.documents.report_tables import targets_table

from . import sample


def texts(report, section: str) -> list[str]:
    """Paragraphs of a section without the marks of its notes."""
    blocks = report.content.get(section, ())
    return ["".join(w for w, _ in split_cites(b.text)) for b in blocks if isinstance(b, Paragraph)]


@pytest.fixture(scope="module")
def report():
    return compose(sample.report(), "vi")


def test_parts_and_sections_are_numbered_in_order(report):
    parts = [h for h in report.headings.values() if re.match(r"[IVX]+\. ", h)]
    assert [h.split(".")[0] for h in parts] == ["I", "II", "III", "IV", "V"]
    assert report.headings["proposals"] == "3. Đề xuất của Sở Công Thương"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("vi", "Riêng năm 2025 chưa ghi nhận giải pháp nào."),
        ("en", "Of the year 2025 alone none is recorded."),
    ],
)
def test_a_year_without_a_solution_is_said_in_words_not_in_dashes(lang, said):
    data = sample.report()
    nothing = replace(data.solutions.of_year, solutions=0, facilities=0, investment_vnd=None, saving_vnd=None)
    report = compose(replace(data, solutions=replace(data.solutions, of_year=nothing)), lang)
    assert said.replace("2025", str(data.year)) in texts(report, "solutions")[0]


def test_an_empty_section_takes_its_heading_and_number_away():
    data = replace(sample.report(), next_tasks=(), requests=())
    report = compose(data, "vi")
    assert "tasks" not in report.headings
    assert report.headings["proposals"] == "2. Đề xuất của Sở Công Thương"
    assert texts(report, "requests") == ["Các cơ sở không có kiến nghị, đề nghị."]


def test_the_targets_are_told_with_counts_interval_and_verdict(report):
    first, *rest = texts(report, "targets")
    assert first.startswith(
        "Trong 04 mục tiêu được theo dõi: 01 mục tiêu đạt, 02 mục tiêu chưa đạt, 01 mục tiêu"
    )
    assert rest[0] == (
        "a) Cơ sở nhận thức được lợi ích của sản xuất sạch hơn: kế hoạch ≥\u00a090% đến năm 2030; có 204 trong 255 "
        "cơ sở đã rõ tình trạng đạt yêu cầu, còn 45 cơ sở chưa rõ trong tổng số 300 cơ sở. Ước đạt 80,0% "
        "(khoảng tin cậy 95%: 75,3–84,1%). Kết luận: chưa đạt, còn thiếu 66 cơ sở."
    )
    assert rest[1].endswith("Kết luận: chưa đủ căn cứ để khẳng định đạt hay chưa đạt.")
    assert rest[2].endswith("Kết luận: đạt mục tiêu.")


def test_savings_of_the_three_states_are_never_added_up(report):
    data = sample.report()
    everything = sum(t.vnd or 0 for t in data.saving_totals) // 1_000_000
    shown = f"{everything:,}".replace(",", ".")
    said = " ".join(texts(report, "savings"))
    assert "13.618 triệu đồng" in said
    assert "28.387 triệu đồng" in said
    assert "4.493 triệu đồng" in said
    assert shown not in said
    assert "không cộng gộp" in said


def test_reporting_says_due_day_counts_and_estimates(report):
    said = " ".join(texts(report, "reporting"))
    assert "trước ngày 15 tháng 12 năm 2026" in said
    assert (
        "269/300 cơ sở đã nộp báo cáo, đạt 89,7%; trong đó 231 cơ sở nộp đúng hạn (77,0%), 38 cơ sở nộp muộn"
        in said
    )
    assert "247 báo cáo có tháng là số ước" in said
    assert "Phụ lục II" in said


def test_change_against_the_year_before_has_its_direction(report):
    falling = (
        "- Năng lượng năm 2026 ước 251.484 TOE, giảm 1,4% so với năm 2025 ở 212 cơ sở có số liệu cả hai năm."
    )
    assert falling in texts(report, "consumption")
    data = sample.report()
    totals = tuple(replace(t, change_percent=sample.D("1.31")) for t in data.consumption.totals)
    rising = compose(
        replace(data, consumption=replace(data.consumption, totals=totals, last_year_estimated=False)), "vi"
    )
    (energy, _co2) = texts(rising, "consumption")[1:]
    assert (
        energy
        == "- Năng lượng năm 2026: 251.484 TOE, tăng 1,3% so với năm 2025 ở 212 cơ sở có số liệu cả hai năm."
    )
    alone = replace(data.consumption, totals=tuple(replace(t, change_percent=None) for t in totals))
    assert texts(compose(replace(data, consumption=alone), "vi"), "consumption")[1].endswith("251.484 TOE.")


def test_reports_in_doubt_are_named_with_what_it_means():
    data = sample.report()
    held = replace(data.reporting, held=("Xưởng gạch An Bình", "Mỏ đá Hồng Phong"))
    said = " ".join(texts(compose(replace(data, reporting=held), "vi"), "reporting"))
    assert (
        "Số liệu của 02 báo cáo đã nộp nhưng còn nghi vấn chưa giải quyết (Xưởng gạch An Bình; Mỏ đá Hồng Phong)"
        in said
    )


def test_each_figure_is_noted_once_at_its_first_place(report):
    cited = [
        code
        for blocks in report.content.values()
        for block in blocks
        if isinstance(block, Paragraph)
        for _, code in split_cites(block.text)
        if code
    ]
    assert len(cited) == len(set(cited)) == 9
    assert cited[:3] == ["LS-2026-CS", "LS-2026-BC", "LS-2026-MT-1"]
    assert "Công thức: 204 ÷ 255 × 100 = 80,0%." in report.notes["LS-2026-MT-1"].words
    assert report.notes["LS-2026-MT-1"].code == " Mã số liệu: LS-2026-MT-1."
    assert "LS-2026-MT-1" not in report.notes["LS-2026-MT-1"].words


def test_tables_and_pictures_count_up(report):
    captions = [
        b.caption for blocks in report.content.values() for b in blocks if not isinstance(b, Paragraph)
    ]
    assert [c for c in captions if c.startswith("Bảng")][-1].startswith("Bảng 9. ")
    assert [c for c in captions if c.startswith("Hình")][-1].startswith("Hình 4. ")


def test_appendices_are_roman_and_say_what_they_are_attached_to(report):
    assert [a.head for a in report.appendices] == [f"Phụ lục {n}" for n in ("I", "II", "III", "IV")]
    assert {a.attached for a in report.appendices} == {
        "(Kèm theo Báo cáo số 215/BC-SCT ngày 05 tháng 02 năm 2027 của Sở Công Thương)"
    }
    codes = {b.table.code for b in report.appendices[-1].blocks if isinstance(b, TableBlock)}
    assert codes == {"rules", "origins"}


def test_the_closing_goes_to_whom_the_report_is_addressed():
    assert compose(sample.report(), "vi").closing.endswith("xem xét, chỉ đạo./.")
    ministry = compose(sample.draft(), "vi")
    assert ministry.closing.endswith("xem xét, tổng hợp./.")
    assert ministry.head["number"] == "Số:        /BC-SCT"
    assert ministry.head["place_date"] == "Lạng Sơn, ngày … tháng … năm 2027"
    assert ministry.head["banner"] == "DỰ THẢO – chưa ban hành"


def test_demo_and_draft_are_both_named():
    both = compose(replace(sample.report(), draft=True), "vi").head["banner"]
    assert "DỮ LIỆU TRÌNH DIỄN – không phải số liệu thật" in both
    assert "DỰ THẢO" in both


def test_recipients_end_in_semicolons_and_the_archive_in_a_full_stop(report):
    assert report.copies[0] == "- Như trên;"
    assert report.copies[-1] == "- Lưu: VT, KTAT&MT."


def test_a_bare_province_can_still_report():
    """No facility has reported, nothing is known: the report says so and divides by nothing."""
    data = sample.report()
    zero = replace(
        data.reporting, required=0, on_time=0, late=0, missing=0, accepted=0, with_estimated_months=0, rows=()
    )
    empty = replace(
        data,
        introduction=replace(data.introduction, by_size=(), further=(), legal_basis=(), remarks=()),
        reporting=zero,
        targets=(),
        savings=(),
        saving_totals=(),
        breakdowns=(),
        solutions=replace(
            data.solutions, rows=(), total=replace(data.solutions.total, solutions=0), filed_as_treatment=0
        ),
        consumption=replace(data.consumption, rows=(), totals=()),
        difficulties=(),
        requests=(),
        footnotes=(),
        appendix_tables=(),
    )
    report = compose(empty, "vi")
    assert texts(report, "solutions") == ["Trong năm chưa có giải pháp SXSH nào được báo cáo."]
    assert texts(report, "savings") == ["Chưa có số liệu tiết kiệm."]
    assert "consumption" not in report.content
    assert not any(isinstance(b, FigureBlock) for blocks in report.content.values() for b in blocks)


def test_english_is_english_where_the_words_are_ours():
    report = compose(sample.english(), "en")
    said = " ".join(texts(report, "targets") + texts(report, "reporting") + texts(report, "savings"))
    assert "Verdict: not met, 66 facilities short." in said
    assert "31 facilities have not reported" in said
    assert report.head["place_date"] == "Lạng Sơn, 5 February 2027"
    assert "in operation in 12 sectors in 38 communes and wards" in texts(report, "general")[0]


def test_a_code_on_paper_breaks_between_its_parts_and_reads_the_same():
    code = "target:langson_2026_2030.applying:20:2026"
    shown = breakable(code)
    assert shown.replace("\u200b", "") == code
    assert [part for part in shown.split("\u200b") if len(part) > 20] == []
    targets = targets_table(sample.report(), "vi")
    printed = with_codes(targets, "vi", on_paper=True)
    assert printed.columns[-1].width > 2
    assert [row[-1] for row in printed.rows] == [breakable(code) for code in targets.figure_codes]
    assert [row[-1] for row in with_codes(targets, "vi").rows] == list(targets.figure_codes)
