"""Walking through the review queue."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from documents.models import Document
from extraction.selectors import review_queue


def next_in_queue(*, actor: Actor, after: Document | None = None) -> Document | None:
    """The next document nobody else looks at: behind `after` in the queue's order, else from its start."""
    rows = free_in_queue(actor)
    if after is None:
        return rows.first()
    rows = rows.exclude(pk=after.pk)
    return rows.filter(_behind(after)).first() or rows.first()


def free_in_queue(actor: Actor) -> QuerySet[Document]:
    """The queue without what others are looking at."""
    mine_or_free = Q(assigned_to=None) | Q(assigned_to=actor.user) | Q(assigned_until__lt=timezone.now())
    return review_queue(actor).filter(mine_or_free)


def _behind(document: Document) -> Q:
    """The queue's order, least sure first and unscored ones last, as a condition."""
    score = document.confidence_score
    if score is None:
        return Q(confidence_score=None, pk__gt=document.pk)
    same = Q(confidence_score=score, pk__gt=document.pk)
    return same | Q(confidence_score__gt=score) | Q(confidence_score=None)
