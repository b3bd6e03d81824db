from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Workspace
from accounts.models.querysets import WorkspaceQuerySet
from documents.models import Document

RUNNING = "running"


class LlmCall(models.Model):
    """One call to a language model: a ledger row, never changed after the call's end.

    While `running`, tokens and cost are what the call may come to; that counts against the budget, also for
    a call whose worker died. `cost_usd` is null where the model has no price. `tries` counts the requests,
    and the tokens are those of all of them. The row outlives its document, and holds nothing of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=16, help_text="fields, pages")
    model = models.CharField(max_length=128)
    host = models.CharField(max_length=255, help_text="Of the endpoint, without key or path.")
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    outcome = models.CharField(
        max_length=20,
        default=RUNNING,
        help_text="ok, refused, cut_off, cancelled, running, or an error code.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["LlmCall"].as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["workspace", "created_at"], name="llm_call_month"),
            models.Index(fields=["document", "created_at"], name="llm_call_document"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.model} {self.created_at:%Y-%m-%d %H:%M}"
