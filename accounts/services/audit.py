"""Writing the audit trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import AuditEvent
from common.request_context import request_id_var


def audit_record(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> AuditEvent:
    """One entry; call it in the transaction of the change itself. Causes one SQL insert."""
    return AuditEvent.objects.create(
        workspace=actor.workspace,
        actor_id=actor.user.pk if actor.user and not actor.api_key else None,
        actor_label=actor.label,
        ip=actor.ip,
        request_id=request_id_var.get().strip("-"),
        action=action,
        object_type=object_type,
        object_id=object_id,
        from_state=from_state,
        to_state=to_state,
        reason=reason[:1000],
        changes=changes or {},
    )
