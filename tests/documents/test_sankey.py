"""A Sankey whose words can be read: none stands on another, and a single stream takes no half page."""

import re
from itertools import pairwise

from sachhon.documents.drawings import Band, sankey

TEXT = re.compile(r'<text text-anchor="(\w+)" font-size="([\d.]+)"[^>]*>(.*?)</text>')
SPAN = re.compile(r'<tspan x="([-\d.]+)" y="([-\d.]+)">')


def columns(svg: str) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """(anchor, x) → the heights each text of it takes, from top to bottom."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for anchor, size, spans in TEXT.findall(svg):
        rows = SPAN.findall(spans)
        tops = [float(y) for _x, y in rows]
        found.setdefault((anchor, rows[0][0]), []).append((min(tops) - float(size), max(tops)))
    return {key: sorted(texts) for key, texts in found.items()}


def drawn(*bands: tuple[str, str, str, float]) -> str:
    rows = [Band(f"b{k}", *band, "material") for k, band in enumerate(bands)]
    return sankey("s", "Tiền đi đâu", "", rows, lambda v: f"{v:g} triệu đồng")


def test_the_words_of_many_small_bands_do_not_stand_on_one_another():
    kinds = ("Vật tư mua vào của cả năm", "Năng lượng", "Nhân công, khấu hao, bảo dưỡng", "Quản lý chất thải")
    svg = drawn(
        ("Vật tư mua vào của cả năm", "", "Trộn", 900),
        *((name, "", box, 2.0) for box in ("Trộn", "Ép", "Sấy") for name in kinds),
        ("Chuyển tiếp", "Trộn", "Ép", 905),
        ("Chuyển tiếp", "Ép", "Sấy", 908),
        ("Sản phẩm", "Sấy", "", 900),
        ("Tổn thất", "Sấy", "", 10),
        ("Tổn thất", "Ép", "", 2),
    )
    height = float(re.search(r'viewBox="0 0 \d+ (\d+)"', svg)[1])
    ends = {key: texts for key, texts in columns(svg).items() if key[0] != "middle"}
    assert sum(len(texts) for texts in ends.values()) == 16
    for texts in ends.values():
        for (_top, foot), (top, _foot) in pairwise(texts):
            assert top >= foot
        assert texts[-1][1] <= height


def test_one_stream_takes_a_strip_and_no_half_page():
    svg = drawn(("Điện", "", "Nghiền", 100))
    assert float(re.search(r'viewBox="0 0 \d+ (\d+)"', svg)[1]) < 240


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """What every text takes: left, top, right, foot, its words; letters as wide as the narrowest they may be."""
    found = []
    for anchor, size, spans in TEXT.findall(svg):
        rows, words = SPAN.findall(spans), re.findall(r">([^<]+)</tspan>", spans)
        wide = max(map(len, words)) * float(size) * 0.5
        left = float(rows[0][0]) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        tops = [float(y) for _x, y in rows]
        found.append((left, min(tops) - float(size) * 0.8, left + wide, max(tops), " ".join(words)))
    return found


def test_no_words_stand_on_others_anywhere_in_a_picture_of_money():
    """The money of a brick works: three processes, each with what it costs, losses out, a loop back."""
    svg = drawn(
        ("Nguyên vật liệu mua vào", "", "Tạo hình", 1510),
        ("Năng lượng", "", "Tạo hình", 100),
        ("Nhân công, khấu hao, bảo dưỡng", "", "Tạo hình", 200),
        ("Năng lượng", "", "Sấy", 50),
        ("Nhân công, khấu hao, bảo dưỡng", "", "Sấy", 100),
        ("Xử lý chất thải", "", "Sấy", 5),
        ("Nguyên vật liệu mua vào", "", "Nung", 1861),
        ("Năng lượng", "", "Nung", 400),
        ("Nhân công, khấu hao, bảo dưỡng", "", "Nung", 800),
        ("Xử lý chất thải", "", "Nung", 20),
        ("Sản phẩm", "Tạo hình", "Sấy", 1865),
        ("Sản phẩm", "Sấy", "Nung", 1613),
        ("Sản phẩm", "Sấy", "Tạo hình", 55),
        ("Tổn thất, chất thải", "Sấy", "", 352.7),
        ("Tổn thất, chất thải", "Nung", "", 619),
        ("Sản phẩm", "Nung", "", 4074),
    )
    found = boxes(svg)
    assert len(found) == 19
    clash = [
        (a[4], b[4])
        for n, a in enumerate(found)
        for b in found[:n]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert clash == []


def test_a_picture_does_not_sink_with_every_process():
    """Three processes in a row, each losing some: no taller than half its width, so that it shares a page."""
    svg = drawn(
        ("Đất sét", "", "Tạo hình", 10_016),
        ("Nước", "", "Tạo hình", 803),
        ("Gạch mộc ướt", "Tạo hình", "Sấy", 11_119),
        ("Gạch hỏng sau sấy", "Sấy", "Tạo hình", 300),
        ("Hơi ẩm sấy", "Sấy", "", 1919),
        ("Gạch mộc khô", "Sấy", "Nung", 8900),
        ("Than cám", "", "Nung", 620),
        ("Khói", "Nung", "", 960),
        ("Gạch phế", "Nung", "", 260),
        ("Gạch thành phẩm", "Nung", "", 8300),
    )
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    assert height < 0.6 * width
