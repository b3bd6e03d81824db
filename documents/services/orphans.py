"""Files that no row names: left by a process that died between writing a file and its row."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from documents.models import Document

logger = logging.getLogger(__name__)
# A file without a row may be an upload in progress; after this it is not.
GRACE = timedelta(hours=1)


def orphans_sweep() -> int:
    """Deletes the files of documents that do not exist; gives how many. Lists the whole storage."""
    deleted = 0
    for workspace in _folders(""):
        ids = {folder: _uuid(folder) for folder in _folders(workspace)}
        known = set(
            Document.objects.filter(pk__in=[pk for pk in ids.values() if pk]).values_list("pk", flat=True)
        )
        for folder, pk in ids.items():
            if pk and pk not in known:
                deleted += _delete_old(f"{workspace}/{folder}")
    return deleted


def _delete_old(folder: str) -> int:
    deleted = 0
    for name in default_storage.listdir(folder)[1]:
        key = f"{folder}/{name}"
        if default_storage.get_modified_time(key) < timezone.now() - GRACE:
            default_storage.delete(key)
            logger.info("Deleted an orphaned file")
            deleted += 1
    return deleted


def _folders(path: str) -> list[str]:
    try:
        return default_storage.listdir(path)[0]
    except FileNotFoundError:
        return []


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
