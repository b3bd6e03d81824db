"""Stored files: written under a new key first, then the row; what no row names is swept later."""

from __future__ import annotations

import hashlib
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from common.errors import AppError
from documents.models import Document

logger = logging.getLogger(__name__)
CHUNK = 1024 * 1024


class StorageAway(AppError):
    """The file storage cannot be reached or has lost the file. Trying again may help."""

    def __init__(self) -> None:
        message = "The file storage did not answer. Try again in a moment."
        super().__init__("bad_gateway", 502, message, details={"upstream": "storage"})


def error_classes() -> tuple[type[Exception], ...]:
    """What the storage in use may raise. The S3 client is large, so it is only asked where it is loaded."""
    if "boto3" not in sys.modules:
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return (OSError, Boto3Error, BotoCoreError, ClientError)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns what disks and S3 clients raise into StorageAway."""
    try:
        yield
    except error_classes() as error:
        logger.warning("File storage: %s", type(error).__name__)
        raise StorageAway from error


def file_store(content: BinaryIO | bytes, *, workspace_id: UUID, document_id: UUID, name: str) -> str:
    """The key under which the bytes now are. Keys are never used twice, so nothing is overwritten."""
    key = f"{workspace_id}/{document_id}/{uuid4().hex[:12]}-{name}"
    file: File[bytes] = ContentFile(content) if isinstance(content, bytes) else File(content)
    with storage_errors():
        return default_storage.save(key, file)


def file_delete(key: str) -> None:
    """Removes the file; a missing one is fine, since the caller wants it gone."""
    if key:
        with storage_errors():
            default_storage.delete(key)


def file_open(key: str) -> BinaryIO:
    """The stored bytes as a seekable file. Raises: StorageAway."""
    with storage_errors():
        return default_storage.open(key, "rb")  # type: ignore[return-value]


def file_read(key: str) -> bytes:
    """All of the stored bytes. Raises: StorageAway."""
    with file_open(key) as file, storage_errors():
        return file.read()


@contextmanager
def file_on_disk(key: str) -> Iterator[Path]:
    """A path to the bytes for readers that need one: the file itself when local, else a temporary copy."""
    try:
        yield Path(default_storage.path(key))
        return
    except NotImplementedError:
        pass
    with tempfile.NamedTemporaryFile(prefix="recto-") as copy, file_open(key) as source:
        while chunk := source.read(CHUNK):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def original_keys(document_id: UUID) -> list[str]:
    """The key of the file as it was sent."""
    return list(Document.objects.filter(pk=document_id).values_list("storage_key", flat=True))


def sha256_of(file: BinaryIO) -> str:
    """The hex digest of the whole file; leaves it at the start."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
