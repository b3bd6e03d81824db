"""Runs jobs in sandbox children and brings back results or clear errors; outlives every child."""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from extraction.engines.blocks import Block, ConvertedDocument, Page
from extraction.engines.convert.errors import CODES, Code, EngineError, PasswordRequired
from extraction.engines.convert.figures import FigureImage, figure_names
from extraction.engines.convert.filetypes import DOCX, EML, HTML, MARKDOWN, ODS, PDF, PPTX, XLS, XLSX
from extraction.engines.convert.options import ConvertOptions
from extraction.sandbox import codec
from extraction.sandbox.limits import DEFAULT, PICTURES, RENDERING, WITH_EASYOCR, Limits
from extraction.sandbox.wire import (
    DATA,
    END,
    ERROR,
    PROGRESS,
    PROGRESS_BODY,
    FrameReader,
    Gone,
    TooLate,
    TooMuch,
    receive_message,
    send_message,
)

logger = logging.getLogger(__name__)
# `done` of `total` pages; both 0 as long as nothing is known.
Watch = Callable[[int, int], None]

_ROOT = Path(__file__).resolve().parents[2]
# Importing the readers takes under a second; a cold disk or a busy machine much longer.
_START_TIMEOUT_S = 60.0
_JOBS = "extraction.sandbox.jobs"
_PRELOADS = {
    DOCX: "extraction.engines.convert.docx",
    XLSX: "extraction.engines.convert.xlsx",
    PPTX: "extraction.engines.convert.pptx",
    XLS: "extraction.engines.convert.xls",
    ODS: "extraction.engines.convert.ods",
    EML: "extraction.engines.convert.eml",
    HTML: "extraction.engines.convert.html",
    MARKDOWN: "extraction.engines.convert.markdown_source",
    "ocr": "extraction.engines.ocr.rapid:preload",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """What a finished child used: its wait status, CPU seconds and peak resident memory in bytes."""

    status: int
    cpu_s: float
    memory_bytes: int

    @property
    def signal(self) -> int:
        """The signal that ended the child, 0 if it left by itself."""
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0


class _Progress:
    """What the child last said about how far it is, passed on to whoever watches."""

    def __init__(self, watch: Watch | None) -> None:
        self.watch, self.done, self.total = watch, 0, 0

    def hear(self, data: bytes) -> None:
        if len(data) != PROGRESS_BODY.size:
            raise Gone
        self.done, self.total = PROGRESS_BODY.unpack(data)
        self.tell()

    def tell(self) -> None:
        if self.watch:
            self.watch(self.done, self.total)


class ChildDied(EngineError):
    """The child ended without an answer: a parser crashed or ran into a limit."""

    def __init__(self, usage: Usage) -> None:
        super().__init__(
            "processing_failed",
            "This file crashes its reader or needs too much memory; export it again in a simpler form.",
        )
        self.usage = usage


class _Zygote:
    """The client's side of one zygote process. All methods are called under the client's lock."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket = ours
        self.loaded: set[str] = set()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "extraction.sandbox.zygote"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                close_fds=True,
                start_new_session=True,
            )
        finally:
            theirs.close()
        ours.settimeout(_START_TIMEOUT_S)
        self.ask(None)

    def ask(self, message: Any, fds: Sequence[int] = ()) -> Any:
        """Send a message (None: only wait) and return the answer. Raises Gone if the zygote is no more."""
        try:
            if message is not None:
                send_message(self.socket, message, fds)
            return receive_message(self.socket)[0]
        except OSError as error:
            raise Gone from error

    def close(self) -> None:
        """End the process; its children die with it."""
        self.socket.close()
        with suppress(OSError):
            self.process.kill()
        self.process.wait()


@contextmanager
def _in_memory(data: bytes) -> Iterator[int]:
    """A descriptor that reads the bytes: a document's words are larger than a message may be."""
    with open(os.memfd_create("arguments"), "w+b") as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


def _environment() -> dict[str, str]:
    """What Python and the libraries need, no secret. One thread each: children inherit no others."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }


class Sandbox:
    """Starts a zygote when first used, one per process, and again whenever it is gone. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._pid = 0

    def run(
        self,
        target: str,
        source: Path,
        arguments: dict[str, Any],
        limits: Limits = DEFAULT,
        watch: Watch | None = None,
    ) -> Iterator[bytes]:
        """The frames that `target` ("module:function") yields for the file, each as soon as it is there.

        The function is called in a child as `function(path, arguments, report)`; `arguments` must be JSON.
        `watch(done, total)` hears of progress, and about twice a second of none; what it raises ends the
        child.
        Raises: EngineError as the job did, or `timeout`; ChildDied; OSError if the file is not there.
        """
        progress = _Progress(watch)
        job = {"target": target, "limits": asdict(limits)}
        deadline = time.monotonic() + limits.wall_s
        reading, writing = os.pipe()
        try:
            try:
                with source.open("rb") as file, _in_memory(json.dumps(arguments).encode()) as said:
                    zygote, pid = self._start(job, [file.fileno(), said, writing])
            finally:
                # Ours must close before reading, or the pipe would never end.
                os.close(writing)
            frames = FrameReader(
                reading,
                deadline=deadline,
                budget=limits.output_bytes,
                while_waiting=progress.tell if watch else None,
            )
            yield from self._answer(zygote, pid, frames, progress)
        finally:
            os.close(reading)

    def _start(self, job: dict[str, Any], fds: Sequence[int]) -> tuple[_Zygote, int]:
        with self._lock:
            # A zygote killed from outside (memory pressure) shows at its next use: start another, once.
            for attempt in (1, 2):
                zygote = self._alive()
                try:
                    return zygote, int(zygote.ask({"run": job}, fds)["pid"])
                except Gone:
                    self._drop()
                    if attempt == 2:
                        raise
        raise AssertionError("unreachable")

    def _answer(self, zygote: _Zygote, pid: int, frames: FrameReader, progress: _Progress) -> Iterator[bytes]:
        usage: Usage | None = None
        try:
            while True:
                kind, data = frames.next()
                if kind == END:
                    return
                if kind == ERROR:
                    raise _error(data)
                if kind == PROGRESS:
                    progress.hear(data)
                    continue
                if kind != DATA:
                    raise Gone
                yield data
        except TooLate:
            raise _timeout() from None
        except TooMuch:
            raise EngineError(
                "processing_failed", "This file holds too much text; split it into parts."
            ) from None
        except Gone:
            usage = self._end(zygote, pid)
            raise (_timeout() if usage.signal == signal.SIGXCPU else ChildDied(usage)) from None
        finally:
            if usage is None:
                self._end(zygote, pid)

    def _end(self, zygote: _Zygote, pid: int) -> Usage:
        """Kill what is left of the child's process group and learn how it ended."""
        with self._lock:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            try:
                answer = zygote.ask({"reap": pid})
                return Usage(int(answer["status"]), float(answer["cpu_s"]), int(answer["memory_bytes"]))
            except Gone:
                # The zygote died and took the child along.
                if zygote is self._zygote:
                    self._drop()
                return Usage(signal.SIGKILL, 0.0, 0)

    def preload(self, target: str) -> None:
        """Have the zygote load a module ("module" or "module:function") for the children to come."""
        with self._lock:
            zygote = self._zygote
            if zygote is None or target in zygote.loaded or self._pid != os.getpid():
                return
            zygote.loaded.add(target)
            with suppress(OSError):
                send_message(zygote.socket, {"preload": [target]})

    def close(self) -> None:
        """End the zygote and all its children; the next job starts a new one."""
        with self._lock:
            self._drop()

    def _alive(self) -> _Zygote:
        if self._zygote is None:
            self._zygote, self._pid = _Zygote(), os.getpid()
        return self._zygote

    def _drop(self) -> None:
        if self._zygote is not None and self._pid == os.getpid():
            self._zygote.close()
        self._zygote = None

    def after_fork(self) -> None:
        """In a forked worker: let go of the parent's zygote, so that it ends with its owner alone."""
        self._lock = threading.Lock()
        if self._zygote is not None:
            self._zygote.socket.close()
            # Not ours to wait for; without this its object would complain when collected.
            self._zygote.process.returncode = 0
            self._zygote = None


_sandbox = Sandbox()
os.register_at_fork(after_in_child=_sandbox.after_fork)
atexit.register(_sandbox.close)

run = _sandbox.run
close = _sandbox.close


def convert(
    path: Path,
    *,
    content_type: str,
    options: ConvertOptions | None = None,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> ConvertedDocument:
    """What the file holds, read in a child. A PDF that kills the layout engine is read again by PDFium alone.

    Raises: PasswordRequired; EngineError (`timeout`, `processing_failed` and what the readers raise).
    """
    options = options or ConvertOptions()
    limits = limits or _limits_for(options)
    try:
        document = _convert(path, content_type, options, limits, watch)
    except ChildDied as died:
        if content_type != PDF or options.plain_pdf:
            raise
        logger.warning("PDF reader died by signal %s; reading again by PDFium", died.usage.signal)
        document = _convert(path, content_type, replace(options, plain_pdf=True), limits, watch)
    _preload_for(content_type, document)
    return document


def _limits_for(options: ConvertOptions) -> Limits:
    asked = options.ocr != "off" and "easyocr" in options.ocr_engines
    return WITH_EASYOCR if asked and find_spec("easyocr") else DEFAULT


def _convert(
    path: Path, content_type: str, options: ConvertOptions, limits: Limits, watch: Watch | None
) -> ConvertedDocument:
    arguments = {"content_type": content_type, "options": asdict(options)}
    frames = list(_sandbox.run(f"{_JOBS}:convert", path, arguments, limits, watch))
    try:
        return codec.decode(frames[0])
    except (ValueError, IndexError, OverflowError) as error:
        raise _not_valid() from error


def _preload_for(content_type: str, document: ConvertedDocument) -> None:
    """Have the next file of this kind find its libraries loaded."""
    if document.meta.get("ocr_engines"):
        _sandbox.preload(_PRELOADS["ocr"])
    if content_type in _PRELOADS:
        _sandbox.preload(_PRELOADS[content_type])


def render_pages(
    path: Path,
    *,
    content_type: str,
    pages: Sequence[int],
    width: int,
    password: str | None = None,
    limits: Limits = RENDERING,
    watch: Watch | None = None,
) -> Iterator[tuple[int, bytes]]:
    """Each page's number and its WebP of `width` pixels, as soon as it is drawn; one child for all.

    Close the iterator (or use it up) to end the child. Raises: PasswordRequired; EngineError.
    """
    arguments = {"content_type": content_type, "pages": list(pages), "width": width, "password": password}
    for frame in _sandbox.run(f"{_JOBS}:render_pages", path, arguments, limits, watch):
        yield struct.unpack_from("!I", frame)[0], frame[4:]


def page_sizes(
    path: Path, *, content_type: str, password: str | None = None, limits: Limits = RENDERING
) -> list[tuple[float, float]]:
    """Width and height in points of every page as shown. Raises: PasswordRequired; EngineError."""
    arguments = {"content_type": content_type, "password": password}
    frames = _sandbox.run(f"{_JOBS}:page_sizes", path, arguments, limits)
    return [struct.unpack("!dd", frame) for frame in frames]


def figures(
    path: Path,
    blocks: Sequence[Block],
    *,
    content_type: str,
    password: str | None = None,
    limits: Limits = PICTURES,
    watch: Watch | None = None,
) -> Iterator[FigureImage]:
    """The picture of each figure block that can be drawn, as soon as it is; one child for all.

    Close the iterator (or use it up) to end the child. Raises: PasswordRequired; EngineError.
    """
    arguments = {
        "content_type": content_type,
        "password": password,
        "figures": [asdict(replace(block, text="", markup="")) for block in blocks],
    }
    names = dict(enumerate(figure_names(blocks), start=1))
    for frame in _sandbox.run(f"{_JOBS}:figures", path, arguments, limits, watch):
        yield _figure(frame, names)


def _figure(frame: bytes, names: Mapping[int, str]) -> FigureImage:
    try:
        end = 4 + int(struct.unpack_from("!I", frame)[0])
        head = json.loads(frame[4:end])
        index = int(head["index"])
        return FigureImage(index, names[index], frame[end:], int(head["width"]), int(head["height"]))
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise _not_valid() from error


def attachment(path: Path, *, index: int, limits: Limits = RENDERING) -> bytes:
    """The bytes of a mail's attachment, counted as in `meta["attachments"]`. Raises: EngineError."""
    return b"".join(_sandbox.run(f"{_JOBS}:attachment", path, {"index": index}, limits))


def embedded_file(path: Path, *, name: str, limits: Limits = RENDERING) -> bytes:
    """The bytes of an invoice embedded in a PDF. Raises: PasswordRequired; EngineError."""
    return b"".join(_sandbox.run(f"{_JOBS}:embedded_file", path, {"name": name}, limits))


def searchable_pdf(
    path: Path,
    pages: Sequence[Page],
    *,
    content_type: str,
    turned: Mapping[int, int],
    limits: Limits = PICTURES,
) -> bytes:
    """A PDF that looks like the file and whose words can be found and copied.

    `turned`: by page number, how far its text lies turned clockwise, in degrees. Raises: EngineError.
    """
    arguments = {
        "content_type": content_type,
        "pages": [asdict(page) for page in pages],
        "turned": list(turned.items()),
    }
    return b"".join(_sandbox.run(f"{_JOBS}:searchable", path, arguments, limits))


def _not_valid() -> EngineError:
    return EngineError("processing_failed", "The reader's answer was not valid; upload the file again.")


def _timeout() -> EngineError:
    return EngineError("timeout", "Reading this file took too long; split it into parts or simplify it.")


def _error(data: bytes) -> EngineError:
    """The error a child sent, in our own words where it is not one of ours."""
    try:
        sent = json.loads(data)
        code, message = str(sent["code"]), str(sent["message"])[:500]
    except (ValueError, KeyError, TypeError):
        code, message, sent = "", "", {}
    if sent.get("detail"):
        logger.warning("Sandboxed job failed: %s", str(sent["detail"])[:300])
    if code == "password_required":
        return PasswordRequired(wrong=bool(sent.get("wrong")))
    if code not in CODES:
        return EngineError("processing_failed", "This file could not be processed; upload it again.")
    return EngineError(cast("Code", code), message)
