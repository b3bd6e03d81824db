import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import supervisor as module
from config.embedded.log import Log, wants_colour
from config.embedded.processes import Program, command_line
from config.embedded.supervisor import Supervisor

from .waiting import wait_until

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


class Run:
    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.supervisor = Supervisor(Log(self.stream))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    def wait_for(self, line: str, times: int = 1) -> None:
        assert self.supervisor.wait_for(lambda: self.lines.count(line) >= times, 10), self.lines


def python(name: str, code: str, stop_timeout_s: float = 5.0) -> Program:
    return Program(name, (sys.executable, "-c", code), {}, Path("/"), stop_timeout_s=stop_timeout_s)


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run()
    yield run
    run.supervisor.stop()


def test_every_line_says_which_program_it_is_from(run: Run) -> None:
    code = r"import sys; sys.stdout.buffer.write(b'one\ntwo \xff'); sys.stdout.flush()"
    assert run.supervisor.run(python("web", code)) == 0
    assert run.lines == ["web   | one", "web   | two \ufffd"]


def test_much_output_neither_blocks_nor_gets_lost(run: Run) -> None:
    assert run.supervisor.run(python("web", "print('x' * 99, end='\\n' * 1); print('y\\n' * 50_000)")) == 0
    assert run.lines.count("web   | y") == 50_000


def test_a_program_that_ends_is_started_again_later_and_later(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_DELAY_S", 0.01)
    monkeypatch.setattr(module, "LONGEST_DELAY_S", 0.03)
    run.supervisor.keep(python("web", "raise SystemExit(7)"))
    run.wait_for("up    | web ended (exit code 7); starting it again in 0.03 s.", times=2)
    delays = [line.split()[-2] for line in run.lines]
    assert delays[:4] == ["0.01", "0.02", "0.03", "0.03"]


def test_a_program_that_lived_long_starts_again_with_the_first_delay(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEADY_AFTER_S", 0.0)
    run.supervisor.keep(python("web", "raise SystemExit(7)"))
    run.wait_for("up    | web ended (exit code 7); starting it again in 0.5 s.", times=2)


def test_a_program_that_ignores_the_stop_signal_is_killed(run: Run) -> None:
    run.supervisor.keep(python("web", STUBBORN, stop_timeout_s=0.2))
    run.wait_for("web   | deaf")
    run.supervisor.stop()
    assert run.lines[-1] == "up    | web did not stop in time and was killed."


def test_a_second_signal_shortens_the_stop(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HURRIED_S", 0.1)
    run.supervisor.keep(python("web", STUBBORN, stop_timeout_s=60))
    run.wait_for("web   | deaf")
    run.supervisor.stopping = run.supervisor.hurried = True
    started_at = time.monotonic()
    run.supervisor.stop()
    assert time.monotonic() - started_at < 5


def test_children_of_a_killed_program_go_with_it(run: Run) -> None:
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(os.getpid(), child.pid, flush=True); time.sleep(60)"
    )
    run.supervisor.keep(python("worker", code))
    assert run.supervisor.wait_for(lambda: bool(run.lines), 10)
    worker, grandchild = (int(word) for word in run.lines[0].split()[-2:])
    os.kill(worker, signal.SIGKILL)
    assert run.supervisor.wait_for(lambda: any("killed by SIGKILL" in line for line in run.lines), 10)
    wait_until(lambda: not command_line(grandchild))


def test_the_log_outlives_its_reader() -> None:
    stream = io.StringIO()
    stream.close()
    Log(stream).write("up", "nobody reads this")


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_follows_the_environment(environ: dict[str, str], coloured: bool) -> None:
    stream = io.StringIO()
    Log(stream, colour=wants_colour(stream, environ)).write("web", "hello")
    assert ("\x1b[" in stream.getvalue()) == coloured
    assert stream.getvalue().endswith("hello\n")
