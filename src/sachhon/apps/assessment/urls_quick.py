"""Addresses of the quick assessment; `urls.py` takes them in."""

from django.urls import path

from sachhon.apps.assessment.views import quick, quick_follow, quick_offline, quick_result

patterns = [
    path("nhanh-sw.js", quick_offline.worker, name="quick_worker"),
    path("nhanh/khung/", quick_offline.shell, name="quick_shell"),
    path("uu-tien/", quick_follow.priority, name="priority"),
    path("<int:pk>/nhanh/theo-doi/", quick_follow.follow, name="quick_follow"),
    path("<int:pk>/nhanh/phieu/", quick.checklist, name="quick_checklist"),
    path("<int:pk>/nhanh/phieu/hien-tai/", quick.state, name="quick_state"),
    path("<int:pk>/nhanh/phieu/dong-bo/", quick.sync, name="quick_sync"),
    path("<int:pk>/nhanh/so-lieu/", quick_result.figures, name="quick_figures"),
    path("<int:pk>/nhanh/ket-qua/", quick_result.result, name="quick_result"),
    path("<int:pk>/nhanh/bao-cao.<slug:kind>", quick_result.report, name="quick_report"),
    path("<int:pk>/nhanh/lech/<uuid:change>/", quick.settle, name="quick_settle"),
    path("<int:pk>/nhanh/anh/", quick.add_photo, name="quick_add_photo"),
    path("<int:pk>/nhanh/anh/<uuid:photo>/bo/", quick.remove_photo, name="quick_remove_photo"),
    path("<int:pk>/nhanh/anh/<uuid:photo>/<slug:size>/", quick.photo, name="quick_photo"),
]
