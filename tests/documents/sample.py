"""A rich report of a made-up province's year: invented facilities, figures that fit each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D

from sachhon.documents.charts import MonthlySeries
from sachhon.documents.model import (
    Breakdown,
    BreakdownRow,
    Consumption,
    ConsumptionRow,
    Figure,
    Footnote,
    Introduction,
    OfficialLetterhead,
    Plan,
    ProvinceReportData,
    ReportingRow,
    ReportingStatus,
    SavingFigures,
    SavingRow,
    SavingTotal,
    SizeCount,
    SolutionRow,
    Solutions,
    TargetRow,
    VoiceRow,
)
from sachhon.documents.shapes import Column, Table

YEAR = 2026
SECTORS = (
    ("Khai thác đá", 69), ("Chế biến gỗ, ván bóc", 60), ("Chế biến thực phẩm, đồ uống, chè", 39),
    ("Gạch, ngói đất sét nung", 36), ("Cơ khí", 24), ("Nhựa thông, tinh dầu hồi", 24),
    ("Bê tông, cấu kiện bê tông", 15), ("Bột đá, khoáng chất", 9), ("Chì, kẽm", 6), ("Xi măng", 6),
    ("Than, điện", 6), ("Ngành khác", 6),
)  # fmt: skip
AREAS = (
    "Phường Đông Kinh", "Phường Lương Văn Tri", "Phường Tam Thanh", "Phường Kỳ Lừa", "Xã Đoàn Kết",
    "Xã Quốc Khánh", "Xã Tân Tiến", "Xã Kháng Chiến", "Xã Thất Khê", "Xã Tràng Định", "Xã Quốc Việt",
    "Xã Hoa Thám", "Xã Quý Hòa", "Xã Hồng Phong", "Xã Thiện Hòa", "Xã Thiện Thuật", "Xã Bình Gia",
    "Xã Na Sầm", "Xã Đồng Đăng", "Xã Cao Lộc", "Xã Công Sơn", "Xã Điềm He", "Xã Khánh Khê", "Xã Yên Phúc",
    "Xã Bắc Sơn", "Xã Tân Tri", "Xã Hưng Vũ", "Xã Vũ Lễ", "Xã Hữu Lũng", "Xã Yên Bình", "Xã Hữu Liên",
    "Xã Cai Kinh", "Xã Chi Lăng", "Xã Bằng Mạc", "Xã Na Dương", "Xã Lộc Bình", "Xã Mẫu Sơn", "Xã Đình Lập",
)  # fmt: skip
GROUPS = (
    ("Quản lý nội vi", 141, 96, 812_000_000, 3_410_000_000),
    ("Kiểm soát quá trình tốt hơn", 64, 51, 1_960_000_000, 4_275_000_000),
    ("Thay đổi nguyên liệu", 12, 12, 640_000_000, 918_000_000),
    ("Cải tiến thiết bị", 58, 47, 18_450_000_000, 7_236_000_000),
    ("Công nghệ sản xuất mới", 6, 6, 41_200_000_000, 9_105_000_000),
    ("Tận thu, tái sử dụng tại chỗ", 37, 33, 2_870_000_000, 2_244_000_000),
    ("Tạo sản phẩm phụ hữu ích", 9, 9, 1_150_000_000, 1_012_000_000),
    ("Cải tiến sản phẩm", 4, 4, 305_000_000, 187_000_000),
)
SAVINGS = (
    ("verified", "Than cám", "tấn", "3120.5", 7_801_000_000, "1872.3", "6480.0", 14),
    ("verified", "Điện", "MWh", "2846.0", 5_407_000_000, "439.1", "1876.4", 21),
    ("verified", "Nước", "nghìn m³", "48.2", 410_000_000, None, None, 6),
    ("reported", "Than cám", "tấn", "5210.0", 13_025_000_000, "3126.0", "10820.0", 31),
    ("reported", "Điện", "MWh", "5120.4", 9_728_000_000, "790.1", "3375.9", 72),
    ("reported", "Dầu diesel", "nghìn lít", "214.0", 4_066_000_000, "188.3", "577.8", 28),
    ("reported", "Nước", "nghìn m³", "131.6", 1_118_000_000, None, None, 19),
    ("reported", "Gỗ nguyên liệu", "m³", "640.0", 450_000_000, None, None, 11),
    ("estimated", "Điện", "MWh", "1980.0", 3_762_000_000, "305.5", "1305.4", 34),
    ("estimated", "Củi, sinh khối", "tấn", "860.0", 731_000_000, "318.2", None, 17),
)


def letterhead() -> OfficialLetterhead:
    return OfficialLetterhead(
        parent_body="UBND tỉnh Lạng Sơn",
        issuing_body="Sở Công Thương",
        issuing_body_name="Sở Công Thương",
        symbol="BC-SCT",
        place="Lạng Sơn",
        addressees=("Ủy ban nhân dân tỉnh Lạng Sơn",),
        copies_to=(
            "Như trên",
            "Lãnh đạo Sở",
            "Sở Nông nghiệp và Môi trường",
            "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp",
        ),
        archive_line="Lưu: VT, KTAT&MT",
        signer_title_lines=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        signer_name="Nguyễn Văn Mẫu",
        number="215",
        date=dt.date(2027, 2, 5),
    )


def report() -> ProvinceReportData:
    savings = tuple(
        SavingRow(
            state, name, unit, D(quantity), vnd, D(toe) if toe else None, D(co2) if co2 else None, count,
            f"LS-{YEAR}-TK-{state[:3].upper()}-{i:02d}",
        )
        for i, (state, name, unit, quantity, vnd, toe, co2, count) in enumerate(SAVINGS, 1)
    )  # fmt: skip
    totals = tuple(
        SavingTotal(
            state,
            sum(s.vnd or 0 for s in savings if s.state == state),
            sum((s.toe or D(0) for s in savings if s.state == state), D(0)),
            sum((s.co2_t or D(0) for s in savings if s.state == state), D(0)),
            count,
            f"LS-{YEAR}-TK-{state[:3].upper()}",
        )
        for state, count in (("estimated", 44), ("reported", 97), ("verified", 31))
    )
    return ProvinceReportData(
        letterhead=letterhead(),
        audience="peoples_committee",
        province="tỉnh Lạng Sơn",
        year=YEAR,
        plan=Plan(
            "Kế hoạch sản xuất sạch hơn trong công nghiệp giai đoạn 2026–2030 (trình diễn)",
            "Kế hoạch số 00/KH-UBND của Ủy ban nhân dân tỉnh Lạng Sơn",
            2026,
            2030,
        ),
        introduction=Introduction(
            legal_basis=(
                "Chiến lược sản xuất sạch hơn trong công nghiệp đến năm 2020 ban hành kèm theo Quyết định số "
                "1419/QĐ-TTg ngày 07 tháng 9 năm 2009 của Thủ tướng Chính phủ",
                "Kế hoạch số 00/KH-UBND của Ủy ban nhân dân tỉnh Lạng Sơn về sản xuất sạch hơn trong công nghiệp "
                "giai đoạn 2026–2030",
            ),
            facilities=Figure("Cơ sở đang hoạt động", 300, "cơ sở", f"LS-{YEAR}-CS"),
            by_size=(
                SizeCount("siêu nhỏ", 180),
                SizeCount("nhỏ", 84),
                SizeCount("vừa", 24),
                SizeCount("lớn", 12),
            ),
            sectors=12,
            areas=38,
            further=(
                Figure("Cơ sở sử dụng năng lượng trọng điểm", 14, "cơ sở", f"LS-{YEAR}-NLTD"),
                Figure(
                    "Tổng tiêu thụ năng lượng của các cơ sở đã báo cáo", D("251480.4"), "TOE", f"LS-{YEAR}-TOE"
                ),
            ),
            remarks=(
                "Năm 2026 là năm đầu thực hiện kế hoạch giai đoạn 2026–2030 và là năm đầu các xã, phường thực hiện "
                "nhiệm vụ đầu mối ở cơ sở sau khi kết thúc hoạt động của đơn vị hành chính cấp huyện.",
            ),
        ),
        reporting=ReportingStatus(
            due=dt.date(2026, 12, 15),
            as_of=dt.date(2027, 1, 31),
            required=300,
            on_time=231,
            late=38,
            missing=31,
            accepted=262,
            with_estimated_months=247,
            figure_code=f"LS-{YEAR}-BC",
            correction_due=dt.date(2027, 1, 31),
            rows=_late_rows(),
        ),
        targets=_targets(),
        savings=savings,
        saving_totals=totals,
        breakdowns=_breakdowns(),
        solutions=Solutions(
            rows=tuple(
                SolutionRow(f"N{i}", *group, figure_code=f"LS-{YEAR}-GP-{i}")
                for i, group in enumerate(GROUPS, 1)
            ),
            total=SolutionRow(
                "N", "Tổng cộng", sum(g[1] for g in GROUPS), 134, sum(g[3] for g in GROUPS),
                sum(g[4] for g in GROUPS), f"LS-{YEAR}-GP",
            ),
            of_year=SolutionRow("N", "Tổng cộng", 41, 33, 5_200_000_000, 1_900_000_000, f"LS-{YEAR}-GP-N"),
            saving_state="estimated",
            filed_as_treatment=23,
        ),
        consumption=_consumption(),
        difficulties=(
            VoiceRow(
                "Thiếu vốn đầu tư đổi mới thiết bị", 118, f"LS-{YEAR}-KK-1",
                ("Lò tuy-nen mới cần 12 tỷ đồng, cơ sở chưa vay được", "Giá đá giảm, không còn vốn thay hàm nghiền"),
            ),
            VoiceRow(
                "Thiếu người có chuyên môn", 74, f"LS-{YEAR}-KK-2",
                ("Cả xưởng có 9 người, không ai biết đo và ghi điện nước riêng từng máy",),
            ),
            VoiceRow("Chưa có đồng hồ đo riêng cho từng công đoạn", 52, f"LS-{YEAR}-KK-3"),
            VoiceRow("Thị trường tiêu thụ thu hẹp", 29, f"LS-{YEAR}-KK-4", ("Đơn hàng ván bóc giảm một nửa",)),
        ),
        requests=(
            VoiceRow(
                "Hỗ trợ kinh phí đánh giá sản xuất sạch hơn", 63, f"LS-{YEAR}-KN-1",
                ("Đề nghị hỗ trợ 50% chi phí đánh giá chi tiết",), "UBND tỉnh",
            ),
            VoiceRow(
                "Mở lớp tập huấn tại xã", 57, f"LS-{YEAR}-KN-2",
                ("Xin mở lớp vào tháng 3, ngoài mùa hồi",), "Sở Công Thương",
            ),
            VoiceRow(
                "Tài liệu hướng dẫn cho ngành đá và ván bóc", 41, f"LS-{YEAR}-KN-3", (), "Bộ Công Thương",
            ),
        ),
        next_tasks=(
            "Tổ chức 06 lớp tập huấn tại các xã Hữu Lũng, Chi Lăng, Lộc Bình, Bắc Sơn và phường Đông Kinh cho cơ sở "
            "chưa nhận thức hoặc chưa rõ tình trạng.",
            "Đánh giá nhanh tại 40 cơ sở và đánh giá chi tiết tại 06 cơ sở thuộc ngành gạch, xi măng và chế biến gỗ.",
            "Kiểm chứng kết quả tiết kiệm của 60 cơ sở đã báo cáo.",
        ),
        proposals=(
            "Đề nghị Ủy ban nhân dân tỉnh bố trí kinh phí khuyến công năm 2027 cho hoạt động đánh giá và tập huấn nêu "
            "trên.",
            "Đề nghị Ủy ban nhân dân tỉnh chỉ đạo Ủy ban nhân dân các xã, phường đôn đốc 31 cơ sở chưa nộp báo cáo.",
        ),
        appendix_tables=(
            Table(
                "centres",
                "Hoạt động hỗ trợ của Trung tâm Khuyến công và Tư vấn phát triển công nghiệp",
                (
                    Column("Hoạt động", width=4),
                    Column("Kế hoạch", "integer", "lượt"),
                    Column("Thực hiện", "integer", "lượt"),
                    Column("Kinh phí", "number", "triệu đồng", 1, width=1.4),
                ),
                (
                    ("Tập huấn nhận thức", 8, 7, D("315.5")),
                    ("Đánh giá nhanh", 30, 34, D("408.0")),
                    ("Đánh giá chi tiết", 6, 4, D("620.0")),
                ),
                figure_codes=(f"LS-{YEAR}-HD",),
            ),
        ),
        footnotes=_footnotes(),
        baseline_year=2024,
        demo=True,
        draft=False,
    )  # fmt: skip


def draft() -> ProvinceReportData:
    """Before issue: no number, no date, said on every page; real data."""
    data = report()
    head = replace(data.letterhead, number=None, date=None)
    return replace(data, letterhead=head, draft=True, demo=False, audience="ministry")


def english() -> ProvinceReportData:
    """The same with the head and the targets in English, as the reporting app would hand them over."""
    data = report()
    names = (
        "Facilities aware of the benefits of cleaner production",
        "Facilities applying cleaner production",
        "Applying facilities that save 8–13% per unit of product",
        "Medium and large facilities with a cleaner production unit",
    )
    head = replace(
        data.letterhead,
        parent_body="People's Committee of Lạng Sơn Province",
        issuing_body="Department of Industry and Trade",
        issuing_body_name="the Department of Industry and Trade",
        addressees=("the People's Committee of Lạng Sơn Province",),
        copies_to=("As above", "Leaders of the Department"),
        archive_line="Archives: VT, KTAT&MT",
        signer_title_lines=("FOR THE DIRECTOR", "DEPUTY DIRECTOR"),
    )
    return replace(
        data,
        letterhead=head,
        province="Lạng Sơn Province",
        targets=tuple(replace(t, name=n) for t, n in zip(data.targets, names, strict=True)),
    )


def monthly_series(name: str = "Điện", unit: str = "kWh", years: int = 5) -> MonthlySeries:
    months = tuple((2022 + i // 12, i % 12 + 1) for i in range(12 * years))
    values = tuple(
        None if i == 17 else D(42000 + 900 * ((i * 7) % 11) - 210 * i + 2600 * (i % 12 in (4, 5, 6, 7)))
        for i in range(12 * years)
    )
    return MonthlySeries(name, unit, months, values, D(44500), 2022, ((2025, 3),), 0)


def _targets() -> tuple[TargetRow, ...]:
    share = "Tỷ lệ trên số cơ sở thuộc phạm vi"
    return (
        TargetRow(
            "NT", "Cơ sở nhận thức được lợi ích của sản xuất sạch hơn", "%", D(90), None, "≥ 90%", 204, 300, 255, 45,
            D("80.0"), D("75.3"), D("84.1"), "no", 66,
            "Đã dự tập huấn hoặc đạt bài kiểm tra ngắn trong 3 năm gần nhất, hoặc báo cáo năm có minh chứng",
            f"{share}: mọi cơ sở đang hoạt động", f"LS-{YEAR}-MT-1", 2030,
        ),
        TargetRow(
            "AD", "Cơ sở áp dụng sản xuất sạch hơn", "%", D(50), None, "≥ 50%", 134, 300, 269, 31, D("49.8"),
            D("44.0"), D("55.6"), "unclear", 16,
            "Có ít nhất một giải pháp sản xuất sạch hơn hợp lệ đã thực hiện",
            f"{share}: mọi cơ sở đang hoạt động", f"LS-{YEAR}-MT-2", 2030,
        ),
        TargetRow(
            "TK", "Mức tiết kiệm trên đơn vị sản phẩm của cơ sở áp dụng", "%", D(8), D(13), "8–13%", 58, 134, 97, 37,
            D("9.4"), D("8.1"), D("10.9"), "yes", 0,
            "Tiết kiệm trên đơn vị cùng loại sản phẩm, năm báo cáo so với năm gốc, đã kiểm chứng hoặc cơ sở báo cáo",
            "Cơ sở áp dụng sản xuất sạch hơn", f"LS-{YEAR}-MT-3", 2030,
        ),
        TargetRow(
            "BP", "Cơ sở vừa và lớn có bộ phận chuyên trách sản xuất sạch hơn", "%", D(70), None, "≥ 70%", 21, 36, 33,
            3, D("63.6"), D("46.6"), D("77.8"), "no", 5,
            "Có quyết định bằng văn bản, ghi tên người được giao nhiệm vụ",
            f"{share}: cơ sở quy mô vừa và lớn", f"LS-{YEAR}-MT-4", 2030,
        ),
    )  # fmt: skip


def _spread(total: int, weights: list[int]) -> list[int]:
    """`total` shared out by weight so that the parts add up to it."""
    reached, given, parts = 0, 0, []
    for weight in weights:
        reached += weight
        upto = total * reached // sum(weights)
        parts.append(upto - given)
        given = upto
    return parts


def _rows(names: list[str], sizes: list[int], salt: int) -> tuple[BreakdownRow, ...]:
    """Rows whose sums are the province's: 300 facilities, 269 reports, 204 aware, 134 applying, 21 units."""
    shares = [_spread(n, sizes) for n in (269, 204, 134, 21, 13_618, 28_387, 4_493)]
    toe = [_spread(n, sizes) for n in (2_311, 4_104, 624)]
    co2 = [_spread(n, sizes) for n in (8_356, 14_774, 1_305)]

    def saving(i: int, kind: int) -> SavingFigures:
        vnd = shares[4 + kind][i]
        return SavingFigures(vnd * 1_000_000, D(toe[kind][i]), D(co2[kind][i])) if vnd else SavingFigures()

    return tuple(
        BreakdownRow(
            name, sizes[i], *(s[i] for s in shares[:4]), saving(i, 2), saving(i, 1), saving(i, 0),
            f"LS-{YEAR}-CT-{salt + i:03d}",
        )
        for i, name in enumerate(names)
    )  # fmt: skip


def _total(rows: tuple[BreakdownRow, ...], code: str) -> BreakdownRow:
    def saving(name: str) -> SavingFigures:
        figures = [getattr(r, name) for r in rows]
        return SavingFigures(
            sum(f.vnd or 0 for f in figures),
            sum((f.toe or D(0) for f in figures), D(0)),
            sum((f.co2_t or D(0) for f in figures), D(0)),
        )

    counts = [
        sum(getattr(r, n) for r in rows) for n in ("facilities", "reported", "aware", "applying", "cp_unit")
    ]
    return BreakdownRow(
        "Tổng cộng", *counts, saving("estimated"), saving("reported_saving"), saving("verified"), code
    )


def _breakdowns() -> tuple[Breakdown, ...]:
    sectors = _rows([name for name, _ in SECTORS], [size for _, size in SECTORS], 1)
    areas = _rows(list(AREAS), _spread(300, [2 + (i * 5) % 13 for i in range(len(AREAS))]), 20)
    sizes = _rows(["Siêu nhỏ", "Nhỏ", "Vừa", "Lớn"], [180, 84, 24, 12], 80)
    return (
        Breakdown("sector", sectors, _total(sectors, f"LS-{YEAR}-NG"), f"LS-{YEAR}-NG"),
        Breakdown("area", areas, _total(areas, f"LS-{YEAR}-DB"), f"LS-{YEAR}-DB"),
        Breakdown("size", sizes, _total(sizes, f"LS-{YEAR}-QM"), f"LS-{YEAR}-QM"),
    )


def _consumption() -> Consumption:
    def row(name: str, unit: str, start: str, step: str, code: str) -> ConsumptionRow:
        values = tuple(D(start) + D(step) * i for i in range(5))
        return ConsumptionRow(name, unit, values, f"LS-{YEAR}-TT-{code}")

    return Consumption(
        years=(2022, 2023, 2024, 2025, 2026),
        rows=(
            row("Than cám", "tấn", "402150", "-4120", "THAN"),
            row("Điện", "MWh", "186400", "2150", "DIEN"),
            row("Dầu diesel", "nghìn lít", "6120", "85", "DO"),
            replace(
                row("Củi, sinh khối", "tấn", "18450", "310", "CUI"),
                by_year=(None, D(18760), D(19070), D(19380), D(19690)),
            ),
            row("Nước", "nghìn m³", "3115", "-22", "NUOC"),
        ),
        totals=(
            replace(row("Năng lượng", "TOE", "265480", "-3499", "TOE"), change_percent=D("-1.4")),
            replace(
                row("Phát thải khí nhà kính", "tấn CO₂", "1012300", "-11840", "CO2"), change_percent=D("-1.2")
            ),
        ),
        last_year_estimated=True,
        paired_facilities=212,
        reporters=row("Cơ sở có số liệu năng lượng", "cơ sở", "212", "8", "NL"),
    )


def _late_rows() -> tuple[ReportingRow, ...]:
    rows = []
    for i in range(69):
        late = i < 38
        sector = SECTORS[i % len(SECTORS)][0]
        rows.append(
            ReportingRow(
                f"Công ty TNHH Trình diễn {sector.split(',')[0]} số {i + 1}",
                f"49000{i:05d}",
                AREAS[i % len(AREAS)],
                sector,
                dt.date(2026, 12, 15) + dt.timedelta(days=1 + i) if late else None,
                1 + i if late else None,
            )
        )
    return tuple(rows)


def _footnotes() -> tuple[Footnote, ...]:
    survey = "science.survey.proportion 1.0"
    return (
        Footnote(
            f"LS-{YEAR}-CS", "Số cơ sở có trạng thái đang hoạt động vào ngày 31/12/2026.", "đếm 300 cơ sở",
            ("Sổ đăng ký cơ sở, 300 hồ sơ",), "registry.count 1.0",
        ),
        Footnote(
            f"LS-{YEAR}-BC", "Báo cáo năm 2026 nộp trước ngày 15/12/2026 (giờ Hà Nội) được tính là đúng hạn.",
            "(231 + 38) ÷ 300 × 100 = 89,7%", ("269 báo cáo năm",), "reporting.status 1.0",
        ),
        Footnote(
            f"LS-{YEAR}-MT-1", "Tỷ lệ cơ sở nhận thức trong số cơ sở đã rõ tình trạng.",
            "204 ÷ 255 × 100 = 80,0%", ("255 cơ sở đã rõ", "danh sách tập huấn 2024–2026"), survey,
        ),
        Footnote(
            f"LS-{YEAR}-MT-2", "Tỷ lệ cơ sở áp dụng trong số cơ sở đã rõ tình trạng.",
            "134 ÷ 269 × 100 = 49,8%", ("269 báo cáo năm", "331 giải pháp"), survey,
        ),
        Footnote(
            f"LS-{YEAR}-MT-3", "Mức tiết kiệm trên đơn vị sản phẩm, bình quân theo chi phí năm gốc 2024.",
            "1 − Σ(suất 2026 × sản lượng) ÷ Σ(suất 2024 × sản lượng) = 9,4%", ("97 cơ sở",),
            "science.intensity.saving 1.0",
        ),
        Footnote(
            f"LS-{YEAR}-MT-4", "Tỷ lệ cơ sở vừa và lớn có quyết định thành lập bộ phận chuyên trách.",
            "21 ÷ 33 × 100 = 63,6%", ("33 cơ sở vừa và lớn đã rõ",), survey,
        ),
        Footnote(
            f"LS-{YEAR}-TK-VER", "Tiết kiệm do chuyên gia kiểm chứng, giá năm 2026.",
            "7.801 + 5.407 + 410 = 13.618 triệu đồng", ("31 biên bản kiểm chứng",), "reporting.savings 1.0",
        ),
        Footnote(
            f"LS-{YEAR}-TK-REP", "Tiết kiệm do cơ sở báo cáo, chưa kiểm chứng.", "",
            ("97 báo cáo năm", "hệ số quy đổi TOE: công văn 3505/BCT-KHCN (19/4/2011)"), "reporting.savings 1.0",
        ),
        Footnote(
            f"LS-{YEAR}-TK-EST", "Tiết kiệm tính theo thiết kế của giải pháp.", "", ("44 giải pháp",),
            "reporting.savings 1.0",
        ),
    )  # fmt: skip
