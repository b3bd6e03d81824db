"""Child processes that never outlive their parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import EmbeddedError

PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded here: a freshly forked child should do as little as possible


@dataclass(frozen=True)
class Program:
    """What to start and how to end it.

    `uid` None runs it as the caller. `death_signal` reaches it when this process dies, however it dies.
    After `stop_signal` it has `stop_timeout_s` seconds before it is killed.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path = Path("/")
    uid: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0


class Child:
    """A running program, in a process group of its own."""

    def __init__(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        self.program = program
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def output(self) -> IO[bytes] | None:
        """Pipe with its standard output and errors; None if they go to a file."""
        return self._process.stdout

    def exit_code(self) -> int | None:
        """None while it runs, else its exit code (negative: the signal that ended it).

        What it left running in its process group is killed when its end is first seen.
        """
        if self._process.returncode is None and self._process.poll() is not None:
            self._kill_group()
        return self._process.returncode

    def stop(
        self, pause: Callable[[float], None] = time.sleep, *, limit_s: Callable[[], float] | None = None
    ) -> None:
        """Ask it to end, wait, and kill it and its whole group when `stop_timeout_s` is over.

        `pause` is called repeatedly with seconds to wait, so that the caller can go on reading its output.
        `limit_s` replaces the program's own limit; asked again and again, it may become shorter.
        """
        if self.exit_code() is None:
            self._process.send_signal(self.program.stop_signal)
        started_at = time.monotonic()
        while self.exit_code() is None:
            limit = limit_s() if limit_s else self.program.stop_timeout_s
            if time.monotonic() - started_at > limit:
                self._kill_group()
                self._process.wait()
            else:
                pause(0.05)

    def close(self) -> None:
        """Give up its output pipe."""
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def spawn(program: Program, log_path: Path | None = None) -> Child:
    """Start `program`; its output goes to the file `log_path` or, if that is None, to `Child.output`.

    Must be called from the main thread: the kernel sends the death signal when the *thread* that
    started the child ends.

    Raises:
        EmbeddedError: it cannot be started.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Start child processes from the main thread.")
    with contextlib.ExitStack() as stack:
        output = subprocess.PIPE if log_path is None else stack.enter_context(log_path.open("wb"))
        try:
            process = _popen(program, output)
        except (OSError, subprocess.SubprocessError) as error:
            raise EmbeddedError(f"Cannot start {program.name} ({program.argv[0]}): {error}") from error
    return Child(program, process)


def _popen(program: Program, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603 - the programs come from our own tables, never from a request
        program.argv,
        cwd=program.cwd,
        env=dict(program.env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        # Ctrl-C in the terminal must reach the supervisor only, which then stops everything in order.
        start_new_session=True,
        user=program.uid,
        group=program.uid,
        extra_groups=None if program.uid is None else [],
        # Only here can the death signal be set; the function makes two system calls and takes no lock.
        preexec_fn=lambda: _tie_to_parent(parent, program.death_signal),  # noqa: PLW1509
    )


def _tie_to_parent(parent: int, death_signal: signal.Signals) -> None:
    """Runs in the child, after the change of user, which would clear the setting."""
    if sys.platform != "linux":
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def run_to_end(program: Program) -> str:
    """What `program` prints until it ends.

    Raises:
        EmbeddedError: it cannot be started or fails; the message holds its output.
    """
    child = spawn(program)
    assert child.output is not None
    try:
        text = child.output.read().decode(errors="replace")
    finally:
        child.stop()
        child.close()
    if child.exit_code() != 0:
        raise EmbeddedError(f"{program.name} failed:\n{text.strip()}")
    return text


def command_line(pid: int) -> list[str]:
    """The arguments process `pid` was started with; empty if it is gone, a zombie, or there is no /proc.

    Unlike its working folder this may be read without the right to trace it, which root lacks in a container.
    """
    try:
        content = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode(errors="surrogateescape") for part in content.split(b"\0") if part]


def stop_orphan(pid_file: Path, program: Program) -> int | None:
    """Stop the server that a killed run left behind; its process id, if there was one.

    `program` is how it would be started now: all its path arguments have to match, so that a reused
    process id is never mistaken for it. A `pid_file` naming some other program is removed, because
    the server would refuse to start over it.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    running = command_line(pid)
    if running and Path(running[0]).name != Path(program.argv[0]).name:
        pid_file.unlink(missing_ok=True)
    if not _is_same_server(running, program):
        return None
    _signal_and_wait(pid, program, program.stop_signal, 15.0)
    _signal_and_wait(pid, program, signal.SIGKILL, 5.0)
    return pid


def _is_same_server(running: list[str], program: Program) -> bool:
    paths = {argument for argument in program.argv[1:] if argument.startswith("/")}
    return bool(paths) and paths <= set(running) and Path(running[0]).name == Path(program.argv[0]).name


def _signal_and_wait(pid: int, program: Program, number: signal.Signals, timeout_s: float) -> None:
    if not _is_same_server(command_line(pid), program):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    deadline = time.monotonic() + timeout_s
    while _is_same_server(command_line(pid), program) and time.monotonic() < deadline:
        time.sleep(0.05)
