from django.urls import path

from documents import views

urlpatterns = [
    path("", views.home, name="home"),
    path("documents/<uuid:document_id>/cancel", views.document_stop, name="document_cancel"),
    path("jobs", views.job_list, name="jobs"),
    path("jobs/<uuid:job_id>/row", views.job_row, name="job_row"),
    path("jobs/<uuid:job_id>/cancel", views.job_stop, name="job_cancel"),
]
