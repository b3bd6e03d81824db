from django.urls import path

from extraction.api import flow_views, result_views, review_views

urlpatterns = [
    path("documents/<uuid:document_id>/result", result_views.ResultView.as_view()),
    path("documents/<uuid:document_id>/content", result_views.ContentView.as_view()),
    path(
        "documents/<uuid:document_id>/markdown",
        result_views.MarkdownView.as_view(),
        name="api_document_markdown",
    ),
    path("documents/<uuid:document_id>/pages", result_views.PagesView.as_view()),
    path("documents/<uuid:document_id>/preview", result_views.PreviewView.as_view()),
    path("documents/<uuid:document_id>/thumb", result_views.ThumbView.as_view()),
    path("documents/<uuid:document_id>/approve", review_views.ApproveView.as_view()),
    path("documents/<uuid:document_id>/reject", review_views.RejectView.as_view()),
    path("documents/<uuid:document_id>/reextract", review_views.ReextractView.as_view()),
    path("documents/<uuid:document_id>/extractions", review_views.ExtractionListView.as_view()),
    path("review/queue", review_views.ReviewQueueView.as_view()),
    path("flows", flow_views.FlowListView.as_view()),
    path("flows/<uuid:flow_id>", flow_views.FlowView.as_view()),
]
