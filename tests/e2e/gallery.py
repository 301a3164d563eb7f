"""A page with every piece of the shared furniture on it, for the browser tests to look at and to use."""

from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from django.utils.safestring import mark_safe

from sachhon.apps.people.access import allow
from sachhon.apps.people.today import Bar
from sachhon.site.states import SIGNS
from sachhon.site.urls import urlpatterns as site_urls

FOLDER = Path(__file__).parent
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120">'
    '<rect width="320" height="120" fill="white"/><path d="M10 100 L100 60 L200 70 L310 20" fill="none" '
    'stroke="#0072B2" stroke-width="2"/></svg>'
)
PLACES = ("Hữu Lũng", "Đồng Đăng", "Kỳ Lừa", "Chi Lăng", "Bắc Sơn", "Lộc Bình", "Đình Lập")


class SampleForm(forms.Form):
    output = forms.DecimalField(label="Sản lượng gạch", help_text="Cả năm; tháng chưa có thì ước tính.")
    trade = forms.ChoiceField(
        label="Ngành nghề", choices=[("", "Chọn…"), ("brick", "Gạch"), ("quarry", "Đá")]
    )
    note = forms.CharField(label="Khó khăn", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    aware = forms.BooleanField(label="Đã biết về sản xuất sạch hơn", help_text="Qua tập huấn hoặc tài liệu.")


@allow("home.view")
def gallery(request):
    """The furniture; `?sai=1` shows the form with its errors."""
    messages.success(request, "Đã lưu báo cáo.")
    messages.error(request, "Không đọc được tệp: hãy lưu lại dưới dạng .xlsx.")
    rows = [
        {
            "url": f"/trang-mau/?dong={i}",
            "cells": [f"Nhà máy gạch {PLACES[i % 7]} {i}", PLACES[i % 7], "1.234,5", "98.765", "2.345.678"],
        }
        for i in range(1, 15)
    ]
    form = (
        SampleForm({"output": "không rõ"}) if "sai" in request.GET else SampleForm(initial={"output": "2150"})
    )
    context = {
        "page": Paginator(range(2345), 50).get_page(request.GET.get("page")),
        "columns": [
            {"label": "Cơ sở", "sort": "name"},
            {"label": "Xã, phường"},
            {"label": "Sản lượng", "unit": "nghìn viên", "num": True, "sort": "output"},
            {"label": "Điện", "unit": "kWh", "num": True, "sort": "electricity"},
            {"label": "Chi phí", "unit": "nghìn đồng", "num": True},
        ],
        "rows": rows,
        "total": ["14 cơ sở", "", "17.283,0", "1.382.710", "32.839.492"],
        "filters": [
            {
                "name": "trade",
                "label": "Ngành",
                "value": "brick",
                "shown": "Gạch",
                "options": [("brick", "Gạch")],
            },
            {"name": "area", "label": "Xã, phường", "value": "", "shown": "", "options": [("a", "Hữu Lũng")]},
        ],
        "states": [(code, sign.label or code) for code, sign in SIGNS.items()],
        "form": form,
        "svg": mark_safe(SVG),
        "bar": Bar(Decimal("45.2"), Decimal(70), Decimal("41.2"), Decimal("49.8")),
        "last": Decimal(2000),
        "this": Decimal(2150),
    }
    text = (FOLDER / "gallery.html").read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(text).render(context, request))


@allow("home.view")
def progress(request):
    """What a progress box asks for again and again: itself, one step on."""
    step = {"url": "/trang-mau/tien-do/", "done": 121, "total": 300, "label": "Đang đọc tệp"}
    return render(request, "includes/progress.html", step)


urlpatterns = [
    path("trang-mau/", gallery, name="gallery"),
    path("trang-mau/tien-do/", progress, name="gallery_progress"),
    *site_urls,
]
