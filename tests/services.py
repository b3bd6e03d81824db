"""Pytest plugin: real Postgres and Valkey for the whole run, started before settings are read."""

import atexit
import os
from collections.abc import Iterator
from itertools import count

import pytest

from config.embedded.errors import DataDirInUseError
from config.embedded.paths import var_dir
from config.embedded.services import Services, start_services


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Export the addresses. Workers of pytest-xdist inherit them and start nothing."""
    os.environ.setdefault("SECRET_KEY", "tests-only-not-a-secret-but-long-enough-for-every-check")
    services = _start()
    atexit.register(services.stop)
    os.environ["DATABASE_URL"] = services.database_url
    os.environ["REDIS_URL"] = services.redis_url
    return (yield)


def _start() -> Services:
    for number in count(1):
        name = "test-services" if number == 1 else f"test-services-{number}"
        try:
            return start_services(var_dir() / name, durable=False)
        except DataDirInUseError:
            # Another test run in this checkout has it.
            continue
    raise AssertionError("count() never ends")
