"""Running the servers without root, and folders that the unprivileged user can reach."""

import hashlib
import os
import stat
from pathlib import Path

from .errors import EmbeddedError

SERVICE_UID = 65534  # nobody: exists everywhere, owns nothing
FALLBACK_ROOT = Path("/var/lib")


def service_uid() -> int | None:
    """User id the servers are started with; None when they run as the caller, who is not root."""
    return SERVICE_UID if os.geteuid() == 0 else None


def can_reach(path: Path, uid: int) -> bool:
    """Whether `uid` may enter `path` and every folder above it (or run it, if `path` is a file)."""
    resolved = path.resolve()
    return all(_may_enter(step, uid) for step in (resolved, *resolved.parents))


def _may_enter(path: Path, uid: int) -> bool:
    status = path.stat()
    bit = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
    return bool(status.st_mode & bit)


def service_home(data_dir: Path) -> Path:
    """Folder for the servers' data: `data_dir`, or one below /var/lib if they cannot reach `data_dir`.

    Root's servers run as an unprivileged user, who is shut out of /root or a private home. Opening
    the home would be the worse cure.

    Raises:
        EmbeddedError: data lies in `data_dir`, but a folder above it was closed since.
    """
    uid = service_uid()
    fallback = FALLBACK_ROOT / f"recto-{hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:10]}"
    if uid is None or (can_reach(data_dir, uid) and not fallback.exists()):
        return data_dir
    if (data_dir / "postgres").exists():
        raise EmbeddedError(
            f"The servers (user id {uid}) can no longer reach their data in {data_dir}, since a folder above"
            f" it is closed to others. Open that folder (chmod o+x), or move the contents to {fallback}."
        )
    fallback.mkdir(exist_ok=True)
    fallback.chmod(0o711)
    return fallback


def own_folder(path: Path) -> None:
    """Make `path` a folder that only the servers' user can read.

    Raises:
        EmbeddedError: it exists and belongs to someone else.
    """
    uid = os.geteuid() if (service := service_uid()) is None else service
    if not path.exists():
        path.mkdir(mode=0o700)
        give_to_servers(path)
    if path.stat().st_uid != uid:
        raise EmbeddedError(
            f"{path} belongs to user id {path.stat().st_uid}, because another user started Recto here before."
            " Start it as that user, or remove the folder to begin with an empty one."
        )


def give_to_servers(path: Path) -> None:
    """Let the servers' user own the file or folder `path`."""
    uid = service_uid()
    if uid is not None:
        os.chown(path, uid, uid)
