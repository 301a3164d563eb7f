"""The tags and filters that every template uses."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from sachhon.apps.people.today import Bar
from sachhon.site.templatetags import ui


def render(text, address="/", **context):
    return Template(text).render(Context({"request": RequestFactory().get(address), **context}))


def test_numbers_are_written_as_in_the_language_of_the_page():
    assert ui.number(Decimal("1234.5"), 2) == "1.234,50"
    with override("en"):
        assert ui.number(Decimal("1234.5"), 2) == "1,234.50"


@pytest.mark.parametrize("value", [None, "", "không rõ", True, float("nan")])
def test_what_is_no_number_is_a_dash_and_never_zero(value):
    assert ui.number(value, 1) == "–"


def test_money_percent_and_days():
    assert ui.vnd(1_234_000) == "1.234.000 đồng"
    assert ui.pct(Decimal("45.24")) == "45,2%"
    assert ui.date_vn(datetime.date(2026, 11, 24)) == "24/11/2026"
    assert ui.date_words(datetime.date(2026, 11, 24)) == "Thứ Ba, 24 tháng 11, 2026"


def test_a_change_is_told_with_its_sign_and_only_where_there_was_something_before():
    assert ui.signed_pct(ui.change(2150, 2000)) == "+7,5%"
    assert ui.signed_pct(ui.change(1500, 2000)) == "−25,0%"
    assert ui.change(1500, 0) is None
    assert ui.change(1500, None) is None


def test_a_year_in_a_template_has_no_separator():
    assert render("{{ year }}", year=2026) == "2026"


def test_days_left_are_counted_in_words():
    day = datetime.date(2026, 11, 24)
    assert ui.days_left(datetime.date(2026, 12, 15), day) == "còn 21 ngày"
    assert ui.days_left(day, day) == "hôm nay"
    assert ui.days_left(datetime.date(2026, 11, 20), day) == "quá hạn 4 ngày"
    with override("en"):
        assert ui.days_left(datetime.date(2026, 11, 25), day) == "in 1 day"


def test_the_query_string_keeps_what_is_not_changed_and_starts_at_page_one():
    assert render("{% qs sort='name' %}", "/?trade=brick&page=3") == "?trade=brick&amp;sort=name"
    assert render("{% qs page=4 %}", "/?trade=brick&page=3") == "?trade=brick&amp;page=4"
    assert render("{% qs trade=None %}", "/?trade=brick") == "?"
    assert render("{% qs_set name 'x&y' %}", name="q") == "?q=x%26y"


def test_a_search_form_keeps_the_filters_of_the_address():
    html = render("{% hidden_query 'q' 'page' %}", "/?trade=brick&q=a&page=2&area=1&area=2")
    assert html == (
        '<input type="hidden" name="trade" value="brick">'
        '<input type="hidden" name="area" value="1"><input type="hidden" name="area" value="2">'
    )


def test_a_column_head_sorts_up_then_down_and_tells_readers_so():
    head = "{% th 'Sản lượng' unit='tấn' sort='output' num=True %}"
    assert 'href="?sort=output"' in render(head)
    assert "aria-sort" not in render(head)
    up = render(head, "/?sort=output")
    assert 'href="?sort=-output"' in up
    assert 'aria-sort="ascending"' in up
    down = render(head, "/?sort=-output")
    assert 'href="?sort=output"' in down
    assert 'aria-sort="descending"' in down
    assert 'class="num"' in down


def test_a_figure_leads_to_where_it_comes_from():
    html = render("{% figure 'saving:LS-0001:2026' value 'TOE' 1 %}", value=Decimal("1234.56"))
    assert 'href="/co-so/so-nay/saving:LS-0001:2026/"' in html
    assert "data-panel" in html
    assert '1.234,6<span class="unit"> TOE</span>' in html
    assert "<a" not in render("{% figure '' value 'TOE' %}", value=1)


def test_what_comes_from_a_person_is_escaped():
    attack = '<script>alert("x")</script>'
    for text in (
        "{% th x unit=x sort='a' %}",
        "{% icon 'home' x %}",
        "{% state 'late' x %}",
        "{% figure '' 1 x %}",
        "{% qs q=x %}",
        "{% include 'includes/empty.html' with sentence=x %}",
        "{% include 'includes/table.html' with caption=x columns=columns rows=rows %}",
    ):
        html = render(text, x=attack, columns=[{"label": attack}], rows=[{"url": "", "cells": [attack]}])
        assert "<script" not in html, text


def test_a_state_has_colour_sign_and_word():
    html = render("{% state 'late' %}")
    assert "state-danger" in html
    assert "#clock-exclamation" in html
    assert "Muộn" in html


def test_a_state_without_a_sign_of_its_own_is_quiet():
    assert "state-quiet" in render("{% state 'no-such-state' 'Lạ' %}")


def test_a_number_that_stands_in_a_column_is_not_said_twice():
    assert ui.without_count("25 cơ sở chưa báo cáo", 25) == "Cơ sở chưa báo cáo"
    assert ui.without_count("1.234 tệp chờ", 1234) == "Tệp chờ"
    assert ui.without_count("Báo cáo năm 2026", None) == "Báo cáo năm 2026"


def test_a_target_is_a_bar_kept_within_its_box():
    html = ui.target_bar(Bar(Decimal("112.5"), Decimal(70), Decimal(-3), Decimal(104)))
    assert 'class="bar-reached" width="100.00%"' in html
    assert 'class="bar-interval" x1="0.00%" x2="100.00%"' in html
    assert "khoảng tin cậy −3,0 đến 104,0%" in html
    assert "style=" not in html


def test_a_target_of_which_nothing_is_known_has_no_bar():
    html = ui.target_bar(Bar(None, Decimal(70)))
    assert "bar-reached" not in html
    assert 'aria-label="đạt –, mục tiêu 70%"' in html


def test_pages_are_offered_around_the_present_one():
    pages = Paginator(range(1000), 10)
    assert ui.page_numbers(pages.page(50)) == [1, None, 49, 50, 51, None, 100]
    assert ui.page_numbers(Paginator(range(5), 10).page(1)) == [1]


class Sample(forms.Form):
    output = forms.DecimalField(label="Sản lượng", help_text="Cả năm")
    aware = forms.BooleanField(label="Đã biết")


def test_a_field_ties_its_hint_and_its_error_to_the_input():
    form = Sample({"output": "nhiều"})
    html = render("{% include 'includes/field.html' with field=form.output unit='tấn' %}", form=form)
    assert 'aria-describedby="id_output_hint id_output_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_output_error"' in html
    assert ">tấn<" in html


def test_a_field_shows_last_year_and_the_change():
    html = render(
        "{% include 'includes/field.html' with field=form.output last=last last_year=2025 this=this %}",
        form=Sample(),
        last=Decimal(2000),
        this=Decimal(2150),
    )
    assert "2025:" in html
    assert "2.000" in html
    assert "+7,5%" in html


def test_a_box_to_tick_has_its_label_behind_it():
    html = render("{% include 'includes/field.html' with field=form.aware %}", form=Sample())
    assert "is-tick" in html
    assert "form-check-input" in html


def test_the_list_of_errors_leads_to_the_fields():
    html = render("{% include 'includes/form_errors.html' %}", form=Sample({}))
    assert 'href="#id_output"' in html
    assert "Có 2 chỗ phải sửa" in html
    assert render("{% include 'includes/form_errors.html' %}", form=Sample()).strip() == ""


def test_a_target_that_is_a_range_and_the_interval_of_the_estimate_are_two_drawings():
    bar = Bar(Decimal(4), Decimal(8), Decimal(-4), Decimal(12), target_high=Decimal(16))
    html = ui.target_bar(bar)
    assert '<line class="bar-target" x1="40.00%" x2="80.00%" y1="2" y2="2">' in html
    assert '<line class="bar-interval" x1="0.00%" x2="60.00%" y1="21" y2="21">' in html
    assert ui.interval_words(bar) == "khoảng tin cậy −4,0 đến 12,0%"
    assert ui.interval_words(Bar(Decimal(4), Decimal(8))) == "chưa có khoảng tin cậy"
    assert ui.interval_words(Bar(None, Decimal(8))) == ""


def test_a_small_figure_keeps_the_digits_worth_reading():
    tag = "{% figure '' value 'tấn/nghìn viên' 'sensible' %}"
    shown = Template(tag).render(Context({"value": Decimal("0.0002646")}))
    assert "0,000265" in shown
