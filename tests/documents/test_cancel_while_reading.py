"""Progress page by page, and a cancel that stops the reader at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from documents.models import Document, Job, JobEvent, Status
from documents.services import progress
from documents.services.lifecycle import (
    LeaseLost,
    document_cancel,
    document_claim,
    document_enter_stage,
)
from documents.services.pipeline import document_process
from documents.services.progress import StageProgress, stage_share
from extraction.models import Page
from tests.extraction.illustrated import long_pdf, scan_tiff

PARSE = "extraction.stages.parse"


@pytest.fixture
def watched(upload: Callable[..., Document], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A document in its first stage, and what its reader tells its progress to."""
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    claim = document_claim(document_id=upload(process=True).pk)
    assert claim is not None
    document_enter_stage(claim=claim, stage=PARSE, word="parsing", progress=0.0)
    document = Document.objects.get(pk=claim.document_id)
    return document, StageProgress(document, claim.attempt, "Reading page")


@pytest.mark.django_db
def test_progress_stays_within_the_share_of_its_stage_and_says_which_page(watched, settings):
    document, watch = watched
    watch(119, 300)
    document.refresh_from_db()
    start, width = stage_share(PARSE)
    assert document.progress == round(start + width * 119 / 300, 3)
    job = Job.objects.get(pk=document.job_id)
    assert (job.progress, job.progress_message) == (document.progress, "Reading page 120 of 300")
    watch(300, 300)
    document.refresh_from_db()
    assert document.progress <= stage_share(settings.PIPELINE[1][0])[0] + 0.001


@pytest.mark.django_db
def test_progress_that_stands_still_writes_nothing(watched):
    document, watch = watched
    watch(1, 3)
    events = JobEvent.objects.filter(job=document.job_id).count()
    for _ in range(3):
        watch(1, 3)
        watch(0, 0)
    assert JobEvent.objects.filter(job=document.job_id).count() == events


@pytest.mark.django_db
def test_progress_is_saved_twice_a_second_at_most(watched, monkeypatch, django_assert_num_queries):
    _, watch = watched
    monkeypatch.setattr(progress, "EVERY_S", 0.5)
    with django_assert_num_queries(0):
        watch(1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("told", [(2, 3), (0, 0)])
def test_a_worker_that_lost_the_document_is_told_so(watched, admin, told):
    document, watch = watched
    document_cancel(document=document, actor=admin)
    with pytest.raises(LeaseLost):
        watch(*told)


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def cancelled_after(document: Document, admin: Any, begun: Callable[[], bool]) -> float:
    """Seconds from the cancel to the end of the worker's run."""

    def work() -> None:
        try:
            document_process(document_id=document.pk, queue="cpu")
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    until(begun)
    document_cancel(document=document, actor=admin)
    at = time.monotonic()
    worker.join()
    return time.monotonic() - at


@pytest.mark.django_db(transaction=True)
def test_a_cancel_stops_a_long_pdf_within_two_seconds(upload, admin, tmp_path: Path):
    document = upload(long_pdf(tmp_path / "long.pdf", 300), process=True)

    def begun() -> bool:
        time.sleep(1.0)
        return Document.objects.filter(pk=document.pk, stage="parsing").exists()

    assert cancelled_after(document, admin, begun) < 2.0
    document.refresh_from_db()
    assert document.status == Status.CANCELLED
    assert not Page.objects.filter(document=document).exists()


@pytest.mark.django_db(transaction=True)
def test_a_scan_tells_its_pages_and_a_cancel_stops_their_recognition(upload, admin, tmp_path: Path):
    document = upload(scan_tiff(tmp_path / "scan.tif", 12), process=True)

    def begun() -> bool:
        messages = Job.objects.filter(pk=document.job_id).values_list("progress_message", flat=True)
        return any(text.startswith("Reading page") and text.endswith("of 12") for text in messages)

    assert cancelled_after(document, admin, begun) < 2.0
    document.refresh_from_db()
    assert document.status == Status.CANCELLED
    assert 0 < document.progress <= stage_share(PARSE)[1]
