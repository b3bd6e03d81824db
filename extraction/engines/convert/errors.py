"""What a reader raises. Codes are the documents' public `error_code`s; messages are shown as they are."""

from __future__ import annotations

from typing import Literal, get_args

Code = Literal[
    "corrupt_file",
    "insufficient_text",
    "ocr_failed",
    "password_required",
    "processing_failed",
    "timeout",
    "too_many_pages",
    "unsupported_content",
]
CODES: frozenset[str] = frozenset(get_args(Code))


class EngineError(Exception):
    """A file that cannot be read. `message` is one sentence saying what to do; it never names a path."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message


class PasswordRequired(EngineError):
    """The file is locked; `wrong` tells a password that does not fit from none at all."""

    def __init__(self, *, wrong: bool) -> None:
        message = "The password does not open this file; try another one."
        if not wrong:
            message = "This file is protected; enter its password to read it."
        super().__init__("password_required", message)
        self.wrong = wrong


def corrupt(kind: str) -> EngineError:
    """The error for a file of `kind` ("PDF", "image" …) that its reader cannot open."""
    return EngineError(
        "corrupt_file", f"This {kind} is damaged; save or export it again and upload the new file."
    )


def unsupported(reason: str) -> EngineError:
    """The error for a readable file with content that we refuse; `reason` ends the sentence."""
    return EngineError("unsupported_content", f"This file cannot be processed: {reason}.")
