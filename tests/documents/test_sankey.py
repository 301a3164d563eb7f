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
