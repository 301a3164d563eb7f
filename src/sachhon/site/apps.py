"""Makes the shared templates, static files and template tags of the site known to Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "sachhon.site"
    label = "sachhon_site"
