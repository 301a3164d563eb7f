"""Charts: drawn with the shipped fonts, read without colour, told in words."""

import io
import re
from dataclasses import replace
from decimal import Decimal as D
from itertools import pairwise

import altair as alt
import pytest
from PIL import Image

from sachhon.documents import charts
from sachhon.documents.charts import range_bars
from sachhon.documents.charts.look import OKABE_ITO, STACK, wrap

from . import sample


@pytest.fixture(scope="module")
def drawn():
    return charts.report_charts(sample.report(), "vi")


def svg_texts(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg))


def test_the_report_has_its_four_pictures(drawn):
    assert list(drawn) == ["targets", "savings", "sectors", "consumption"]


def test_every_kind_of_chart_is_valid_vega_lite(drawn):
    series = sample.monthly_series()
    others = [
        charts.monthly_lines("m", "Điện", series, "vi"),
        *charts.small_multiples("f", "Cơ sở A", [series, series], "vi").panels,
        charts.stacked_bars("s", "Tình trạng", [("a", "Có", 1), ("a", "Không", 2)], "vi"),
    ]
    for chart in [*drawn.values(), *others]:
        alt.Chart.from_dict(dict(chart.spec), validate=True)


def test_only_the_pictures_asked_for_are_put_together():
    assert list(charts.report_charts(sample.report(), "vi", ("consumption", "targets"))) == [
        "targets",
        "consumption",
    ]


def test_in_a_page_ink_and_ground_are_those_of_the_page(drawn):
    page, paper = charts.to_svg(drawn["sectors"], "page"), charts.to_svg(drawn["sectors"])
    assert 'class="marks is-themed"' in page
    assert "currentColor" in page
    assert not re.search(r'"(#1b2a33|white|#e6eaec)"', page, re.IGNORECASE)
    assert "currentColor" not in paper
    assert re.search(r'"#1b2a33"', paper, re.IGNORECASE)


def test_numbers_on_the_bars_are_vietnamese_and_english(drawn):
    assert "80,0% (75,3–84,1)" in svg_texts(charts.to_svg(drawn["targets"]))
    english = charts.report_charts(sample.english(), "en")
    assert "80.0% (75.3–84.1)" in svg_texts(charts.to_svg(english["targets"]))
    assert "265,480" in svg_texts(charts.to_svg(english["consumption"]))


def test_axes_follow_the_language_too():
    series = sample.monthly_series()
    texts = {
        lang: svg_texts(charts.to_svg(charts.monthly_lines("m", "Điện", series, lang)))
        for lang in ("vi", "en")
    }
    assert "45.000" in texts["vi"]
    assert "T12" in texts["vi"]
    assert "45,000" in texts["en"]
    assert "Dec" in texts["en"]


def test_the_verdict_and_the_gap_stand_in_words(drawn):
    texts = svg_texts(charts.to_svg(drawn["targets"]))
    assert "mục tiêu ≥ 90%: chưa đạt, còn 66 cơ sở" in texts
    assert "mục tiêu 8–13%: đạt" in texts


def test_svg_has_a_name_and_a_description_that_escape_what_people_typed(drawn):
    svg = charts.to_svg(replace(drawn["targets"], title="<script>x</script>"))
    assert svg.startswith("<svg ")
    assert 'role="img" aria-labelledby="chart-targets-title chart-targets-desc"' in svg
    assert '<title id="chart-targets-title">&lt;script&gt;x&lt;/script&gt;</title>' in svg
    assert "Cơ sở áp dụng sản xuất sạch hơn: 49,8%" in svg
    assert "<script" not in svg


@pytest.mark.parametrize(("look", "font"), [("document", "Tinos"), ("page", "Be Vietnam Pro")])
def test_pages_and_documents_have_their_own_type(drawn, look, font):
    families = set(re.findall(r'font-family="([^"]+)"', charts.to_svg(drawn["targets"], look)))
    assert families == {font}


def test_pictures_for_word_are_sharp_and_as_wide_as_the_text(drawn):
    for chart in drawn.values():
        image = Image.open(io.BytesIO(charts.to_png(chart)))
        assert 1750 < image.width < 2050, chart.code


def test_every_chart_stands_beside_its_table(drawn):
    for chart in drawn.values():
        assert chart.table is not None
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
    steps = [row for row in drawn["savings"].table.rows if row[0] == "Đã kiểm chứng"]
    assert steps[-1] == ("Đã kiểm chứng", "Tổng cộng", D("13618"))
    assert sum(row[2] for row in steps[:-1]) == D("13618")


def test_states_are_drawn_in_panels_of_their_own(drawn):
    assert len(drawn["savings"].spec["hconcat"]) == 2
    three = charts.savings_waterfall(sample.report().savings, "vi")
    assert len(three.spec["hconcat"]) == 3


def test_a_step_back_is_labelled_behind_its_bar_in_the_digits_of_the_others():
    savings = tuple(
        replace(s, vnd=-578_500_000) if n == 0 else s for n, s in enumerate(sample.report().savings)
    )
    state = savings[0].state
    spec = charts.savings_waterfall(savings, "vi", states=(state,)).spec
    panel = spec["hconcat"][0]
    steps = {**spec, **panel}["data"]["values"]
    back = next(s for s in steps if s["end"] < s["start"])
    assert back["reach"] == back["start"]
    assert "," not in "".join(s["label"] for s in steps)
    text = next(layer for layer in panel["layer"] if layer["mark"]["type"] == "text")
    assert text["encoding"]["x"]["field"] == "reach"


def test_a_report_without_figures_has_no_empty_pictures():
    data = sample.report()
    empty = replace(
        data,
        targets=tuple(replace(t, estimate=None) for t in data.targets),
        savings=(),
        breakdowns=(),
        consumption=replace(data.consumption, totals=()),
    )
    assert charts.report_charts(empty, "vi") == {}


def grey(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def test_parts_of_a_bar_differ_from_their_neighbours_in_grey():
    assert set(STACK) <= set(OKABE_ITO)
    for one, other in pairwise(STACK[:4]):
        assert abs(grey(one) - grey(other)) > 0.15
    rows = [("Khai thác đá", part, 10) for part in ("Có", "Không", "Chưa rõ")]
    svg = charts.to_svg(charts.stacked_bars("s", "Tình trạng", rows, "vi"))
    assert all(colour.lower() in svg.lower() for colour in STACK[:3])


def test_small_multiples_show_each_series_with_its_baseline_and_leave_gaps_open():
    series = [sample.monthly_series(n) for n in ("Sản lượng", "Điện", "Suất tiêu hao")]
    chart = charts.small_multiples("f", "Cơ sở A", series, "vi")
    texts = " ".join(svg_texts(charts.to_svg(panel, "page")) for panel in chart.panels)
    assert all(name in texts for name in ("Sản lượng", "Điện", "Suất tiêu hao", "nét đứt: năm gốc 2022"))
    assert len(chart.table.rows) == 60
    assert chart.table.rows[17][1] is None
    assert chart.description.startswith("Cơ sở A. Sản lượng (kWh): 01/2022 là")


def test_small_multiples_stand_in_line_and_name_what_their_marks_are():
    short, long = (
        sample.monthly_series("Nước"),
        sample.monthly_series("Điện lưới trên một đơn vị, mọi sản phẩm"),
    )
    chart = charts.small_multiples("f", "Cơ sở A", [short, long], "vi")
    drawn = [charts.to_svg(panel, "page") for panel in chart.panels]
    assert len({re.search(r'width="([\d.]+)"', svg)[1] for svg in drawn}) == 1
    texts = svg_texts(drawn[1])
    assert "vạch cam: mức đổi (1)" in texts
    assert (
        "Điện lưới trên một đơn vị, mọi sản phẩm" not in texts
    )  # broken into lines: it would reach its neighbour


def test_names_are_broken_into_even_lines():
    assert wrap("Cơ sở vừa và lớn có bộ phận chuyên trách sản xuất sạch hơn", 32).split("\n") == [
        "Cơ sở vừa và lớn có bộ phận",
        "chuyên trách sản xuất sạch hơn",
    ]
    assert wrap("Điện", 10) == "Điện"


def test_many_parts_each_have_a_colour_and_a_whole_name_in_the_legend():
    parts = ["Giảm khí thải, nước thải, chất thải rắn", *(f"Tiêu chí thứ {n}" for n in range(2, 9))]
    rows = [("Lò đứng", part, 12) for part in parts[:7]] + [("Lò đứng", parts[7], D("0.5"))]
    svg = charts.to_svg(charts.stacked_bars("s", "Điểm", rows, "vi"))
    assert parts[0] in svg
    assert "…" not in svg
    assert len(set(STACK)) == len(parts)
    assert ">0,5<" not in svg  # no room: it stands in the table beside


def test_who_leads_below_a_small_weight_is_written_in_the_bar_and_not_over_the_criterion():
    rooms = [
        charts.WeightRoom("Bụi", 70, 10, 100, "Lò tuynel kiểu mới", ""),
        charts.WeightRoom("Vốn", 15, 9, 40, "Lò tuynel kiểu mới", "Lò zigzag"),
        charts.WeightRoom("Than", 60, 50, 90, "Lò tuynel kiểu mới", ""),
    ]
    rows = charts.weight_rooms("r", rooms, "Lò đứng", "vi").spec["data"]["values"]
    assert [(r["below"], r["inside"], r["above"]) for r in rows] == [
        ("", "← Lò tuynel kiểu mới", ""),
        ("", "", "← Lò tuynel kiểu mới; Lò zigzag →"),
        ("← Lò tuynel kiểu mới", "", ""),
    ]


def test_a_line_is_not_drawn_over_months_that_nobody_measured():
    months = [(2021, 11), (2021, 12), (2025, 1), (2025, 2)]
    made = charts.against_baseline("mv", months, [1, 2, 3, 4], [1, 2, 3, 5], (2025, 1), "kWh", "vi")
    line = made.spec["layer"][0]
    assert line["encoding"]["detail"]["field"] == "run"
    rows = (
        next(v for v in made.spec["datasets"].values() if len(v) == 8)
        if "datasets" in made.spec
        else line["data"]["values"]
    )
    assert [r["run"] for r in rows][:4] == [0, 0, 1, 1]


def test_names_of_three_lines_have_room_between_the_bars():
    name = "Xyclon, tháp rửa nước: Fluorine, HF and inorganic compounds (as HF)"
    spec = range_bars("r", "t", [(name, D(3), D(33)), ("SO₂", D(1), D(2))], "en", unit="%")
    lines = wrap(name, 30).count("\n") + 1
    assert lines >= 3
    assert spec.spec["height"] >= 2 * lines * 14


def test_a_bar_of_counts_has_no_halves_on_its_axis():
    def ticks(*rows):
        drawn = charts.to_svg(charts.stacked_bars("s", "T", rows, "vi"))
        return re.findall(r"<text[^>]*>([\d.,]+)</text>", drawn)

    assert not {t for t in ticks(("a", "Có", 4), ("a", "Không", 3)) if "," in t}
    assert {t for t in ticks(("a", "Có", D("0.7")), ("a", "Không", D("0.5"))) if "," in t}


@pytest.mark.parametrize(("lang", "earns"), [("vi", "có lãi"), ("en", "earns")])
def test_the_abatement_table_says_why_an_option_that_earns_has_no_cost_a_tonne(lang, earns):
    blocks = [charts.Block("GP-01", 0, 10, None, 1), charts.Block("GP-02", 10, 30, 4.0, None)]
    table = charts.abatement("a", blocks, "t", "k", lang).table
    assert [row[2] for row in table.rows] == [earns, D(4)]
    assert table.note
    assert not charts.abatement("a", blocks[1:], "t", "k", lang).table.note
