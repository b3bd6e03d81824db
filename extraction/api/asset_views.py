"""What a document consists of: pages, tables, figures and their pictures."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import PUBLIC
from accounts.api.views import require_actor
from common.api.media import file_response, guarded
from common.api.pagination import ListPagination
from common.api.requests import query_flag
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from documents.models import Document
from documents.selectors import document_get
from documents.services.files import file_open
from extraction.api.renderers import AnyTypeRenderer
from extraction.api.serializers import AssetsOutput, FigureOutput
from extraction.figure_links import LIFE, figure_by_token
from extraction.models import Figure
from extraction.selectors import assets_json, require_alive, require_result

INDEX = serializers.IntegerField(min_value=1, max_value=100_000)
NUMBER = OpenApiParameter("number", int, "path", description="The figure's index, from 1.")


class AssetsView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(operation_id="documents_assets", responses={200: AssetsOutput, 409: ErrorOutput})
    def get(self, request: Request, document_id: UUID) -> Response:
        return Response(assets_json(document_get(document_id=document_id, actor=require_actor(request))))


class FigureListView(ApiView):
    scopes = {"GET": "documents:read"}
    ordering_fields = {"index": "index"}
    default_ordering = "index"
    allow_offset = True
    pagination_class = ListPagination

    @extend_schema(
        operation_id="documents_figures", responses={200: FigureOutput(many=True), 409: ErrorOutput}
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        document = document_get(document_id=document_id, actor=require_actor(request))
        require_result(document)
        rows = Figure.objects.filter(document=document).with_page_size()
        return self.paged(request, rows, FigureOutput, absolute=request.build_absolute_uri)


class FigureView(ApiView):
    scopes = {"GET": "documents:read"}

    @extend_schema(
        operation_id="documents_figure", parameters=[NUMBER], responses={200: FigureOutput, 409: ErrorOutput}
    )
    def get(self, request: Request, document_id: UUID, number: str) -> Response:
        figure = _figure(document_get(document_id=document_id, actor=require_actor(request)), number)
        return Response(FigureOutput(figure, context={"absolute": request.build_absolute_uri}).data)


class FigureDownloadView(ApiView):
    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_figure_download",
        parameters=[NUMBER, OpenApiParameter("download", bool, description="As an attachment.")],
        responses={(200, "image/png"): OpenApiTypes.BINARY, 409: ErrorOutput, 502: ErrorOutput},
    )
    def get(self, request: Request, document_id: UUID, number: str) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        return _picture(request, document, _figure(document, number))


class SignedFigureView(ApiView):
    """A figure's picture by its signed address: the address is the right to see it."""

    scopes = {"GET": PUBLIC}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]
    authentication_classes = []

    @extend_schema(
        operation_id="figures_get",
        responses={(200, "image/png"): OpenApiTypes.BINARY, 404: ErrorOutput, 410: ErrorOutput},
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        figure = figure_by_token(token)
        require_alive(figure.document)
        return _picture(request, figure.document, figure)


def _figure(document: Document, number: str) -> Figure:
    """Raises: AppError `result_not_ready`, `document_erased`; ValidationError for no number; NotFound."""
    require_alive(document)
    try:
        index = INDEX.run_validation(number)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"number": error.detail}) from None
    require_result(document)
    figure = Figure.objects.filter(document=document, index=index).with_page_size().first()
    if figure is None:
        raise NotFound("figure")
    return figure


def _picture(request: Request, document: Document, figure: Figure) -> HttpResponseBase:
    # A key is never used for other bytes.
    etag = f'"{hashlib.sha256(figure.key.encode()).hexdigest()[:32]}"'
    name = f"{document.filename.rpartition('.')[0] or document.filename}-{figure.name}"
    download = query_flag(request, "download")
    if request.headers.get("If-None-Match") == etag:
        response = guarded(HttpResponse(status=304), download_as=None)
    else:
        response = file_response(
            request._request, file_open(figure.key), figure.size_bytes, figure.content_type,
            filename=name, attachment=download,
        )  # fmt: skip
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={int(LIFE.total_seconds())}"
    return response
