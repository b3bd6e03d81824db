"""The Celery application: `celery -A config worker`."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, worker_process_init, worker_process_shutdown, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("recto")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

PR_SET_PDEATHSIG = 1


@beat_embedded_init.connect
@worker_process_init.connect
def die_with_parent(**_: Any) -> None:
    """A pool process whose main process was killed ends too, instead of working on unseen."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@worker_process_shutdown.connect
def close_sandbox(**_: Any) -> None:
    from extraction import sandbox

    sandbox.close()


@worker_ready.connect
def sweep_at_start(sender: Any, **_: Any) -> None:
    """What a killed worker left behind is picked up at once, not at the next beat."""
    sender.app.send_task("documents.sweep", queue="webhooks")
