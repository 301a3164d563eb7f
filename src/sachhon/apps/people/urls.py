"""Addresses of the people room."""

from django.urls import path

from sachhon.apps.people import views

app_name = "people"
urlpatterns = [
    path("", views.users, name="users"),
    path("them/", views.user, name="create"),
    path("<int:pk>/", views.user, name="user"),
    path("cot/", views.columns, name="columns"),
    path("lich-su/", views.history, name="history"),
]
