from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import idempotent
from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from documents.api.filters import JobFilter
from documents.api.serializers import JobOutput
from documents.api.views import filter_rows
from documents.models import Job
from documents.selectors import job_get
from documents.services.cancel import job_cancel


class JobListView(ApiView):
    scopes = {"GET": "jobs:read"}
    ordering_fields = {"created_at": "created_at"}
    allow_offset = True
    pagination_class = ListPagination
    filterset_class = JobFilter

    @extend_schema(operation_id="jobs_list", responses=JobOutput(many=True), filters=True)
    def get(self, request: Request) -> Response:
        rows = filter_rows(JobFilter, request, Job.objects.visible_to(require_actor(request)))
        pages = ListPagination()
        found = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(JobOutput(found, many=True).data)


class JobView(ApiView):
    scopes = {"GET": "jobs:read"}

    @extend_schema(operation_id="jobs_get", responses=JobOutput)
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(JobOutput(job_get(job_id=job_id, actor=require_actor(request))).data)


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
