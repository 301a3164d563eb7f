"""Addresses of the assessment room."""

from django.urls import include, path

from sachhon.apps.assessment import urls_flow, urls_options, urls_quick
from sachhon.apps.assessment.views import assessment, attachments, lists

app_name = "assessment"
urlpatterns = [
    path("", lists.assessments, name="assessments"),
    path("xuat.<str:kind>", lists.export, name="export"),
    path("moi/<str:code>/", lists.begin, name="begin"),
    path("<int:pk>/", assessment.detail, name="assessment"),
    path("<int:pk>/buoc/<str:action>/", assessment.move, name="move"),
    path("<int:pk>/y-kien/", assessment.comment, name="comment"),
    path("<int:pk>/to/", assessment.add_member, name="add_member"),
    path("<int:pk>/to/<int:member>/rut/", assessment.remove_member, name="remove_member"),
    path("<int:pk>/to/<int:member>/truong-nhom/", assessment.appoint, name="appoint"),
    path("<int:pk>/lich/", assessment.plan, name="plan"),
    path("<int:pk>/dong/", include(urls_flow)),
    path("<int:pk>/tep/<str:kind>/<int:row>/", attachments.attached, name="attached"),
    path("<int:pk>/tep/<str:kind>/<int:row>/gan/", attachments.attach, name="attach"),
    path("<int:pk>/tep/<uuid:file>/<str:size>", attachments.download, name="attachment"),
    path("<int:pk>/tep/<uuid:file>/bo/", attachments.detach, name="detach"),
    *urls_quick.patterns,
    *urls_options.urlpatterns,
]
