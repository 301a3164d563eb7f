"""Addresses of the inbox."""

from django.urls import path

from sachhon.apps.intake.views import files, inbox, mapping, profiles

app_name = "intake"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("xuat.<str:kind>", inbox.export, name="export"),
    path("gui/", inbox.upload, name="upload"),
    path("nhieu/", inbox.act_on_many, name="many"),
    path("lan-gui/<uuid:key>/tien-do/", inbox.progress, name="progress"),
    path("lan-gui/<uuid:key>/tiep-tuc/", inbox.resume, name="resume"),
    path("lan-gui/<uuid:key>/rut-lai/", inbox.undo_job, name="undo_job"),
    path("ho-so-ghep-cot/", profiles.profiles, name="profiles"),
    path("ho-so-ghep-cot/xuat.<str:kind>", profiles.export, name="export_profiles"),
    path("ho-so-ghep-cot/<int:pk>/doi-ten/", profiles.rename, name="rename_profile"),
    path("ho-so-ghep-cot/<int:pk>/chia-se/", profiles.share, name="share_profile"),
    path("ho-so-ghep-cot/<int:pk>/xoa/", profiles.delete, name="delete_profile"),
    path("<int:pk>/", files.file, name="file"),
    path("<int:pk>/sua-o/", files.fix, name="fix"),
    path("<int:pk>/co-so/", files.choose_facility, name="choose_facility"),
    path("<int:pk>/doc-lai/", files.retry, name="retry"),
    path("<int:pk>/cat-di/", files.set_aside, name="set_aside"),
    path("<int:pk>/rut-lai/", files.undo, name="undo"),
    path("<int:pk>/tai-ve/", files.original, name="original"),
    path("<int:pk>/ban-danh-dau/", files.annotated, name="annotated"),
    path("<int:pk>/ghep-cot/", mapping.mapping, name="mapping"),
]
