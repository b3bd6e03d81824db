from .api_key import ApiKey
from .audit import AuditEvent
from .idempotency import IdempotencyRecord
from .outbox import OutboxEvent
from .user import User
from .workspace import Membership, Role, Workspace

__all__ = [
    "ApiKey",
    "AuditEvent",
    "IdempotencyRecord",
    "Membership",
    "OutboxEvent",
    "Role",
    "User",
    "Workspace",
]
