"""A real browser against a real server: uvicorn with WebSockets on the test database, Debian's Chromium."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from accounts.actors import Actor

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
START_S = 30.0
WAIT_MS = 10_000

# Playwright's own event loop runs in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    # Last, since the browser's event loop stays in this thread and no asynchronous test can run beside it.
    items[:] = [item for item in items if item not in here] + here
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
        if missing := missing_package():
            item.add_marker(pytest.mark.skip(reason=f"{missing} is missing; run `make system-packages`"))


def missing_package() -> str | None:
    """The Debian package without which no browser starts here; None when all are there."""
    if not CHROMIUM.exists():
        return "chromium"
    try:
        ctypes.CDLL("libatomic.so.1")  # wanted by Playwright's driver
    except OSError:
        return "libatomic1"
    return None


@pytest.fixture(autouse=True)
def quick_settings(settings: Any) -> None:
    """Passwords are hashed as usual: the server, a process of its own, has to understand them."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tests and the server share for files."""
    return tmp_path_factory.mktemp("browser-var")


@pytest.fixture(autouse=True)
def shared_files(settings: Any, files_in_tmp: None, server_var: Path) -> None:
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": str(server_var / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": files}


@pytest.fixture(scope="session")
def live_url(django_db_setup: None, server_var: Path) -> Iterator[str]:
    """The address of a server that works on the test database."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    log = (server_var / "server.log").open("wb")
    server = subprocess.Popen(_command(port), cwd=ROOT, env=_environment(server_var), stdout=log, stderr=log)
    try:
        _wait_for(server, port, server_var / "server.log")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _command(port: int) -> list[str]:
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--lifespan", "off"]
    options += ["--timeout-graceful-shutdown", "2"]
    return [sys.executable, "-m", "uvicorn", "config.asgi:application", *options]


def _environment(var: Path) -> dict[str, str]:
    address = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    database = urlunsplit(address._replace(path=f"/{name}"))
    return {
        **os.environ, "DATABASE_URL": database, "RECTO_VAR": str(var), "RATE_LIMITS": "off",
        "SECRET_KEY": str(django_settings.SECRET_KEY), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The server did not start:\n{log.read_text()[-3000:]}")


class Tab:
    """A page of the browser that remembers what went wrong in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        # A blocked inline style or script is a console error too, so this watches the CSP as well.
        if message.type == "error":
            self.errors.append(message.text)

    def goto(self, path: str) -> None:
        self.page.goto(self.url + path)


@pytest.fixture
def context(browser: Browser, live_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, live_url: str) -> Iterator[Tab]:
    """A tab of a stranger. Fails the test when the console had errors."""
    tab = Tab(context.new_page(), live_url)
    yield tab
    assert tab.errors == []


def log_in(context: BrowserContext, url: str, actor: Actor) -> None:
    """Gives the browser this person's session, without the login page."""
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
