from django.urls import path

from extraction.api import (
    asset_views,
    export_views,
    flow_views,
    memory_views,
    result_views,
    review_views,
    run_views,
)

urlpatterns = [
    path("documents/<uuid:document_id>/result", result_views.ResultView.as_view()),
    path("documents/<uuid:document_id>/content", result_views.ContentView.as_view()),
    path(
        "documents/<uuid:document_id>/markdown",
        result_views.MarkdownView.as_view(),
        name="api_document_markdown",
    ),
    path("documents/<uuid:document_id>/text", result_views.TextView.as_view()),
    path("documents/<uuid:document_id>/assets", asset_views.AssetsView.as_view()),
    path(
        "documents/<uuid:document_id>/export", export_views.ExportView.as_view(), name="api_document_export"
    ),
    path("documents/<uuid:document_id>/figures", asset_views.FigureListView.as_view()),
    path("documents/<uuid:document_id>/figures/<str:number>", asset_views.FigureView.as_view()),
    path(
        "documents/<uuid:document_id>/figures/<str:number>/download",
        asset_views.FigureDownloadView.as_view(),
        name="api_figure_download",
    ),
    path("figures/<str:token>", asset_views.SignedFigureView.as_view()),
    path("documents/<uuid:document_id>/pages", result_views.PagesView.as_view()),
    path("documents/<uuid:document_id>/preview", result_views.PreviewView.as_view()),
    path("documents/<uuid:document_id>/thumb", result_views.ThumbView.as_view()),
    path("documents/<uuid:document_id>/approve", review_views.ApproveView.as_view()),
    path("documents/<uuid:document_id>/reject", review_views.RejectView.as_view()),
    path("documents/<uuid:document_id>/convert", run_views.ConvertView.as_view()),
    path("documents/<uuid:document_id>/reextract", run_views.ReextractView.as_view()),
    path("documents/<uuid:document_id>/extractions", review_views.ExtractionListView.as_view()),
    path("review/queue", review_views.ReviewQueueView.as_view()),
    path("memories", memory_views.MemoryListView.as_view()),
    path("memories/export", memory_views.MemoryExportView.as_view(), name="api_memory_export"),
    path("memories/<uuid:memory_id>", memory_views.MemoryView.as_view()),
    path("memories/<uuid:memory_id>/fields/<str:name>", memory_views.MemoryFieldView.as_view()),
    path("flows", flow_views.FlowListView.as_view()),
    path("flows/<uuid:flow_id>", flow_views.FlowView.as_view()),
]
