from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import filter_rows, query_flag
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from documents.api.filters import JobFilter
from documents.api.serializers import JobOutput, JobWithItemsOutput
from documents.models import Document, Job
from documents.selectors import item_json, job_get
from documents.services.cancel import job_cancel

SHOWN_ITEMS = 100


class JobListView(ApiView):
    scopes = {"GET": "jobs:read"}
    ordering_fields = {"created_at": "created_at"}
    allow_offset = True
    pagination_class = ListPagination
    filterset_class = JobFilter

    @extend_schema(operation_id="jobs_list", responses=JobOutput(many=True), filters=True)
    def get(self, request: Request) -> Response:
        rows = filter_rows(JobFilter, request, Job.objects.visible_to(require_actor(request)))
        return self.paged(request, rows, JobOutput)


class JobView(ApiView):
    scopes = {"GET": "jobs:read"}

    @extend_schema(
        operation_id="jobs_get",
        parameters=[OpenApiParameter("items", bool, description="Adds the first 100 items.")],
        responses=JobWithItemsOutput,
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        job = job_get(job_id=job_id, actor=require_actor(request))
        data = dict(JobOutput(job).data)
        if query_flag(request, "items"):
            documents = Document.objects.filter(job=job).order_by("created_at", "pk")[:SHOWN_ITEMS]
            data["items"] = [item_json(row, number) for number, row in enumerate(documents, start=1)]
        return Response(data)


class JobCancelView(ApiView):
    scopes = {"POST": "jobs:write"}

    @extend_schema(operation_id="jobs_cancel", request=None, responses={200: JobOutput, 409: ErrorOutput})
    @idempotent
    def post(self, request: Request, job_id: UUID) -> Response:
        actor = require_actor(request)
        job = job_cancel(job=job_get(job_id=job_id, actor=actor), actor=actor)
        return Response(_fresh(job))


def _fresh(job: Job) -> Any:
    job.refresh_from_db()
    return JobOutput(job).data
