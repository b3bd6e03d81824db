"""Celery tasks: ids in, one service call."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from documents.services.job_runs import job_run, jobs_sweep
from documents.services.orphans import orphans_sweep
from documents.services.pipeline import document_process
from documents.services.sweep import sweep


@shared_task(name="documents.process_document", acks_late=True, ignore_result=True)
def process_document(document_id: str, queue: str) -> None:
    document_process(document_id=UUID(document_id), queue=queue)


@shared_task(name="documents.run_job", acks_late=True, ignore_result=True)
def run_job(job_id: str) -> None:
    job_run(job_id=UUID(job_id))


@shared_task(name="documents.sweep", acks_late=True, ignore_result=True)
def sweep_documents() -> None:
    sweep()
    jobs_sweep()


@shared_task(name="documents.sweep_orphans", acks_late=True, ignore_result=True)
def sweep_orphans() -> None:
    orphans_sweep()
