from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.actors import actor_of
from documents.models import Job
from documents.models.job import ACTIVE
from extraction.selectors import review_queue
from extraction.type_registry import own_type_names


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: who, where, how much waits. Two SQL counts, none for strangers; one more
    query where a page names document types."""
    actor = actor_of(request)
    if actor is None or request.path.startswith(("/api/", "/admin/")):
        return {"actor": actor, "app_version": settings.VERSION}
    return {
        "actor": actor,
        "app_version": settings.VERSION,
        "own_types": SimpleLazyObject(lambda: own_type_names(actor.workspace)),
        "review_count": review_queue(actor).count() if actor.can("reviews:write") else None,
        "active_jobs": Job.objects.visible_to(actor).filter(status__in=ACTIVE).count(),
    }
