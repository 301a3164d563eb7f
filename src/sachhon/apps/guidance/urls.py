"""Addresses of the library."""

from django.urls import path

from sachhon.apps.guidance.views import editing, reading

app_name = "guidance"
urlpatterns = [
    path("", reading.home, name="home"),
    path("nganh/<slug:trade>/", reading.trade, name="trade"),
    path("giai-phap-moi/", editing.create, name="create"),
    path("nhap-tu-tep/", editing.bring_back, name="import"),
    path("xuat/<slug:kind>.xlsx", editing.export, name="export"),
    path("<slug:kind>/<str:code>/", reading.item, name="item"),
    path("<slug:kind>/<str:code>/so-sanh/<int:old>/<int:new>/", reading.compare, name="compare"),
    path("<slug:kind>/<str:code>/sua/", editing.start, name="start"),
    path("<slug:kind>/<str:code>/tep-moi/", editing.settle, name="settle"),
    path("<slug:kind>/<str:code>/<int:number>/buoc/<slug:action>/", editing.move, name="move"),
    path("<slug:kind>/<str:code>/<int:number>/sua/<str:part>/", editing.edit, name="edit"),
    path("<slug:kind>/<str:code>/<int:number>/bo/<str:part>/", editing.remove, name="remove"),
]
