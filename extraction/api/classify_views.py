"""Asking what a document is."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from documents.selectors import document_get
from extraction.api.recipe_serializers import ClassifyOutput
from extraction.selectors import require_reading
from extraction.services.classification import document_classify


class ClassifyView(ApiView):
    """Tells the type from the text and gives it to the document; its fields stay until it runs again."""

    scopes = {"POST": "documents:write"}

    @extend_schema(
        operation_id="documents_classify",
        request=None,
        responses={200: ClassifyOutput, 409: ErrorOutput, 410: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, document_id: UUID) -> Response:
        actor = require_actor(request)
        document = document_get(document_id=document_id, actor=actor)
        outcome = document_classify(document=document, actor=actor, found=require_reading(document))
        return Response(
            {
                "type": outcome.type,
                "type_score": outcome.score,
                "candidates": outcome.candidates,
                "template_id": str(outcome.template.template_id) if outcome.template else None,
            }
        )
