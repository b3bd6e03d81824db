"""Events out of this room, sent after the commit with ids."""

from django.dispatch import Signal

# A document waits for a worker. Sent with `document_id` (UUID) and `queue`.
document_due = Signal()
# A job of its own waits for a worker. Sent with `job_id` (UUID) and `queue`.
job_due = Signal()
# A job's log grew. Sent with `job_id` (UUID).
job_event_written = Signal()
