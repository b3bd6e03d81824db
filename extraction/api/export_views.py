"""A document's result as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.api.views import require_actor
from common.api.media import bytes_response, file_response
from common.api.requests import query_value
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from documents.selectors import document_get
from documents.services.files import file_open
from extraction.api.renderers import AnyTypeRenderer
from extraction.api.result_views import PDF, named
from extraction.engines.convert.filetypes import XML_INVOICE
from extraction.exports import export_csv, export_json, export_xlsx, export_zip, markdown_file
from extraction.models import Figure
from extraction.selectors import require_result
from extraction.services.e_invoices import e_invoice_xml
from extraction.services.searchable import has_text_layer, searchable_pdf

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "zip": "application/zip",
    "pdf": PDF,
    "xml": XML_INVOICE,
}
FORMAT = serializers.ChoiceField(choices=list(TYPES))
IN_MEMORY: dict[str, Any] = {
    "json": export_json,
    "csv": export_csv,
    "xlsx": export_xlsx,
    "md": lambda document: markdown_file(document, list(Figure.objects.filter(document=document))).encode(),
    "pdf": searchable_pdf,
    "xml": e_invoice_xml,
}


class ExportView(ApiView):
    """All in JSON or a ZIP, fields and tables in CSV and XLSX, Markdown, searchable PDF, e-invoice's XML."""

    scopes = {"GET": "documents:read"}
    renderer_classes = [AnyTypeRenderer, JSONRenderer]

    @extend_schema(
        operation_id="documents_export",
        parameters=[OpenApiParameter("format", str, enum=list(TYPES), description="Default json.")],
        responses={
            **{(200, kind.partition(";")[0]): OpenApiTypes.BINARY for kind in TYPES.values()},
            400: ErrorOutput,
            409: ErrorOutput,
            410: ErrorOutput,
        },
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponseBase:
        document = document_get(document_id=document_id, actor=require_actor(request))
        kind: str = query_value(request, "format", FORMAT) or "json"
        require_result(document)
        name = named(document, kind)
        if kind == "zip":
            file, size = export_zip(document, name.removesuffix(".zip"))
        elif kind == "pdf" and has_text_layer(document):
            file, size = file_open(document.storage_key), document.size_bytes
        else:
            data = IN_MEMORY[kind](document)
            return bytes_response(request._request, data, TYPES[kind], download_as=name)
        return file_response(request._request, file, size, TYPES[kind], filename=name, attachment=True)
