"""Reading a document again."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.requests import checked
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from documents.api.views import OPTION_NAMES, refuse_absent
from documents.models import Document
from documents.selectors import document_get, job_json
from extraction.api.serializers import ConvertInput, ReextractInput, RunOutput
from extraction.services.runs import document_convert, document_reextract


class ConvertView(ApiView):
    """From the file on, with other choices where the body names them."""

    scopes = {"POST": "documents:write"}

    @extend_schema(
        operation_id="documents_convert",
        request=ConvertInput,
        responses={202: RunOutput, 400: ErrorOutput, 409: ErrorOutput, 410: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        data = checked(ConvertInput, request)
        refuse_absent(data)
        row = document_convert(
            document=document,
            actor=actor,
            flow_id=data.get("flow_id"),
            template_id=data.get("template_id"),
            document_type=data.get("type") or "",
            model=data.get("model") or "",
            options={name: data[name] for name in OPTION_NAMES if name in data},
        )
        return _started(row)


class ReextractView(ApiView):
    scopes = {"POST": "documents:write"}

    @extend_schema(
        operation_id="documents_reextract",
        request=ReextractInput,
        responses={202: RunOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        data = checked(ReextractInput, request)
        refuse_absent(data)
        row = document_reextract(
            document=document,
            actor=actor,
            flow_id=data.get("flow_id"),
            template_id=data.get("template_id"),
            document_type=data.get("type") or "",
            pdf_password=data.get("pdf_password") or "",
            model=data.get("model") or "",
            reuse_text=data["reuse_text"],
        )
        return _started(row)


def _started(row: Document) -> Response:
    assert row.job is not None
    body = {"job": job_json(row.job), "document_id": str(row.pk), "status": row.status}
    return Response(body, status.HTTP_202_ACCEPTED, headers={"Location": f"/api/v1/jobs/{row.job.pk}"})
