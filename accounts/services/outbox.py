"""Writing the outbox."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import OutboxEvent, Workspace
from accounts.signals import outbox_written

# One numbering at a time per workspace. The lock is taken in a transaction that does nothing else, so it
# waits for no other lock, and nobody can wait for it in a circle.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
NUMBER = """
    WITH fresh AS (
        SELECT id, row_number() OVER (ORDER BY id) AS step FROM accounts_outboxevent
        WHERE workspace_id = %s AND sequence IS NULL
    ), last AS (
        SELECT coalesce(max(sequence), 0) AS number FROM accounts_outboxevent WHERE workspace_id = %s
    )
    UPDATE accounts_outboxevent AS event SET sequence = last.number + fresh.step
    FROM fresh, last WHERE event.id = fresh.id
"""


def outbox_write(
    *, workspace: Workspace, event_type: str, object_id: UUID, data: dict[str, Any]
) -> OutboxEvent:
    """One event, to be called in the transaction of the change; it is numbered and told after the commit."""
    event = OutboxEvent.objects.create(workspace=workspace, type=event_type, object_id=object_id, data=data)
    transaction.on_commit(partial(outbox_publish, workspace_id=workspace.pk), robust=True)
    return event


def outbox_publish(*, workspace_id: UUID) -> int:
    """Numbers the workspace's new events and tells those who listen; gives how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [f"outbox:{workspace_id}"])
        cursor.execute(NUMBER, [workspace_id, workspace_id])
        count: int = cursor.rowcount
    if count:
        outbox_written.send_robust(sender=OutboxEvent, workspace_id=workspace_id)
    return count


def outbox_publish_left() -> None:
    """Numbers what a process left that died between its commit and the numbering."""
    left = OutboxEvent.objects.filter(sequence=None).values_list("workspace_id", flat=True)
    for workspace_id in set(left):
        outbox_publish(workspace_id=workspace_id)
