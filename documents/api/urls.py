from django.urls import path

from documents.api import job_views, streams, views

urlpatterns = [
    path("documents", views.DocumentListView.as_view()),
    path("documents/upload", views.MultipartUploadView.as_view()),
    path("documents/upload-json", views.JsonUploadView.as_view()),
    path("documents/<uuid:document_id>", views.DocumentView.as_view()),
    path("documents/<uuid:document_id>/status", views.DocumentStatusView.as_view()),
    path("documents/<uuid:document_id>/events", views.DocumentEventsView.as_view()),
    path("documents/<uuid:document_id>/cancel", views.DocumentCancelView.as_view()),
    path("jobs", job_views.JobListView.as_view()),
    path("jobs/<uuid:job_id>", job_views.JobView.as_view()),
    path("jobs/<uuid:job_id>/cancel", job_views.JobCancelView.as_view()),
    path("jobs/<uuid:job_id>/progress", streams.JobProgressView.as_view()),
    path("events", streams.EventsView.as_view()),
]
