from django.urls import path

from extraction import library_views, memory_pages, views

urlpatterns = [
    path("review", views.queue, name="review"),
    path("review/next", views.review_next, name="review_next"),
    path("review/approve", views.approve_many, name="review_approve_many"),
    path("review/undo", views.undo_many, name="review_undo_many"),
    path("review/<uuid:document_id>", views.review, name="review_document"),
    path("review/<uuid:document_id>/fields", views.correct, name="review_correct"),
    path("review/<uuid:document_id>/approve", views.approve, name="review_approve"),
    path("review/<uuid:document_id>/reject", views.reject, name="review_reject"),
    path("review/<uuid:document_id>/undo", views.undo, name="review_undo"),
    path("counts", views.counts, name="counts"),
    path("documents", library_views.documents, name="documents"),
    path("documents/<uuid:document_id>", library_views.document, name="document"),
    path("documents/<uuid:document_id>/row", library_views.document_row, name="document_row"),
    path("documents/<uuid:document_id>/run", library_views.document_rerun, name="document_rerun"),
    path("documents/<uuid:document_id>/pages/<int:number>", library_views.page_picture, name="page_picture"),
    path("documents/<uuid:document_id>/file", library_views.original, name="document_file"),
    path("learned", memory_pages.memories, name="memories"),
    path("learned/<uuid:memory_id>", memory_pages.memory, name="memory"),
    path("learned/<uuid:memory_id>/forget", memory_pages.memory_forget_page, name="memory_forget"),
    path(
        "learned/<uuid:memory_id>/fields/<str:name>/forget",
        memory_pages.memory_field_forget_page,
        name="memory_field_forget",
    ),
    path("upload", library_views.upload, name="upload"),
]
