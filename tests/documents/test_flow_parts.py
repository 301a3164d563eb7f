"""A wide flow-sheet on paper: in parts whose words are at least 8 points, nothing lost, every cut arrow led on."""

import re

import pytest

from sachhon.documents.drawings import Arrow, Box, flow_parts

TEXT_MM, POINT_MM = 165, 25.4 / 72


def chain(n: int, rows: int = 1):
    """n columns of boxes in `rows` rows, a stream from column to column, one in and one out at each box."""
    boxes = [
        Box(f"P{i}-{r}", f"Công đoạn {i}-{r}", i * 260.0, r * 250.0) for i in range(n) for r in range(rows)
    ]
    arrows = [
        Arrow(f"S{i}-{r}", f"Dòng {i}-{r}", f"P{i}-{r}", f"P{i + 1}-{r}", "material", "12 t")
        for i in range(n - 1)
        for r in range(rows)
    ]
    for box in boxes:
        arrows.append(Arrow(f"I{box.code}", f"Vào {box.code}", "", box.code, "water"))
        arrows.append(Arrow(f"O{box.code}", f"Ra {box.code}", box.code, "", "waste"))
    return boxes, arrows


def drawn(n, rows=1):
    return flow_parts("x", "Sơ đồ", "", *chain(n, rows), "phần")


def words(svg: str) -> str:
    """All that is written in it, lines put together again."""
    texts = re.findall(r"<text.*?</text>", svg)
    return " | ".join(" ".join(re.findall(r">([^<]+)</tspan>", text)) for text in texts)


@pytest.mark.parametrize(("n", "rows"), [(3, 1), (10, 1), (25, 1), (6, 9)])
def test_words_are_at_least_eight_points_on_paper(n, rows):
    for svg in drawn(n, rows):
        width, height = (float(x) for x in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
        points = min(float(x) for x in re.findall(r'<text[^>]*font-size="([\d.]+)"', svg))
        assert points * TEXT_MM / width / POINT_MM >= 7.95
        assert height * TEXT_MM / width <= 245  # a page


@pytest.mark.parametrize(("n", "rows"), [(10, 1), (6, 9)])
def test_every_box_is_there_once_and_every_cut_stream_at_both_ends(n, rows):
    boxes, arrows = chain(n, rows)
    parts = [words(svg) for svg in drawn(n, rows)]
    assert len(parts) > 1
    for box in boxes:
        assert sum(f"| {box.name} |" in f"| {text} |" for text in parts) == 1, box.name
    for arrow in arrows:
        there = [text for text in parts if f"{arrow.name}" in text]
        assert len(there) in (1, 2)
    cut = [text for text in parts if "(phần" in text]
    assert len(cut) == len(parts)


def test_a_sheet_that_fits_is_one_picture():
    assert len(drawn(2)) == 1


def test_parts_of_a_process_keep_their_frame_in_each_picture():
    boxes, arrows = chain(6)
    boxes = [Box(b.code, b.name, b.x, b.y, "P") for b in boxes] + [Box("P", "Cả nhà máy", 0, 0)]
    parts = flow_parts("x", "Sơ đồ", "", boxes, arrows, "phần")
    assert len(parts) > 1
    assert all("Cả nhà máy" in svg for svg in parts)
