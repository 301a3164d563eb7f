"""The addresses of the whole site. Each room keeps its own under a Vietnamese path that does not change."""

from django.urls import include, path

from sachhon.site import views
from sachhon.site.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("tim/", views.search, name="search"),
    path("viec-den-han/", views.bell, name="bell"),
    path("nam/", views.set_year, name="set_year"),
    path("tinh/", views.set_province, name="set_province"),
    path("ngon-ngu/", views.set_language, name="set_language"),
    path("giao-dien/", views.set_theme, name="set_theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("suc-khoe/", views.health, name="health"),
    path("tai-khoan/", include("allauth.urls")),
    path("con-nguoi/", include("sachhon.apps.people.urls")),
    path("co-so/", include("sachhon.apps.registry.urls")),
    path("thu-vien/", include("sachhon.apps.guidance.urls")),
    path("hop-nhap/", include("sachhon.apps.intake.urls")),
    path("danh-gia/", include("sachhon.apps.assessment.urls")),
    path("chuong-trinh/", include("sachhon.apps.programme.urls")),
    path("bao-cao/", include("sachhon.apps.reporting.urls")),
    path("api/v1/", api.urls),
]
