"""Stored files: written under a new key first, then the row; what no row names is swept later."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

CHUNK = 1024 * 1024


def file_store(content: BinaryIO | bytes, *, workspace_id: UUID, document_id: UUID, name: str) -> str:
    """The key under which the bytes now are. Keys are never used twice, so nothing is overwritten."""
    key = f"{workspace_id}/{document_id}/{uuid4().hex[:12]}-{name}"
    file: File[bytes] = ContentFile(content) if isinstance(content, bytes) else File(content)
    return default_storage.save(key, file)


def file_delete(key: str) -> None:
    """Removes the file; a missing one is fine, since the caller wants it gone."""
    if key:
        default_storage.delete(key)


def file_open(key: str) -> BinaryIO:
    """The stored bytes as a seekable file. Raises: FileNotFoundError."""
    return default_storage.open(key, "rb")  # type: ignore[return-value]


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


def sha256_of(file: BinaryIO) -> str:
    """The hex digest of the whole file; leaves it at the start."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
