"""Addresses of the province's pages and of its official report."""

from django.urls import path

from sachhon.apps.reporting.views import province, province_report

urlpatterns = [
    path("", province.overview, name="province"),
    path("tinh-lai/", province.recompute, name="province_recompute"),
    path("tien-do/", province.progress, name="province_progress"),
    path("bang/<slug:code>.<str:kind>", province.export, name="province_export"),
    path("bao-cao/", province_report.reports, name="province_reports"),
    path("bao-cao/bat-dau/", province_report.start, name="province_start"),
    path("bao-cao/<int:pk>/", province_report.check, name="province_check"),
    path("bao-cao/<int:pk>/xem/", province_report.preview, name="province_preview"),
    path("bao-cao/<int:pk>/ky/", province_report.sign, name="province_sign"),
    path("bao-cao/<int:pk>/dang-phat-hanh/", province_report.issuing, name="province_issuing"),
    path("bao-cao/<int:pk>/ban-phat-hanh/", province_report.issued, name="province_issued"),
    path("bao-cao/<int:pk>/trang/<int:number>.png", province_report.page, name="province_page"),
    path("bao-cao/<int:pk>/tep/<str:kind>/", province_report.download, name="province_file"),
    path("<slug:section>/", province.section, name="province_section"),
]
