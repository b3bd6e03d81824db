"""Equal uploads at once: one document, one file, every reference kept."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from common.errors import AppError
from documents.models import Document
from documents.services.intake import Upload, document_create

pytestmark = pytest.mark.django_db(transaction=True)


def together(actor: Any, **options: Any) -> list[Any]:
    def run(number: int) -> Any:
        try:
            upload = Upload(io.BytesIO(b"the same bytes"), "a.txt", external_ref=f"ref-{number}", **options)
            return document_create(upload=upload, actor=actor)
        except AppError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(16)))


def test_equal_uploads_at_once_make_one_document(admin, settings):
    intakes = together(admin, process=True)
    document = Document.objects.get()
    assert {intake.document.pk for intake in intakes} == {document.pk}
    assert sorted(intake.deduped for intake in intakes) == [False] + [True] * 15
    assert sorted(document.external_refs) == sorted(f"ref-{number}" for number in range(16))
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [Path(document.storage_key).name]


def test_the_losers_are_refused_when_they_asked_for_that(admin):
    outcomes = together(admin, process=False, on_duplicate="reject")
    assert outcomes.count("duplicate_file") == 15
    assert Document.objects.count() == 1
