"""An embedded Valkey: its folder and its settings."""

import contextlib
import signal
from dataclasses import dataclass, field
from pathlib import Path

import redis

from .paths import write_private
from .ports import LOOPBACK
from .postgres import SERVER_ENV
from .privileges import give_to_servers, own_folder, service_uid
from .processes import Program


@dataclass(frozen=True)
class ValkeyServer:
    """One Valkey below the folder `home`. With `durable` off nothing is kept on disk."""

    home: Path
    executable: Path
    port: int
    password: str = field(repr=False)
    durable: bool = True

    @property
    def directory(self) -> Path:
        """Its data folder, which is also its working folder."""
        return self.home / "valkey"

    @property
    def pid_file(self) -> Path:
        """Where it writes its process id."""
        return self.directory / "valkey.pid"

    @property
    def url(self) -> str:
        """Address of its first database, with password."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def program(self) -> Program:
        """How to start it."""
        return Program(
            name="valkey",
            argv=(str(self.executable), str(self._settings_file)),
            env=SERVER_ENV,
            uid=service_uid(),
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGTERM,
        )

    def prepare(self) -> None:
        """Write its settings, in a file because arguments can be read by every user of the machine.

        Raises:
            EmbeddedError: the data belongs to another user.
        """
        own_folder(self.directory)
        write_private(self._settings_file, self._settings())
        give_to_servers(self._settings_file)

    def is_ready(self) -> bool:
        """Whether it answers to the password. False while it still reads its data."""
        client = redis.Redis(host=LOOPBACK, port=self.port, password=self.password, socket_timeout=5)
        with contextlib.closing(client):
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def provision(self) -> None:
        """Nothing to create."""

    @property
    def _settings_file(self) -> Path:
        return self.directory / "valkey.conf"

    def _settings(self) -> str:
        settings = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "requirepass": self.password,
            "dir": _quote(self.directory),
            "pidfile": _quote(self.pid_file),
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "loglevel": "warning",
            "daemonize": "no",
            # A later start recognises its own server by the arguments in its process title.
            "set-proc-title": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())


def _quote(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
