"""Where the checkout keeps what it makes while running, and files only their owner may read."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import TextIO

BASE_DIR = Path(__file__).resolve().parents[2]


def var_dir() -> Path:
    """Folder for all that is made while running: `RECTO_VAR`, else `var` in the checkout. May be missing."""
    return Path(os.environ.get("RECTO_VAR") or BASE_DIR / "var").absolute()


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step by a file that only its owner can read."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        # A password lost in a power cut would lock the owner out of the database it belongs to.
        os.fsync(file.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, object]:
    """The JSON object in `path`; empty when the file is missing, damaged or not readable by this user."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def secret_key(var: Path) -> str:
    """The checkout's own SECRET_KEY, made on first use and kept in `var/secret_key`."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def lock_file(path: Path) -> TextIO | None:
    """Take the lock on `path`; None when another process has it. Closing the file gives it back.

    The kernel releases the lock when its holder dies, so a killed process leaves none behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
