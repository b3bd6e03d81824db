from __future__ import annotations

import base64
import binascii
import io
from typing import Any, BinaryIO
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.parsers import JSONParser
from common.api.requests import filter_rows, query_value
from common.api.serializers import ErrorOutput, FiniteFloatField
from common.api.views import ApiView
from common.errors import AppError, NotFound, ValidationFailed
from documents.api.filters import DocumentFilter
from documents.api.serializers import (
    Base64UploadInput,
    DocumentOutput,
    DocumentRowOutput,
    EventListOutput,
    FileUploadInput,
    StatusOutput,
    UploadOutput,
)
from documents.models import Document, Status
from documents.selectors import document_events, document_get, job_json, wait_until_settled
from documents.services.intake import Intake, Upload, document_create
from documents.services.lifecycle import document_cancel

OPTION_NAMES = (
    "language",
    "pages",
    "instructions",
    "ocr",
    "table_mode",
    "image_handling",
    "temperature",
)
# Rooms that are not built yet hold nothing, so every id names nothing.
ABSENT = {"folder_id": "folder", "customer_id": "customer"}


class DocumentListView(ApiView):
    """Uploads and the library."""

    scopes = {"GET": "documents:read", "POST": "documents:write"}
    buckets = {"POST": "upload"}
    parser_classes = [MultiPartParser, JSONParser]
    ordering_fields = {
        "created_at": "created_at",
        "updated_at": "updated_at",
        "title": "title",
        "confidence_score": "confidence_score",
        "size_bytes": "size_bytes",
    }
    allow_offset = True
    pagination_class = ListPagination
    filterset_class = DocumentFilter

    @extend_schema(
        operation_id="documents_list",
        parameters=[OpenApiParameter("expand", str, enum=["all"])],
        responses=DocumentRowOutput(many=True),
        filters=True,
    )
    def get(self, request: Request) -> Response:
        rows = Document.objects.visible_to(require_actor(request)).live().for_lists()
        rows = filter_rows(DocumentFilter, request, rows)
        return self.paged(request, rows, DocumentRowOutput, expand=request.query_params.get("expand"))

    @extend_schema(
        operation_id="documents_create",
        request={"multipart/form-data": FileUploadInput, "application/json": Base64UploadInput},
        responses={
            201: UploadOutput,
            200: UploadOutput,
            400: ErrorOutput,
            409: ErrorOutput,
            413: ErrorOutput,
        },
    )
    @idempotent
    def post(self, request: Request) -> Response:
        upload, wait = read_upload(request)
        intake = document_create(upload=upload, actor=require_actor(request))
        if wait and intake.document.status != Status.PENDING:  # a document that nobody started never settles
            wait_until_settled(intake.document, wait)
        return Response(
            upload_json(intake), status.HTTP_200_OK if intake.deduped else status.HTTP_201_CREATED
        )


class MultipartUploadView(DocumentListView):
    """POST /documents under another path, multipart only."""

    scopes = {"POST": "documents:write"}
    parser_classes = [MultiPartParser]
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="documents_upload",
        request={"multipart/form-data": FileUploadInput},
        responses={201: UploadOutput, 200: UploadOutput},
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class JsonUploadView(DocumentListView):
    """POST /documents under another path, JSON only."""

    scopes = {"POST": "documents:write"}
    parser_classes = [JSONParser]
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="documents_upload_json",
        request=Base64UploadInput,
        responses={201: UploadOutput, 200: UploadOutput},
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class DocumentView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(operation_id="documents_get", responses=DocumentOutput)
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        return Response(document_json(document))


class DocumentStatusView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(
        operation_id="documents_status",
        parameters=[OpenApiParameter("wait", float, description="Seconds to wait for the end, 0–60.")],
        responses=StatusOutput,
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        seconds = query_value(request, "wait", FiniteFloatField(min_value=0, max_value=60))
        document = wait_until_settled(document, seconds or 0)
        etag = f'"{document.version}-{document.stage}-{document.progress}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag})
        return Response(StatusOutput(document).data, headers={"ETag": etag})


class DocumentEventsView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(operation_id="documents_events", responses=EventListOutput)
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        return Response({"results": document_events(document)})


class DocumentCancelView(ApiView):
    scopes = {"POST": "documents:write"}

    @extend_schema(
        operation_id="documents_cancel", request=None, responses={200: DocumentOutput, 409: ErrorOutput}
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        document_cancel(document=document, actor=actor)
        return Response(document_json(document_get(document_id=document_id, actor=actor)))


def document_json(document: Document) -> dict[str, Any]:
    return {**DocumentOutput(document).data, "group_memberships": [], "links": _links(document)}


def _links(document: Document) -> dict[str, Any]:
    """Addresses of its parts, and the ids of the mail it came with and of what was attached to it."""
    base = f"/api/v1/documents/{document.pk}"
    children = document.children.live().order_by("created_at", "pk").values_list("pk", flat=True)
    return {
        **{name: f"{base}/{name}" for name in ("status", "result", "markdown", "pages", "events")},
        "parent": str(document.parent_id) if document.parent_id else None,
        "children": [str(pk) for pk in children],
    }


def upload_json(intake: Intake) -> dict[str, Any]:
    document = intake.document
    document.refresh_from_db()
    if intake.job is not None:
        intake.job.refresh_from_db()
    return {
        "document_id": str(document.pk),
        "deduped": intake.deduped,
        "document": document_json(document),
        "job": job_json(intake.job) if intake.job else None,
    }


def read_upload(request: Request) -> tuple[Upload, float]:
    """The upload in any of its body forms, and the seconds to wait.

    Raises: AppError `missing_file`, `missing_filename`, `empty_file`; ValidationFailed.
    """
    if request.content_type.startswith("multipart/"):
        return _read_multipart(request)
    body: Any = request.data
    _refuse_missing_file(body)
    data = Base64UploadInput(data=body)
    data.is_valid(raise_exception=True)
    content = _decode(data.validated_data["content_base64"])
    return _upload(io.BytesIO(content), data.validated_data["filename"], data.validated_data)


def _read_multipart(request: Request) -> tuple[Upload, float]:
    if "file" not in request.data:
        raise AppError("missing_file", 400, "Send the document as the form field `file`.")
    if "file" not in request.FILES:
        raise AppError("missing_filename", 400, "Send a file name with the file.")
    sent: Any = request.data
    form = {name: values if name == "tags" else values[-1] for name, values in sent.lists()}
    data = FileUploadInput(data=form)
    data.is_valid(raise_exception=True)
    file = data.validated_data["file"]
    return _upload(file.file, file.name, data.validated_data)


def _refuse_missing_file(body: dict[str, Any]) -> None:
    if "content_base64" not in body and "url" not in body:
        raise AppError("missing_file", 400, "Send the document as content_base64 with its filename.")
    if body.get("filename") in (None, ""):
        raise AppError("missing_filename", 400, "Send a file name with the file.")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValidationFailed({"content_base64": ["Must be base64 without line breaks."]}) from None


def refuse_absent(data: dict[str, Any]) -> None:
    """Raises: NotFound where the caller names an object of a room that is not built yet."""
    for name, resource in ABSENT.items():
        if data.get(name):
            raise NotFound(resource, field=name)


def _upload(file: BinaryIO, filename: str, data: dict[str, Any]) -> tuple[Upload, float]:
    refuse_absent(data)
    upload = Upload(
        file=file,
        filename=filename,
        options={name: data[name] for name in OPTION_NAMES if data.get(name) not in (None, "")},
        title=data.get("title") or "",
        flow_id=data.get("flow_id"),
        template_id=data.get("template_id"),
        type=data.get("type") or "",
        model=data.get("model") or "standard",
        external_ref=data.get("external_ref") or "",
        tags=data.get("tags") or [],
        metadata=data.get("metadata") or {},
        pdf_password=data.get("pdf_password") or "",
        process=data.get("process"),
        on_duplicate=data["on_duplicate"],
    )
    return upload, data["wait"]
