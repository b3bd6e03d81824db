import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.embedded import privileges
from config.embedded.services import start_services


@pytest.fixture(autouse=True)
def no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests start servers of their own, whatever the test run itself uses."""
    forget_given_servers(monkeypatch)


def forget_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder, with a space in its name, that root's servers can reach (tmp_path is private)."""
    with reachable_folder() as path:
        yield path


@contextmanager
def reachable_folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="recto test ")).resolve()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def copy_data(template: Path, target: Path) -> None:
    """Copy a data folder with its owners, which shutil does not keep."""
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(0o755)
    subprocess.run(["cp", "-a", template, target], check=True)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A data folder in which the servers have run once: creating it takes longer than most of these tests."""
    with reachable_folder() as path:
        with pytest.MonkeyPatch.context() as monkeypatch:
            forget_given_servers(monkeypatch)
            start_services(path / "data", durable=False).stop()
        yield path / "data"


@pytest.fixture
def data(template: Path, folder: Path) -> Path:
    """A data folder in which the servers have run before."""
    copy_data(template, folder / "data")
    return folder / "data"


@pytest.fixture
def fallback_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for /var/lib."""
    path = folder / "var lib"
    path.mkdir()
    monkeypatch.setattr(privileges, "FALLBACK_ROOT", path)
    monkeypatch.setattr("config.embedded.binaries.FALLBACK_ROOT", path)
    return path
