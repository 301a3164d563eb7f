"""Addresses of the reporting room."""

app_name = "reporting"
urlpatterns: list = []
