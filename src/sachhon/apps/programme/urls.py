"""Addresses of the programme room."""

from django.urls import path

from sachhon.apps.programme import views

app_name = "programme"
urlpatterns = [
    path("", views.plan_and_targets, name="targets"),
    path("co-so/", views.standings, name="standings"),
    path("co-so/xuat.<str:kind>", views.export, name="export"),
]
