"""The sweeper: rings again for every document that waits and that nobody holds."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import IdempotencyRecord
from accounts.services.outbox import outbox_publish_left
from documents.models import Document, Status
from documents.services.lifecycle import ring

BATCH = 1000


def sweep() -> int:
    """How many documents were rung for.

    Those whose worker died (lease over) at once; those still in line only when their last bell is older than
    the line is deep, since a bell that merely waits behind others is not lost.
    """
    now = timezone.now()
    outbox_publish_left()
    IdempotencyRecord.objects.filter(created_at__lt=now - timedelta(hours=24)).delete()
    waiting = Document.objects.filter(status=Status.QUEUED).count()
    patience = timedelta(seconds=settings.SWEEP_SECONDS + min(600, waiting * 2))
    unheard = Q(status=Status.QUEUED) & (Q(rung_at=None) | Q(rung_at__lt=now - patience))
    orphaned = Q(status=Status.PROCESSING) & (
        Q(lease_until__lt=now) | Q(lease_until=None, rung_at__lt=now - patience)
    )
    with transaction.atomic():
        due = Document.objects.select_for_update(skip_locked=True).filter(unheard | orphaned)
        rows = list(due.order_by("created_at").values_list("pk", "queue")[:BATCH])
        Document.objects.filter(pk__in=[pk for pk, _ in rows]).update(rung_at=now)
        for pk, queue in rows:
            ring(pk, queue)
    return len(rows)
