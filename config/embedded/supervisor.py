"""Keeping programs running: one log, restart with back-off, stop in order."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from .errors import EmbeddedError
from .log import Log
from .outputs import Outputs
from .processes import Child, Program, spawn

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 15.0
STEADY_AFTER_S = 30.0  # who lives this long starts again with the first delay
HURRIED_S = 1.0  # what a second Ctrl-C leaves each program to stop
INTERRUPTED = 130  # exit code of a program we had to stop


@dataclass
class _Kept:
    """A program to be kept running: its child, or the moment of the next try."""

    program: Program
    child: Child | None
    started_at: float
    delay_s: float
    retry_at: float = 0.0


class Supervisor:
    """Runs programs in one thread: everything happens inside `tick`, which has to be called again and again.

    Setting `stopping` (from a signal handler, for example) ends every wait; `hurried` shortens the stop.
    """

    def __init__(self, log: Log) -> None:
        self.stopping = False
        self.hurried = False
        self._log = log
        self._kept: list[_Kept] = []
        self._outputs = Outputs(log)

    def keep(self, program: Program) -> None:
        """Start `program` and start it again whenever it ends.

        Raises:
            EmbeddedError: it cannot be started even once.
        """
        self.adopt(spawn(program))

    def adopt(self, child: Child) -> None:
        """Keep a program running that was started elsewhere with its output in a pipe."""
        self._outputs.listen(child)
        self._kept.append(_Kept(child.program, child, time.monotonic(), FIRST_DELAY_S))

    def run(self, program: Program) -> int:
        """Exit code of `program`, which runs once to its end while the others are looked after.

        Raises:
            EmbeddedError: it cannot be started.
        """
        child = spawn(program)
        self._outputs.listen(child)
        self.wait_for(lambda: child.exit_code() is not None)
        self._stop_child(child)
        code = child.exit_code()
        return INTERRUPTED if self.stopping or code is None else code

    def wait_for(self, condition: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Whether `condition` came true before `stopping` was set or `timeout_s` was over."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self.stopping and (deadline is None or time.monotonic() < deadline):
            if condition():
                return True
            self.tick()
        return False

    def tick(self, timeout_s: float = 0.2) -> None:
        """Pass on output for at most `timeout_s`, then restart what ended."""
        self._outputs.read(timeout_s)
        for kept in self._kept:
            self._look_after(kept)

    def stop(self) -> None:
        """Stop all programs, the last one started first."""
        while self._kept:
            kept = self._kept.pop()
            if kept.child is None:
                continue
            if kept.child.exit_code() is None:
                self._log.write("up", f"Stopping {kept.program.name}.")
            self._stop_child(kept.child)
        self._outputs.close()

    def _stop_child(self, child: Child) -> None:
        ended_by_us = child.exit_code() is None
        limit_s = child.program.stop_timeout_s
        child.stop(self._outputs.read, limit_s=lambda: min(limit_s, HURRIED_S) if self.hurried else limit_s)
        if ended_by_us and child.exit_code() == -signal.SIGKILL:
            self._log.write("up", f"{child.program.name} did not stop in time and was killed.")
        self._outputs.finish(child)

    def _look_after(self, kept: _Kept) -> None:
        if kept.child is None:
            if time.monotonic() >= kept.retry_at and not self.stopping:
                self._restart(kept)
            return
        code = kept.child.exit_code()
        if code is None:
            return
        self._outputs.finish(kept.child)
        kept.child = None
        if time.monotonic() - kept.started_at >= STEADY_AFTER_S:
            kept.delay_s = FIRST_DELAY_S
        if not self.stopping:
            self._plan_retry(kept, f"ended ({_describe(code)})")

    def _restart(self, kept: _Kept) -> None:
        kept.started_at = time.monotonic()
        try:
            kept.child = spawn(kept.program)
        except EmbeddedError as error:
            self._plan_retry(kept, f"cannot be started ({error})")
            return
        self._outputs.listen(kept.child)

    def _plan_retry(self, kept: _Kept, reason: str) -> None:
        self._log.write("up", f"{kept.program.name} {reason}; starting it again in {kept.delay_s:g} s.")
        kept.retry_at = time.monotonic() + kept.delay_s
        kept.delay_s = min(kept.delay_s * 2, LONGEST_DELAY_S)


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
