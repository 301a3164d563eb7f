"""Addresses of the registry: facilities, their records, the map, and what stands behind a figure."""

from django.urls import path

from sachhon.apps.registry.views import facility, figure, lists, merge, organisations, records

app_name = "registry"
urlpatterns = [
    path("", lists.facilities, name="facilities"),
    path("ban-do/", lists.province_map, name="map"),
    path("xuat.<str:kind>", lists.export, name="export"),
    path("them/", facility.create, name="create"),
    path("doanh-nghiep/", facility.enterprises, name="enterprises"),
    path("to-chuc/", organisations.organisations, name="organisations"),
    path("to-chuc/xuat.<str:kind>", organisations.export, name="export_organisations"),
    path("to-chuc/them/", organisations.create, name="create_organisation"),
    path("to-chuc/<int:pk>/", organisations.detail, name="organisation"),
    path("to-chuc/<int:pk>/sua/", organisations.edit, name="edit_organisation"),
    path("so-nay/<str:code>/", figure.figure, name="figure"),
    path("so-nay/<str:code>/co-so/", figure.figure_facilities, name="figure_facilities"),
    path("so-nay/<str:code>/so-lieu/", figure.figure_records, name="figure_records"),
    path("<slug:code>/", facility.detail, name="facility"),
    path("<slug:code>/sua/", facility.edit, name="edit"),
    path("<slug:code>/quy-mo/", facility.year_figures, name="year_figures"),
    path("<slug:code>/san-pham/", facility.product, name="product_add"),
    path("<slug:code>/san-pham/<int:pk>/", facility.product, name="product"),
    path("<slug:code>/chuyen-gia/", facility.assign, name="assign"),
    path("<slug:code>/chuyen-gia/<int:pk>/thoi/", facility.unassign, name="unassign"),
    path("<slug:code>/gop/", merge.merge, name="merge"),
    path("<slug:code>/gop/<int:pk>/hoan-tac/", merge.undo, name="undo_merge"),
    path("<slug:code>/so-lieu/", records.records, name="records"),
    path("<slug:code>/so-lieu/xuat.<str:kind>", records.export, name="export_records"),
    path("<slug:code>/so-lieu/nhap/", records.type_in, name="type_record"),
    path("<slug:code>/so-lieu/<int:pk>/", records.record, name="record"),
    path("<slug:code>/so-lieu/<int:pk>/xoa/", records.delete, name="delete_record"),
    path("<slug:code>/so-lieu/<int:pk>/chung-tu/", records.evidence, name="evidence"),
]
