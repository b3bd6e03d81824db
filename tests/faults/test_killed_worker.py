"""A real worker, killed with -9 in the middle of its work: every document still settles, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from documents.models import Document, Job
from documents.models.document import SETTLED
from extraction.models import Extraction, Flow, Page
from extraction.services.flow_trials import flow_test_start

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
FILES = ["rechnung-de.pdf", "facture-fr.pdf", "minutes.docx", "invoice-en-long.pdf"]


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers on the test's own database, broker and files; ends them with the test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}")),
        "RECTO_VAR": str(tmp_path),
        "LEASE_SECONDS": "3",
        "SWEEP_SECONDS": "1",
    }
    options = ["-B", "-Q", "cpu,llm,webhooks", "-c", "2", "--schedule", str(tmp_path / "beat")]
    argv = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", *options]
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            running.append(subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return running[-1]

    yield start
    for process in running:
        process.send_signal(signal.SIGKILL)
        process.wait()


def settled() -> int:
    return Document.objects.filter(status__in=SETTLED).count()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_documents_outlive_their_worker(upload, samples, start_worker):
    documents = [upload(samples[FILES[n % 4]][1], process=True, on_duplicate="allow") for n in range(12)]
    worker = start_worker()
    assert wait_until(lambda: settled() >= 3, 60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    left = len(documents) - settled()
    assert left > 0, "the worker was done before it could be killed"
    start_worker()
    assert wait_until(lambda: settled() == len(documents), 90)
    for document in Document.objects.all():
        assert document.has_result, document.error_message
        assert Extraction.objects.filter(document=document).count() <= 1
        assert Page.objects.filter(document=document).count() == document.page_count
        assert document.job.processed_count == 1


def test_a_job_of_its_own_outlives_its_worker(admin, upload, samples, start_worker):
    """The flow is tried out by a worker; the job of one that was killed is begun again by the next."""
    document = upload(samples["rechnung-de.pdf"][1], process=True)
    worker = start_worker()
    assert wait_until(lambda: settled() == 1, 60)
    document.refresh_from_db()
    flow = Flow.objects.visible_to(admin).get(name="Invoices")
    job = flow_test_start(flow=flow, document=document, actor=admin)
    assert wait_until(lambda: job_status(job) == "completed", 30)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(status="running", heartbeat_at=long_ago)
    start_worker()
    assert wait_until(lambda: job_status(job) == "completed", 60)
    job.refresh_from_db()
    assert (job.attempt, job.processed_count, job.failed_count) == (2, 1, 0)
    assert job.result["extracted_data"]["invoice_number"]


def job_status(job: Job) -> str:
    return Job.objects.values_list("status", flat=True).get(pk=job.pk)
