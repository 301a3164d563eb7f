"""Addresses of the people room."""

from django.urls import path

from sachhon.apps.people import views

app_name = "people"
urlpatterns = [
    path("", views.users, name="users"),
    path("xuat.<str:kind>", views.export_users, name="export_users"),
    path("lich-su/xuat.<str:kind>", views.export_history, name="export_history"),
    path("them/", views.user, name="create"),
    path("<int:pk>/", views.user, name="user"),
    path("cot/", views.columns, name="columns"),
    path("lich-su/", views.history, name="history"),
]
