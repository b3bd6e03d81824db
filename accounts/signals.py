"""Events out of this room. Receivers get ids, after the commit."""

from django.dispatch import Signal

# The workspace has new numbered events. Sent with `workspace_id` (UUID).
outbox_written = Signal()
# Sent with `workspace` inside the transaction that makes it, so that higher rooms add what it needs.
workspace_created = Signal()
