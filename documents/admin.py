from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_base import WorkspaceAdmin
from documents.models import Job
from documents.services.cancel import job_cancel


@admin.register(Job)
class JobAdmin(WorkspaceAdmin[Job]):
    read_scope = "jobs:read"
    list_display = [
        "created_at",
        "type",
        "status",
        "progress",
        "total",
        "success_count",
        "failed_count",
        "created_by",
    ]
    list_filter = ["type", "status"]
    list_select_related = ["created_by"]
    actions = ["cancel"]

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        actor = self.actor(request)
        self.apply(request, rows, lambda job: job_cancel(job=job, actor=actor), "cancelled")
