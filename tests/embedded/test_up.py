import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from config.embedded.paths import BASE_DIR
from config.embedded.ports import free_port
from config.embedded.processes import command_line

from .conftest import copy_data, forget_given_servers, reachable_folder
from .waiting import wait_until


class Up:
    """One run of `up`, whose log goes to a file."""

    def __init__(
        self, var: Path, *flags: str, port: int = 0, migrate_code: int = 0, demo_code: int = 0
    ) -> None:
        var.mkdir(exist_ok=True)
        (var / "migrate").write_text(str(migrate_code))
        (var / "demo").write_text(str(demo_code))
        self.var = var
        self.port = port or free_port()
        argv = [sys.executable, "-m", "tests.embedded.fake_up", str(var), str(self.port), *flags]
        with (var / "up.log").open("ab") as log:
            self.process = subprocess.Popen(argv, cwd=BASE_DIR, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        return (self.var / "up.log").read_text()

    def says(self, text: str) -> bool:
        return text in self.log

    def wait_until_ready(self) -> None:
        wait_until(lambda: "Recto is ready at" in self.log or self.process.poll() is not None)
        assert self.process.poll() is None, self.log

    def services(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.var / "services.json").read_text())
        return content

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


def processes_in(var: Path) -> list[list[str]]:
    """Command lines of this run: servers and programs name the folder, or work in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        arguments = command_line(int(entry.name))
        try:
            works_in = (entry / "cwd").resolve(strict=True)
        except OSError:
            works_in = Path("/")
        if works_in.is_relative_to(var) or any(str(var) in argument for argument in arguments):
            found.append(arguments)
    return found


@pytest.fixture
def var(folder: Path, template: Path) -> Iterator[Path]:
    """The folder of one run, in which nothing may be left running."""
    copy_data(template, folder / "var" / "services")
    yield folder / "var"
    assert processes_in(folder / "var") == []


@pytest.fixture(scope="module")
def up(template: Path) -> Iterator[Up]:
    """One run for all tests that leave it as they found it."""
    with reachable_folder() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        forget_given_servers(monkeypatch)
        copy_data(template, folder / "var" / "services")
        run = Up(folder / "var")
        try:
            run.wait_until_ready()
            yield run
        finally:
            run.stop()
        assert processes_in(folder) == []


def test_it_says_where_recto_is_ready_and_lets_other_commands_find_the_servers(up: Up) -> None:
    assert f"up    | Recto is ready at http://127.0.0.1:{up.port}\n" in up.log
    found = up.services()
    assert (found["base_url"], found["pid"]) == (f"http://127.0.0.1:{up.port}", up.process.pid)
    psycopg.connect(found["database_url"]).close()
    with redis.Redis.from_url(found["redis_url"]) as client:
        assert client.ping()
    private = [up.var / "services.json", up.var / "secret_key"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o600, 0o600]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(var: Path, number: signal.Signals) -> None:
    run = Up(var)
    run.wait_until_ready()
    assert run.stop(number) == 0
    stops = [line.split()[-1] for line in run.log.splitlines() if "| Stopping" in line]
    assert stops == ["worker.", "web.", "valkey.", "postgres."]
    assert "database system is shut down" in run.log
    assert not (var / "services.json").exists()


def test_a_second_run_in_the_same_folder_is_refused_and_names_the_first(up: Up) -> None:
    second = Up(up.var)
    assert second.process.wait(10) == 1
    assert f"already runs here: http://127.0.0.1:{up.port} (process {up.process.pid})" in up.log
    psycopg.connect(up.services()["database_url"]).close()


def test_a_killed_run_leaves_nothing_behind_and_the_next_one_starts(var: Path) -> None:
    run = Up(var)
    run.wait_until_ready()
    with psycopg.connect(run.services()["database_url"]):
        run.stop(signal.SIGKILL)
        wait_until(lambda: processes_in(var) == [])
    (var / "up.log").unlink()
    again = Up(var)
    again.wait_until_ready()
    assert again.stop() == 0


def test_a_killed_server_or_program_is_started_again(up: Up) -> None:
    url = up.services()["database_url"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500)")
    pids = {
        "postgres": int((up.var / "services" / "postgres" / "postmaster.pid").read_text().split()[0]),
        "worker": next(pid for pid in running_pids() if "print('working'" in " ".join(command_line(pid))),
    }
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    for name in pids:
        wait_until(partial(up.says, f"{name} ended (killed by SIGKILL); starting it again in 0.5 s."))
    wait_until(lambda: can_connect(url))
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (500,)
    wait_until(lambda: up.log.count("worker| working") == 2)


def running_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def can_connect(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_taken_web_port_is_replaced_and_said(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        run = Up(var, port=taken)
        run.wait_until_ready()
        assert f"Port {taken} is taken; using " in run.log
        assert run.stop() == 0


def test_a_failed_migration_ends_the_run_with_its_code(var: Path) -> None:
    run = Up(var, migrate_code=3)
    assert run.process.wait(20) == 3
    assert "migrate failed with exit code 3" in run.log


def test_the_demo_runs_once_ready_and_decides_the_exit_code(var: Path) -> None:
    run = Up(var, "demo", "exit", demo_code=5)
    assert run.process.wait(20) == 5
    assert "Recto is ready at" in run.log


def test_servers_that_others_provide_are_not_started(
    up: Up, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = up.services()
    monkeypatch.setenv("DATABASE_URL", found["database_url"])
    monkeypatch.setenv("REDIS_URL", found["redis_url"])
    run = Up(folder / "second")
    run.wait_until_ready()
    assert run.services()["database_url"] == found["database_url"]
    assert not (folder / "second" / "services").exists()
    assert run.stop() == 0
