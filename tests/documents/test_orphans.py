"""Files without a row go, files with one stay."""

from __future__ import annotations

import os
import time
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.services.orphans import orphans_sweep

pytestmark = pytest.mark.django_db


def make_old(key: str) -> None:
    past = time.time() - 7200
    os.utime(default_storage.path(key), (past, past))


def test_an_old_file_without_a_document_is_deleted_and_the_others_stay(upload, workspace):
    document = upload()
    make_old(document.storage_key)
    lost = default_storage.save(f"{workspace.pk}/{uuid4()}/abc-original", ContentFile(b"x"))
    make_old(lost)
    fresh = default_storage.save(f"{workspace.pk}/{uuid4()}/abc-original", ContentFile(b"x"))
    assert orphans_sweep() == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(fresh)
    assert default_storage.exists(document.storage_key)
