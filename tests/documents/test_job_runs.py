"""Jobs of their own: run once, begun again after a lost worker, cancelled, never ended twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import OutboxEvent
from common.errors import AppError, InvalidState
from documents.models import Job, JobEvent
from documents.services import job_runs
from documents.services.cancel import job_cancel
from documents.services.job_runs import job_run, job_start, jobs_sweep

pytestmark = pytest.mark.django_db
RUNS: list[int] = []


def counted(job: Job) -> dict[str, Any]:
    RUNS.append(job.attempt)
    return {"answer": 42}


def refused(job: Job) -> dict[str, Any]:
    raise AppError("llm_failed", 502, "The model is away. Try again.")


def broken(job: Job) -> dict[str, Any]:
    raise RuntimeError("secret inside")


def taken_over(job: Job) -> dict[str, Any]:
    """Another worker begins the job again while this one works."""
    Job.objects.filter(pk=job.pk).update(attempt=job.attempt + 1)
    return {"answer": 1}


@pytest.fixture
def start(settings: Any, admin: Actor) -> Any:
    """A job in line with one of the runners above."""
    RUNS.clear()

    def make(runner: str = "counted") -> Job:
        settings.JOB_RUNNERS = {"flow_test": (f"tests.documents.test_job_runs.{runner}", "cpu")}
        return job_start(actor=admin, job_type="flow_test", parameters={})

    return make


def run(job: Job) -> Job:
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_a_job_runs_once_however_often_the_bell_rings(start):
    job = run(run(start()))
    assert RUNS == [1]
    assert (job.status, job.progress, job.result["answer"]) == ("completed", 1.0, 42)
    assert [event.type for event in JobEvent.objects.filter(job=job).order_by("seq")] == [
        "progress",
        "complete",
    ]
    assert OutboxEvent.objects.filter(object_id=job.pk, type="job.completed").count() == 1


@pytest.mark.parametrize(
    ("runner", "code", "words"),
    [("refused", "llm_failed", "The model is away"), ("broken", "processing_failed", "on our side")],
)
def test_a_runner_that_cannot_go_on_fails_the_job_with_a_sentence(start, runner, code, words):
    job = run(start(runner))
    assert (job.status, job.error_code) == ("failed", code)
    assert words in job.error_message
    assert "secret" not in str(job.__dict__)


def test_a_worker_whose_job_was_begun_again_ends_nothing(start):
    job = run(start("taken_over"))
    assert (job.status, job.result) == ("running", None)


def test_a_job_that_lost_its_worker_runs_again_once_and_then_fails(start):
    job = start()
    for attempt in (1, 2):
        assert job_runs._claim(job.pk) is not None
        Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
        assert jobs_sweep() == (1 if attempt == 1 else 0)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "worker_lost")


def test_a_bell_that_was_lost_is_rung_again(start):
    job = start()
    assert jobs_sweep() == 0
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert jobs_sweep() == 1


def test_a_cancelled_job_stays_cancelled(start, admin):
    job = start()
    job_cancel(job=job, actor=admin)
    assert run(job).status == "cancelled"
    assert RUNS == []
    other = start()
    assert job_runs._claim(other.pk) is not None
    with pytest.raises(InvalidState):
        job_cancel(job=run(start()), actor=admin)
    job_cancel(job=other, actor=admin)
    other.refresh_from_db()
    assert other.status == "cancelled"
