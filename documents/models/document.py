from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import User, Workspace
from accounts.models.querysets import WorkspaceQuerySet

from .job import Job


class Status(models.TextChoices):
    PENDING = "pending"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    REQUIRES_REVIEW = "requires_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    FAILED = "failed"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105  (a state, not a secret)
    CANCELLED = "cancelled"
    ERASED = "erased"


BUSY = (Status.QUEUED, Status.PROCESSING)
REVIEWABLE = (Status.COMPLETED, Status.REQUIRES_REVIEW, Status.REJECTED)
WITH_RESULT = (Status.COMPLETED, Status.REQUIRES_REVIEW, Status.APPROVED, Status.REJECTED)
SETTLED = (*WITH_RESULT, Status.FAILED, Status.PASSWORD_REQUIRED, Status.CANCELLED)

PHASES: dict[str, tuple[Status, ...]] = {
    "pending": (Status.PENDING, Status.QUEUED),
    "processing": (Status.PROCESSING,),
    "completed": WITH_RESULT,
    "failed": (Status.FAILED, Status.PASSWORD_REQUIRED, Status.CANCELLED),
    "erased": (Status.ERASED,),
}
PHASE_OF = {status: phase for phase, statuses in PHASES.items() for status in statuses}

# How often a document may take its worker down before it is given up.
MAX_CRASHES = 4


class DocumentQuerySet(WorkspaceQuerySet["Document"]):
    def live(self) -> Self:
        """Not in the trash and not erased."""
        return self.filter(trashed_at=None).exclude(status=Status.ERASED)

    def free(self, now: datetime) -> Self:
        """Rows a worker may claim: queued, or processing with nobody holding a live lease."""
        no_lease = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(Q(status=Status.QUEUED) | Q(no_lease, status=Status.PROCESSING))

    def for_lists(self) -> Self:
        """Rows with what a list shows, big columns left in the database."""
        return self.select_related("workspace", "owner", "reviewed_by", "assigned_to").defer(
            "options", "type_candidates"
        )


class Document(models.Model):
    """One file and its life: intake, processing, review. What was read out of it lives in `extraction`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="documents")
    # The mail that this one was attached to.
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    filename = models.CharField(max_length=255)
    title = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=16, default="upload")
    content_type = models.CharField(max_length=128)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    # Equal to sha256 on the document that answers for these bytes; null on deliberate copies and trash.
    dedupe_key = models.CharField(max_length=64, null=True)  # noqa: DJ001  (null takes it out of the constraint)
    storage_key = models.CharField(max_length=200)

    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    stage = models.CharField(max_length=20, blank=True, help_text="The word for what a worker does now.")
    next_stage = models.CharField(max_length=100, blank=True, help_text="Where a resumed run goes on.")
    queue = models.CharField(max_length=16, default="cpu")
    progress = models.FloatField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True, help_text="When a worker was last told about it.")
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    error_stage = models.CharField(max_length=20, blank=True)

    type = models.CharField(max_length=64, blank=True)
    type_source = models.CharField(max_length=16, blank=True)
    type_score = models.FloatField(null=True)
    type_candidates = models.JSONField(
        default=list, help_text="What else it could be: the best types with scores 0–100."
    )
    flow_id = models.UUIDField(null=True, db_index=True)
    # The template it was read with. One that was asked for stands in `options`, so that a run can tell them.
    template_id = models.UUIDField(null=True)
    template_version = models.PositiveIntegerField(null=True)
    model = models.CharField(max_length=64, default="standard")
    options = models.JSONField(default=dict)
    policy = models.JSONField(
        default=dict, help_text="Thresholds that settle this run; a snapshot of the flow's."
    )
    external_ref = models.CharField(max_length=255, blank=True)
    external_refs = ArrayField(models.CharField(max_length=255), default=list)
    tags = ArrayField(models.CharField(max_length=64), default=list)
    metadata = models.JSONField(default=dict)

    page_count = models.PositiveIntegerField(null=True)
    language = models.CharField(max_length=16, blank=True)
    is_scanned = models.BooleanField(null=True)
    extraction_method = models.CharField(max_length=16, blank=True)
    ocr_score = models.FloatField(null=True)
    word_count = models.PositiveIntegerField(null=True)
    confidence_score = models.FloatField(null=True, help_text="0–100")
    flags = ArrayField(models.CharField(max_length=32), default=list)
    dedup_status = models.CharField(max_length=16, default="pending")

    assigned_to = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    assigned_until = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_reason = models.CharField(max_length=1000, blank=True)
    review_reasons = models.JSONField(
        default=list, help_text="Why it waits for a person: code, message, field."
    )

    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    processed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "dedupe_key"], name="document_bytes_unique"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="document_recent"),
            models.Index(fields=["workspace", "status", "confidence_score", "id"], name="document_queue"),
            models.Index(
                fields=["status", "lease_until"],
                name="document_due",
                condition=Q(status__in=["queued", "processing"]),
            ),
            GinIndex(fields=["external_refs"], name="document_refs"),
            GinIndex(fields=["tags"], name="document_tags"),
        ]

    def __str__(self) -> str:
        return self.title or self.filename

    @property
    def phase(self) -> str:
        return PHASE_OF[Status(self.status)]

    @property
    def review_threshold(self) -> float:
        """The score (0–100) below which its values are doubtful. Without a flow the workspace's, by SQL query
        unless it was selected with the row."""
        found = self.policy.get("review_below_score")
        return float(self.workspace.review_below_score if found is None else found)

    @property
    def reasons_to_review(self) -> list[dict[str, Any]]:
        """Why it waits for a person now: code, message, field. Empty when it does not."""
        return list(self.review_reasons) if self.status == Status.REQUIRES_REVIEW else []

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def has_result(self) -> bool:
        return self.status in WITH_RESULT
