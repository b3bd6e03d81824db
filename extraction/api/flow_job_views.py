"""Flows tried out and suggested: both take longer than a request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.parsers import JSONParser
from common.api.requests import checked
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from common.errors import NotFound
from documents.models import Document, Job
from documents.selectors import document_get, job_json
from extraction.api.flow_views import flow_get
from extraction.api.recipe_serializers import (
    FlowSuggestFilesInput,
    FlowSuggestInput,
    FlowTestInput,
    JobStartedOutput,
)
from extraction.intake import sample_of
from extraction.services.flow_drafts import flow_suggest_start, require_model
from extraction.services.flow_trials import flow_test_start


class FlowTestView(ApiView):
    """What the flow would read from a document; nothing is kept on it."""

    scopes = {"POST": "flows:write"}

    @extend_schema(
        operation_id="flows_test",
        request=FlowTestInput,
        responses={202: JobStartedOutput, 404: ErrorOutput, 409: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, flow_id: UUID) -> Response:
        actor = require_actor(request)
        flow = flow_get(flow_id, actor)
        document = _document(checked(FlowTestInput, request)["document_id"], actor, "document_id")
        return started(flow_test_start(flow=flow, document=document, actor=actor))


class FlowSuggestView(ApiView):
    """A draft of a flow from one to four files or documents."""

    scopes = {"POST": "flows:write"}
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(
        operation_id="flows_suggest",
        request={"multipart/form-data": FlowSuggestFilesInput, "application/json": FlowSuggestInput},
        responses={202: JobStartedOutput, 400: ErrorOutput, 404: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        require_model()
        actor = require_actor(request)
        data = _read(request)
        documents = [_document(pk, actor, "document_ids") for pk in data.get("document_ids", ())]
        files = [sample_of(file) for file in data.get("files", ())]
        job = flow_suggest_start(actor=actor, documents=documents, files=files, model=data.get("model", ""))
        return started(job)


def started(job: Job) -> Response:
    """The answer that says where to watch."""
    headers = {"Location": f"/api/v1/jobs/{job.pk}"}
    return Response({"job": job_json(job)}, status.HTTP_202_ACCEPTED, headers=headers)


def _read(request: Request) -> dict[str, Any]:
    if not request.content_type.startswith("multipart/"):
        return checked(FlowSuggestInput, request)
    sent: Any = request.data
    many = ("files", "document_ids")
    form = {name: values if name in many else values[-1] for name, values in sent.lists()}
    data = FlowSuggestFilesInput(data=form)
    data.is_valid(raise_exception=True)
    return dict(data.validated_data)


def _document(document_id: UUID, actor: Actor, field: str) -> Document:
    """Raises: NotFound that names the field."""
    try:
        return document_get(document_id=document_id, actor=actor)
    except NotFound:
        raise NotFound("document", field=field) from None
