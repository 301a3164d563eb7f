"""The addresses of the whole site. Each room keeps its own under a Vietnamese path that does not change."""

from django.urls import include, path

from sachhon.site import views
from sachhon.site.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("tim/", views.search, name="search"),
    path("ngon-ngu/", views.set_language, name="set_language"),
    path("suc-khoe/", views.health, name="health"),
    path("tai-khoan/", include("allauth.urls")),
    path("con-nguoi/", include("sachhon.apps.people.urls")),
    path("co-so/", include("sachhon.apps.registry.urls")),
    path("hop-nhap/", include("sachhon.apps.intake.urls")),
    path("chuong-trinh/", include("sachhon.apps.programme.urls")),
    path("bao-cao/", include("sachhon.apps.reporting.urls")),
    path("api/v1/", api.urls),
]
