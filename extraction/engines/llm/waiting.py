"""Waiting for a model in a way that can be ended from outside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# Called while waiting; what it raises ends the call.
Tick = Callable[[], None]
TICK_S = 0.5


def wait(seconds: float, tick: Tick | None) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, TICK_S))
        if tick:
            tick()


def ticking(work: Callable[[], T], tick: Tick | None) -> T:
    """What `work` gives or raises; with a tick it runs in a thread of its own.

    When the tick raises, the thread is left behind and what it still hears is dropped; it must end by itself.
    """
    if tick is None:
        return work()
    given: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again where somebody waits)
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True, name="language-model")
    thread.start()
    while thread.is_alive():
        thread.join(TICK_S)
        if thread.is_alive():
            tick()
    if raised:
        raise raised[0]
    return given[0]
