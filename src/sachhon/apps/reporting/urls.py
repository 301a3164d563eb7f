"""Addresses of the reporting room."""

from django.urls import include, path

from sachhon.apps.reporting import province_urls
from sachhon.apps.reporting.views import form, lists, records, report, review

app_name = "reporting"
urlpatterns = [
    path("", lists.reports, name="reports"),
    path("xuat.<str:kind>", lists.export, name="export"),
    path("hang-loat/", lists.act, name="act"),
    path("nhac/", lists.remind, name="remind"),
    path("nam/<slug:code>/<int:year>/bat-dau/", form.start, name="start"),
    path("nam/<slug:code>/<int:year>/mau/", lists.template, name="template"),
    path("nam/<slug:code>/<int:year>/", report.newest, name="newest"),
    path("nam/<slug:code>/<int:year>/<int:revision>/", report.report, name="report"),
    path("nam/<slug:code>/<int:year>/<int:revision>/lich-su/", report.changes, name="history"),
    path("nam/<slug:code>/<int:year>/<int:revision>/tep/", report.workbook, name="workbook"),
    path("nam/<slug:code>/<int:year>/<int:revision>/sua-doi/", report.revise, name="revise"),
    path("nam/<slug:code>/<int:year>/<int:revision>/rut-lai/", report.recall, name="recall"),
    path("nam/<slug:code>/<int:year>/<int:revision>/nam-goc/", report.baseline, name="baseline"),
    path("nam/<slug:code>/<int:year>/<int:revision>/nghi-van/<int:pk>/", report.finding, name="finding"),
    path("nam/<slug:code>/<int:year>/<int:revision>/xem-xet/", review.review, name="review"),
    path("nam/<slug:code>/<int:year>/<int:revision>/kiem-tra/", form.check, name="check"),
    path("nam/<slug:code>/<int:year>/<int:revision>/dien/<slug:slug>/", form.edit, name="edit"),
    path("nam/<slug:code>/<int:year>/<int:revision>/dien/<slug:slug>/them/", form.add, name="add"),
    path(
        "nam/<slug:code>/<int:year>/<int:revision>/dien/<slug:slug>/bo/<int:key>/", form.remove, name="remove"
    ),
    path("nam/<slug:code>/<int:year>/<int:revision>/da-xac-minh/", form.take_over, name="take_over"),
    path("so-lieu/<slug:code>/nghi-van/<int:pk>/", records.finding, name="record_finding"),
    path("toan-tinh/", include(province_urls.urlpatterns)),
]
