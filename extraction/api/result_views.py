"""What was read: result, text, Markdown, pages and their pictures."""

from __future__ import annotations

import io
import threading
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from PIL import Image
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import require_actor
from common.api.media import bytes_response, file_response, text_response
from common.api.requests import query_flag, query_value
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from documents.models import Document
from documents.selectors import document_get
from documents.services.files import file_open, file_read
from documents.services.text import document_text
from extraction.api.renderers import AnyTypeRenderer
from extraction.api.serializers import ContentOutput, PageListOutput, ResultOutput
from extraction.markdown_images import FORMS, with_images
from extraction.models import Conversion, Figure, Page
from extraction.selectors import page_json, percent, require_alive, require_result, result_json
from extraction.services.choices import read_choices
from extraction.services.pictures import page_image

PDF = "application/pdf"
CACHE_S = 3600
IMAGE_FORMS = list(FORMS.values())
# Each picture in work takes some ten megabytes; a browser asks for twenty at once.
_scaling = threading.BoundedSemaphore(2)
PAGE_NUMBER = serializers.IntegerField(min_value=1, max_value=100_000)


class ResultView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(operation_id="documents_result", responses=ResultOutput)
    def get(self, request: Request, document_id: UUID) -> Response:
        return Response(result_json(document_get(document_id=document_id, actor=require_actor(request))))


class ContentView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(
        operation_id="documents_content", parameters=[OpenApiParameter("page", int)], responses=ContentOutput
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_alive(document)
        pages = Page.objects.filter(document=document).order_by("number")
        number = query_value(request, "page", PAGE_NUMBER)
        if number is not None:
            pages = pages.filter(number=number)
        rows: list[dict[str, Any]] = [
            {"page": page.number, "text": page.text, "ocr_score": percent(page.ocr_score)} for page in pages
        ]
        text = document_text(document.pk) if number is None else "\n\n".join(row["text"] for row in rows)
        if not text.strip():
            raise NotFound("content")
        return Response({"full_text": text, "word_count": len(text.split()), "pages": rows})


class MarkdownView(ApiView):
    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_markdown",
        parameters=[
            OpenApiParameter("download", bool),
            OpenApiParameter(
                "images", str, enum=IMAGE_FORMS, description="How pictures are given; as the upload asked."
            ),
        ],
        responses={(200, "text/markdown"): OpenApiTypes.STR},
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_result(document)
        form = query_value(request, "images", serializers.ChoiceField(choices=IMAGE_FORMS))
        form = form or FORMS[read_choices(document)["image_handling"]]
        markdown = (
            Conversion.objects.filter(document=document).values_list("markdown", flat=True).first() or ""
        )
        figures = Figure.objects.filter(document=document)
        base = request.build_absolute_uri("/").rstrip("/")
        return text_response(
            request._request,
            with_images(markdown, figures, form, base=base),
            "text/markdown; charset=utf-8",
            download_as=named(document, "md") if query_flag(request, "download") else None,
        )


class TextView(ApiView):
    """The words as printed, line by line."""

    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_text",
        parameters=[OpenApiParameter("download", bool)],
        responses={(200, "text/plain"): OpenApiTypes.STR, 409: ErrorOutput},
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_result(document)
        return text_response(
            request._request,
            document_text(document.pk),
            "text/plain; charset=utf-8",
            download_as=named(document, "txt") if query_flag(request, "download") else None,
        )


class PagesView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(
        operation_id="documents_pages", parameters=[OpenApiParameter("words", bool)], responses=PageListOutput
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_result(document)
        words = query_flag(request, "words")
        pages = Page.objects.filter(document=document).order_by("number")
        return Response({"results": [page_json(page, words=words) for page in pages]})


class PreviewView(ApiView):
    """The whole PDF, or one page as a picture."""

    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_preview",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("width", int, description="50–2000")],
        responses={(200, PDF): OpenApiTypes.BINARY, (200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_alive(document)
        number = query_value(request, "page", PAGE_NUMBER)
        width = query_value(request, "width", serializers.IntegerField(min_value=50, max_value=2000))
        if number is None and width is None and document.content_type == PDF:
            file = file_open(document.storage_key)
            return file_response(
                request._request, file, document.size_bytes, PDF, filename=document.filename, attachment=False
            )
        image = scaled(_page(document, number or 1), width, "PNG")
        return bytes_response(request._request, image, "image/png", cache_s=CACHE_S)


class ThumbView(ApiView):
    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_thumb",
        parameters=[OpenApiParameter("width", int, description="50–800, default 200")],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_alive(document)
        width = query_value(request, "width", serializers.IntegerField(min_value=50, max_value=800)) or 200
        page = Page.objects.filter(document=document).order_by("number").only("image_key").first()
        if page is None or not page.image_key:
            raise NotFound("thumb")
        image = scaled(file_read(page.image_key), width, "WEBP")
        return bytes_response(request._request, image, "image/webp", cache_s=CACHE_S)


def named(document: Document, ending: str) -> str:
    """The file's name with another ending."""
    return f"{document.filename.rpartition('.')[0] or document.filename}.{ending}"


def _page(document: Document, number: int) -> bytes:
    """The picture of a page. Raises: AppError `result_not_ready`, and what page_image raises."""
    if not Page.objects.filter(document=document, number=number).exists():
        require_result(document)
    return page_image(document, number)


def scaled(image: bytes, width: int | None, kind: str) -> bytes:
    """The picture in another format, `width` pixels wide (its own width for None)."""
    with _scaling:
        picture: Image.Image = Image.open(io.BytesIO(image))
        if width is not None and width != picture.width:
            height = max(1, round(picture.height * width / picture.width))
            picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, kind)
        return out.getvalue()
