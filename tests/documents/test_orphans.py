"""Files without a row go, files with one stay."""

from __future__ import annotations

import os
import time
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.services.orphans import named_keys, orphans_sweep
from tests.contract.made import set_status

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


def test_a_file_that_a_dead_worker_left_beside_a_living_document_is_deleted(process, samples):
    document = process(samples["facture-fr.pdf"][1])
    folder = f"{document.workspace_id}/{document.pk}"
    named = named_keys(document.pk)
    assert len(named) == 2  # the original and its first page
    left = default_storage.save(f"{folder}/abc-figure-1.png", ContentFile(b"x"))
    fresh = default_storage.save(f"{folder}/def-figure-1.png", ContentFile(b"x"))
    for key in (*named, left):
        make_old(key)
    set_status(document, "processing")
    assert orphans_sweep() == 0
    set_status(document, "completed")
    assert orphans_sweep() == 1
    assert not default_storage.exists(left)
    assert all(default_storage.exists(key) for key in (*named, fresh))


def test_with_the_document_go_its_pictures(process, samples):
    document = process(samples["facture-fr.pdf"][1])
    keys = named_keys(document.pk)
    for key in keys:
        make_old(key)
    document.delete()
    assert orphans_sweep() == len(keys)
    assert not any(default_storage.exists(key) for key in keys)
