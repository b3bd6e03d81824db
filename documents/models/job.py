from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from accounts.models import User, Workspace
from accounts.models.querysets import WorkspaceQuerySet


class JobStatus(models.TextChoices):
    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (JobStatus.PENDING, JobStatus.RUNNING, JobStatus.PAUSED)


class JobType(models.TextChoices):
    DOCUMENT_PROCESS = "document_process"
    FLOW_SUGGEST = "flow_suggest", "Flow suggestion"
    FLOW_TEST = "flow_test", "Flow tried out"


class Job(models.Model):
    """Long work that people watch. A single upload is a job with one document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    type = models.CharField(max_length=32, choices=JobType.choices)
    status = models.CharField(max_length=16, choices=JobStatus.choices, default=JobStatus.PENDING)
    requested_action = models.CharField(max_length=8, blank=True)
    progress = models.FloatField(default=0)
    progress_message = models.CharField(max_length=200, blank=True)
    total = models.PositiveIntegerField(default=1)
    processed_count = models.PositiveIntegerField(default=0)
    success_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    # How often a worker began it; the newest one alone may end it. Document runs count on the document.
    attempt = models.PositiveIntegerField(default=0)
    # Numbers this job's events without gaps; raised under the row's lock.
    event_seq = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    objects = WorkspaceQuerySet["Job"].as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="job_recent")]

    def __str__(self) -> str:
        return f"{self.type} {self.status}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    def eta_seconds(self, now: datetime) -> int | None:
        """Seconds left if it goes on at its pace so far; None before anything was done."""
        if self.status != JobStatus.RUNNING or not self.started_at or self.progress <= 0:
            return None
        spent = (now - self.started_at).total_seconds()
        return round(spent * (1 - self.progress) / self.progress)


class JobEvent(models.Model):
    """The log that SSE and WebSocket replay from; `seq` counts from 1 within the job."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    type = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "seq"], name="job_event_unique")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
