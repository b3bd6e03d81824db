"""Starting Postgres and Valkey together."""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from .binaries import postgres_programs, valkey_program
from .errors import DataDirInUseError, EmbeddedError
from .paths import lock_file, read_json, write_private
from .ports import PortBook
from .postgres import PostgresServer
from .privileges import service_home
from .processes import Child, Program, spawn, stop_orphan
from .valkey import ValkeyServer

POSTGRES_PORT = 5433
VALKEY_PORT = 6380
READY_TIMEOUT_S = 120.0  # after a power cut the servers first read back what they had written
ATTEMPTS = 4


class Server(Protocol):
    """What Postgres and Valkey have in common."""

    @property
    def pid_file(self) -> Path: ...
    @property
    def url(self) -> str: ...
    def program(self) -> Program: ...
    def prepare(self) -> None: ...
    def is_ready(self) -> bool: ...
    def provision(self) -> None: ...


@dataclass
class Services:
    """The running servers. `children`: those started here, Postgres first. `notes`: what to tell people."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    children: list[Child] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lock: TextIO | None = None

    def stop(self) -> None:
        """Stop what was started here and let the data folder go. Safe to call again."""
        for child in reversed(self.children):
            child.stop()
            child.close()
        self.release()

    def release(self) -> None:
        """Let the data folder go, after the children were stopped by someone else."""
        self.children.clear()
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_services(data_dir: Path, *, durable: bool = True, pipe_output: bool = False) -> Services:
    """Postgres and Valkey, answering on 127.0.0.1, with their data below `data_dir`.

    Where `DATABASE_URL` or `REDIS_URL` is set, that server is used and none is started. The servers
    write to `postgres.log` and `valkey.log` in `data_dir`; with `pipe_output` to `Child.output`, which the
    caller must read. With `durable` off a crash may lose data. The first start takes some seconds.

    Must be called from the main thread: when it ends, the servers end too.

    Raises:
        DataDirInUseError: another process already runs servers on `data_dir`.
        EmbeddedError: a server cannot be started.
    """
    services = Services(given("DATABASE_URL"), given("REDIS_URL"))
    if services.database_url and services.redis_url:
        return services
    _make_folder(data_dir)
    services.lock = lock_file(data_dir / "lock")
    if services.lock is None:
        raise DataDirInUseError(f"Another process already runs its servers on {data_dir}.")
    try:
        _Start(data_dir.resolve(), services, durable=durable, pipe_output=pipe_output).run()
    except BaseException:
        services.stop()
        raise
    return services


def given(name: str) -> str:
    """What the environment says about `name`, directly or in the file `<name>_FILE`; empty if nothing."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, "")


def _make_folder(path: Path) -> None:
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(0o711)  # root's servers pass through it; what lies inside is closed to others


class _Start:
    """One start of the servers that nobody else provides."""

    def __init__(self, data_dir: Path, services: Services, *, durable: bool, pipe_output: bool) -> None:
        self.data_dir = data_dir
        self.services = services
        self.durable = durable
        self.pipe_output = pipe_output
        self.home = service_home(data_dir)
        self.ports = PortBook(self.home / "ports.json")
        if self.home != data_dir:
            services.notes.append(
                f"The servers keep their data in {self.home}, as they cannot reach {data_dir}."
            )

    def run(self) -> None:
        passwords = self._passwords()
        if not self.services.database_url:
            programs = postgres_programs()
            self.services.database_url = self._server(
                "postgres",
                POSTGRES_PORT,
                lambda port: PostgresServer(
                    self.home, programs, port, passwords["superuser"], passwords["recto"], self.durable
                ),
            )
        if not self.services.redis_url:
            executable = valkey_program()
            self.services.redis_url = self._server(
                "valkey",
                VALKEY_PORT,
                lambda port: ValkeyServer(self.home, executable, port, passwords["valkey"], self.durable),
            )

    def _passwords(self) -> dict[str, str]:
        path = self.home / "passwords.json"
        names = ("superuser", "recto", "valkey")
        kept = {name: value for name, value in read_json(path).items() if isinstance(value, str)}
        if kept.keys() >= set(names):
            return kept
        if (self.home / "postgres").exists():
            raise EmbeddedError(
                f"{path} is missing or damaged, and the database in {self.home} cannot be opened without it."
                f" Put it back, or remove {self.home} to begin with an empty database."
            )
        made = {name: secrets.token_urlsafe(24) for name in names}
        write_private(path, json.dumps(made))
        return made

    def _server(self, name: str, default_port: int, make: Callable[[int], Server]) -> str:
        server = make(default_port)
        orphan = stop_orphan(server.pid_file, server.program())
        if orphan is not None:
            self.services.notes.append(f"Stopped {name} (process {orphan}), left behind by an earlier run.")
        server = self._start(name, default_port, make)
        server.provision()
        return server.url

    def _start(self, name: str, default_port: int, make: Callable[[int], Server]) -> Server:
        """Start it, again on another port if someone else took the port first."""
        for attempt in range(1, ATTEMPTS + 1):
            server = make(self.ports.choose(name, default_port))
            server.prepare()
            log_path = None if self.pipe_output else self.data_dir / f"{name}.log"
            child = spawn(server.program(), log_path)
            self.services.children.append(child)
            if _wait_until_ready(server, child):
                return server
            self.services.children.remove(child)
            output = _ended_output(child, log_path)
            if attempt == ATTEMPTS:
                break
            # Processes of a killed Postgres need a moment to notice, and hold its shared memory until then.
            time.sleep(0.5 * attempt)
        raise EmbeddedError(f"{name} does not start:\n{output.strip()}")


def _wait_until_ready(server: Server, child: Child) -> bool:
    deadline = time.monotonic() + READY_TIMEOUT_S
    while child.exit_code() is None:
        if server.is_ready():
            return True
        if time.monotonic() > deadline:
            child.stop()
        time.sleep(0.02)
    return False


def _ended_output(child: Child, log_path: Path | None) -> str:
    with contextlib.closing(child):
        content = log_path.read_bytes() if log_path else child.output.read() if child.output else b""
    return content.decode(errors="replace")[-4000:]
