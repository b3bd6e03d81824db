"""A person's or client's word on a document."""

from __future__ import annotations

from itertools import islice
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import checked_version, filter_rows, query_flag
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from common.errors import AppError
from documents.api.filters import DocumentFilter
from documents.api.serializers import DocumentOutput
from documents.api.views import document_json
from documents.models import Document
from documents.selectors import document_get
from extraction.api.serializers import (
    ApproveInput,
    CorrectionInput,
    ExtractionOutput,
    QueueRowOutput,
    RejectInput,
)
from extraction.models import Extraction
from extraction.selectors import current_extraction, require_alive, review_queue, worst_fields
from extraction.services.review import (
    document_approve,
    document_reject,
    fields_correct,
    review_claim,
)


class ApproveView(ApiView):
    scopes = {"POST": "reviews:write"}

    @extend_schema(
        operation_id="documents_approve",
        request=ApproveInput,
        responses={200: DocumentOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        data = checked_version(ApproveInput, request)
        document_approve(document=document, actor=actor, **data)
        return Response(document_json(document_get(document_id=document_id, actor=actor)))


class RejectView(ApiView):
    scopes = {"POST": "reviews:write"}

    @extend_schema(
        operation_id="documents_reject",
        request=RejectInput,
        responses={200: DocumentOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        document_reject(document=document, actor=actor, **checked_version(RejectInput, request))
        return Response(document_json(document_get(document_id=document_id, actor=actor)))


class ExtractionListView(ApiView):
    scopes = {"GET": "documents:read", "POST": "reviews:write"}
    ordering_fields = {"created_at": "created_at"}
    pagination_class = ListPagination

    @extend_schema(operation_id="documents_extractions", responses=ExtractionOutput(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_alive(document)
        return self.paged(request, Extraction.objects.filter(document=document), ExtractionOutput)

    @extend_schema(
        operation_id="documents_correct",
        request=CorrectionInput,
        responses={201: ExtractionOutput, 400: ErrorOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        data = checked_version(CorrectionInput, request)
        _require_current(document, data.pop("extraction_id", None))
        if data.pop("approve"):
            reason = data.pop("reason")
            document_approve(document=document, actor=actor, comment=reason, **data)
        else:
            fields_correct(document=document, actor=actor, **data)
        return Response(ExtractionOutput(current_extraction(document)).data, status.HTTP_201_CREATED)


class ReviewQueueView(ApiView):
    scopes = {"GET": "reviews:write"}
    ordering_fields = {"confidence_score": "confidence_score", "created_at": "created_at"}
    default_ordering = "confidence_score"
    pagination_class = ListPagination
    filterset_class = DocumentFilter

    @extend_schema(
        operation_id="review_queue",
        parameters=[OpenApiParameter("next", bool, description="One document, claimed for the caller.")],
        responses=QueueRowOutput(many=True),
        filters=True,
    )
    def get(self, request: Request) -> Response:
        actor = require_actor(request)
        rows = filter_rows(DocumentFilter, request, review_queue(actor))
        pages = ListPagination()
        found: Any = pages.paginate_queryset(rows, request, self) or []
        if query_flag(request, "next"):
            found = list(islice((row for row in found if review_claim(document=row, actor=actor)), 1))
        context = {"worst": worst_fields(found), "expand": request.query_params.get("expand")}
        return pages.get_paginated_response(QueueRowOutput(found, many=True, context=context).data)


def _require_current(document: Document, extraction_id: UUID | None) -> None:
    current = current_extraction(document)
    if extraction_id and (current is None or current.pk != extraction_id):
        message = "The fields were changed meanwhile. Read them again and repeat your correction."
        raise AppError(
            "version_conflict", 409, message, details={"extraction_id": str(current.pk) if current else None}
        )
