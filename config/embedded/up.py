"""Everything `manage.py up` does: servers, migrations, web and worker, until someone stops it."""

import http
import http.client
import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from .log import Log
from .paths import lock_file, write_private
from .ports import free_port
from .processes import Program
from .services import Services, start_services
from .stack import Address, StackBuilder, child_environment, recto_stack
from .supervisor import Supervisor

READY_TIMEOUT_S = 180.0
_POLL_S = 0.3
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class UpOptions:
    """`demo` fills in example data once ready; `exit_after_demo` then stops everything."""

    var: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    exit_after_demo: bool = False


def run_up(options: UpOptions, log: Log, build: StackBuilder = recto_stack) -> int:
    """Run Recto until a signal ends it; the exit code.

    0 after a signal, 1 when it already runs in this folder, else the code of the step that failed.
    Must be called from the main thread: it handles SIGINT, SIGTERM and SIGHUP.

    Raises:
        EmbeddedError: a server or program cannot be started.
    """
    lock = lock_file(options.var / "up.lock")
    if lock is None:
        log.write("up", f"Recto already runs here: {_told((options.var / 'up.lock').read_text())}.")
        return 1
    with lock, _signals_raise():
        _note(lock, f"still starting (process {os.getpid()})")
        log.write("up", f"Starting Postgres and Valkey in {options.var / 'services'}.")
        with start_services(options.var / "services", pipe_output=True) as services:
            try:
                return _Run(options, log, services, lock).run(build)
            finally:
                _note(lock, "")
                (options.var / "services.json").unlink(missing_ok=True)


def _note(lock: TextIO, text: str) -> None:
    lock.truncate(0)
    lock.write(text)
    lock.flush()


def _told(note: str) -> str:
    return note.strip() or "it has just been started or is about to stop"


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Until there is a supervisor to ask for an orderly stop, every stop signal acts like Ctrl-C."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Run:
    """One run, from started servers to the ordered stop."""

    def __init__(self, options: UpOptions, log: Log, services: Services, lock: TextIO) -> None:
        self.options = options
        self.log = log
        self.services = services
        self.lock = lock
        self.supervisor = Supervisor(log)
        self.address = Address(options.host, free_port(options.port, host=options.host))

    def run(self, build: StackBuilder) -> int:
        for number in _SIGNALS:
            signal.signal(number, self._stop_on_signal)
        self._tell_start()
        env = child_environment(self.options.var, self.services)
        stack = build(self.address, env, self.options.var)
        for child in self.services.children:
            self.supervisor.adopt(child)
        try:
            return self._run_once(stack.before) or self._serve(stack.running, stack.demo)
        finally:
            self.supervisor.stop()
            self.services.release()
            self.log.write("up", "Stopped.")

    def _tell_start(self) -> None:
        for note in self.services.notes:
            self.log.write("up", note)
        if self.address.port != self.options.port:
            self.log.write("up", f"Port {self.options.port} is taken; using {self.address.port} instead.")
        _note(self.lock, f"{self.address.url} (process {os.getpid()})")
        addresses = {"database_url": self.services.database_url, "redis_url": self.services.redis_url}
        content = {**addresses, "base_url": self.address.url, "pid": os.getpid()}
        write_private(self.options.var / "services.json", json.dumps(content))

    def _run_once(self, programs: Sequence[Program]) -> int:
        for program in programs:
            code = self.supervisor.run(program)
            if self.supervisor.stopping:
                return 0
            if code:
                self.log.write("up", f"{program.name} failed with exit code {code}.")
                return code
        return 0

    def _serve(self, programs: Sequence[Program], demo: Program) -> int:
        if self.supervisor.stopping:
            return 0
        for program in programs:
            self.supervisor.keep(program)
        if self._wait_until_ready():
            self.log.write("up", f"Recto is ready at {self.address.url}")
            code = self._run_once([demo]) if self.options.demo else 0
        else:
            code = 1
        if self.options.exit_after_demo:
            return 0 if self.supervisor.stopping else code
        self.supervisor.wait_for(lambda: False)
        return 0

    def _wait_until_ready(self) -> bool:
        """Wait for /health. However long that takes, unless only a demo was asked for."""
        health = _Health(self.address)
        if self.supervisor.wait_for(health.is_good, READY_TIMEOUT_S):
            return True
        if not self.supervisor.stopping:
            self.log.write("up", f"{self.address.url}/health {health.answer} after {READY_TIMEOUT_S:.0f} s.")
        return not self.options.exit_after_demo and self.supervisor.wait_for(health.is_good)

    def _stop_on_signal(self, number: int, frame: FrameType | None) -> None:
        self.supervisor.hurried = self.supervisor.stopping
        self.supervisor.stopping = True


class _Health:
    """Asks /health, now and then."""

    def __init__(self, address: Address) -> None:
        self.answer = "did not answer"
        self._address = address
        self._next_at = 0.0

    def is_good(self) -> bool:
        """Whether the web server answers 200. Asks only some times a second."""
        if time.monotonic() < self._next_at:
            return False
        self._next_at = time.monotonic() + _POLL_S
        connection = http.client.HTTPConnection(self._address.reachable_host, self._address.port, timeout=2)
        try:
            connection.request("GET", "/health")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            self.answer = "did not answer"
            return False
        finally:
            connection.close()
        self.answer = f"answered {status}"
        return status == http.HTTPStatus.OK
