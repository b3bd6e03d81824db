"""The child's life between fork and exit: close everything, bind limits, run one job, answer, end."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Collection
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, NoReturn

from extraction.engines.convert.errors import EngineError
from extraction.sandbox.limits import Limits, apply
from extraction.sandbox.wire import DATA, END, ERROR, PROGRESS, PROGRESS_BODY, send_frame

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def run(
    job: dict[str, Any], source: int, arguments: int, result: int, *, kept: Collection[int] = ()
) -> NoReturn:
    """Run the job with the three descriptors given and leave the process. Never returns, never raises.

    All descriptors but these and `kept` are closed first.
    """
    status = 1
    try:
        _isolate({source, arguments, result, *kept})
        apply(Limits(**job["limits"]))
        _work(job, source, arguments, result)
        status = 0
    finally:
        # No interpreter shutdown: exit handlers belong to the zygote, native libraries may hang in theirs.
        os._exit(status)


def _isolate(kept: Collection[int]) -> None:
    os.setpgid(0, 0)
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    keep = sorted({0, 1, 2, *kept})
    for before, after in zip(keep, [*keep[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(before + 1, after)


def _work(job: dict[str, Any], source: int, arguments: int, result: int) -> None:
    module, _, name = job["target"].partition(":")
    try:
        function = getattr(import_module(module), name)

        def report(done: int, total: int) -> None:
            send_frame(result, PROGRESS, PROGRESS_BODY.pack(done, total))

        with open(arguments, "rb") as sent:
            said = json.load(sent)
        for frame in function(Path(f"/dev/fd/{source}"), said, report):
            send_frame(result, DATA, frame)
        send_frame(result, END)
    except EngineError as error:
        _send_error(result, error.code, error.message, wrong=getattr(error, "wrong", None))
    except MemoryError:
        _send_error(result, "processing_failed", "This file needs too much memory; split it or simplify it.")
    except BaseException as error:  # noqa: BLE001 - the edge of the process: everything becomes an answer
        message = "This file could not be processed; save or export it again and upload the new file."
        _send_error(result, "processing_failed", message, detail=_place(error))


def _send_error(result: int, code: str, message: str, **more: Any) -> None:
    send_frame(result, ERROR, json.dumps({"code": code, "message": message, **more}).encode())


def _place(error: BaseException) -> str:
    """Where it went wrong, for the log: no values, which may be the customer's."""
    frames = traceback.extract_tb(sys.exc_info()[2])[-3:]
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
