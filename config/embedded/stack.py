"""The programs that make up Recto, as data."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .paths import BASE_DIR, secret_key
from .processes import Program
from .services import Services, given

WORKER_STOP_S = 20.0  # a task cut off after that runs again: it was never acknowledged
QUEUES = "cpu,llm,webhooks"


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to type into a browser on this machine."""
        return f"http://{f'[{self.reachable_host}]' if ':' in self.host else self.reachable_host}:{self.port}"

    @property
    def reachable_host(self) -> str:
        """The host a client on this machine connects to."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared only


@dataclass(frozen=True)
class Stack:
    """`before` run once and must succeed, then `running` are kept running. `demo` fills in example data."""

    before: tuple[Program, ...]
    running: tuple[Program, ...]
    demo: Program


StackBuilder = Callable[[Address, Mapping[str, str], Path], Stack]


def child_environment(var: Path, services: Services) -> dict[str, str]:
    """The caller's environment, with whatever address or key is missing in it."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment["DATABASE_URL"] = services.database_url
    environment["REDIS_URL"] = services.redis_url
    if not given("SECRET_KEY"):
        environment["SECRET_KEY"] = secret_key(var)
    return environment


def recto_stack(address: Address, env: Mapping[str, str], var: Path) -> Stack:
    """Migrate, then one web server and one worker for all queues with the clock (beat) in it."""
    manage = (sys.executable, str(BASE_DIR / "manage.py"))
    return Stack(
        before=(Program("migrate", (*manage, "migrate", "--no-input"), env, BASE_DIR),),
        running=(_web(address, env), _worker(env, var)),
        demo=Program("demo", (*manage, "demo"), env, BASE_DIR),
    )


def _web(address: Address, env: Mapping[str, str]) -> Program:
    options = ["--host", address.host, "--port", str(address.port), "--no-access-log", "--lifespan", "off"]
    options += ["--ws", _websocket_option(), "--timeout-graceful-shutdown", "5"]
    argv = (sys.executable, "-m", "uvicorn", "config.asgi:application", *options)
    # Each request runs in a thread of its own, so connections are shared through a pool.
    # glibc gives each of those threads a heap that it never gives back; two for all halve the memory.
    usual = {"DB_POOL_SIZE": "10", "MALLOC_ARENA_MAX": "2"}
    return Program("web", argv, {**usual, **env}, BASE_DIR)


def _websocket_option() -> str:
    modern = find_spec("uvicorn.protocols.websockets.websockets_sansio_impl")
    return "websockets-sansio" if modern else "websockets"


def _worker(env: Mapping[str, str], var: Path) -> Program:
    options = ["-B", "-Q", QUEUES, "--pool", "prefork", "-c", env.get("WORKER_CONCURRENCY") or "2"]
    options += ["--without-gossip", "--without-mingle", "--schedule", str(var / "celerybeat-schedule")]
    argv = (sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", *options)
    # A gentler signal makes the worker wait for its tasks and for a broker that died with the supervisor.
    # Nothing is lost: its tasks were not acknowledged, so the next worker gets them.
    death_signal = signal.SIGKILL
    return Program("worker", argv, env, BASE_DIR, death_signal=death_signal, stop_timeout_s=WORKER_STOP_S)
