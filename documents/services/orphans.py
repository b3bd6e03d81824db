"""Files that no row names: left by a process that died between writing a file and its row.

Which files of a document are named, the rooms that keep them say (settings.FILE_KEYS).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.module_loading import import_string

from documents.models import Document
from documents.models.document import BUSY

logger = logging.getLogger(__name__)
# A file without a row may be an upload in progress; after this it is not.
GRACE = timedelta(hours=1)
# A run that died and was taken up again has left its files by then. Older folders are not listed: on S3 that
# would be a call for every document there ever was.
RECENT = timedelta(days=1)
# The keys of all files that the document's rows name.
FileKeys = Callable[[UUID], Collection[str]]


def orphans_sweep() -> int:
    """Deletes the files of documents that do not exist, and unnamed ones of those that ran within a day.

    Gives how many. Lists the whole storage.
    """
    deleted = 0
    for workspace in _folders(""):
        ids = {folder: _uuid(folder) for folder in _folders(workspace)}
        rows = Document.objects.filter(pk__in=[pk for pk in ids.values() if pk])
        known = set(rows.values_list("pk", flat=True))
        recent = rows.filter(updated_at__gt=timezone.now() - RECENT).exclude(status__in=BUSY)
        at_rest = set(recent.values_list("pk", flat=True))
        for folder, pk in ids.items():
            if pk and pk not in known:
                deleted += _delete_old(f"{workspace}/{folder}", frozenset())
            elif pk in at_rest:
                deleted += _delete_old(f"{workspace}/{folder}", named_keys(pk))
    return deleted


def named_keys(document_id: UUID) -> frozenset[str]:
    """The keys of all files that belong to the document. One SQL query or two per room."""
    rooms: list[FileKeys] = [import_string(name) for name in settings.FILE_KEYS]
    return frozenset(key for room in rooms for key in room(document_id))


def _delete_old(folder: str, kept: Collection[str]) -> int:
    deleted = 0
    for name in default_storage.listdir(folder)[1]:
        key = f"{folder}/{name}"
        if key not in kept and default_storage.get_modified_time(key) < timezone.now() - GRACE:
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
