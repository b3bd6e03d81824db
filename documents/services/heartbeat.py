"""Keeping a lease alive while the work itself holds the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection

# Makes the lease last longer; False when it is lost.
Beat = Callable[[], bool]


@contextmanager
def heartbeat(beat: Beat, name: str) -> Iterator[None]:
    """Calls `beat` three times per lease from a thread of its own; native code may hold the main one."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(beat, stop), daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(beat: Beat, stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.LEASE_SECONDS / 3):
            try:
                if not beat():
                    return
            except OperationalError:
                connection.close()
    finally:
        connection.close()
