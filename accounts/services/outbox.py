"""Writing the outbox."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import OutboxEvent, Workspace
from accounts.signals import outbox_written


def outbox_write(
    *, workspace: Workspace, event_type: str, object_id: UUID, data: dict[str, Any]
) -> OutboxEvent:
    """One event, to be called in the transaction of the change; receivers hear of it after the commit."""
    event = OutboxEvent.objects.create(workspace=workspace, type=event_type, object_id=object_id, data=data)
    ring = partial(outbox_written.send_robust, sender=OutboxEvent, workspace_id=workspace.pk, event=event)
    transaction.on_commit(ring)
    return event
