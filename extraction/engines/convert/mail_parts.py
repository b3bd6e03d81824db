"""A mail taken apart: its headers, its bodies to be read, and its attachments by index."""

from __future__ import annotations

import email
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from extraction.engines.convert.errors import corrupt, unsupported

MAX_BYTES = 150 * 1024 * 1024
MAX_ATTACHMENTS = 100
MAX_ATTACHMENT_BYTES = 100 * 1024 * 1024
MAX_PARTS = 1_000
MAX_DEPTH = 30
MAX_HEADER = 10_000
MAX_NAME = 150
_CID = re.compile(r"""cid:([^"'<>\s)]{1,500})""", re.I)
_ENCODED = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the mail; `number` counts all parts in the order of the file, from 0."""

    number: int
    message: Message[str, str]
    content_type: str

    @property
    def content_id(self) -> str:
        return _header(self.message, "Content-ID").strip().strip("<>")


class Mail:
    """An open mail. `bodies` are what a mail program shows, `attachments` what it offers to save.

    Raises: EngineError `corrupt_file`, `unsupported_content`.
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise unsupported("the mail is larger than 150 MB")
        # Every level of nesting costs the parser another look at every line.
        if len(re.findall(rb"boundary\s*=", data, re.I)) > MAX_PARTS:
            raise unsupported("the mail has too many parts")
        try:
            self.message: Message[str, str] = email.message_from_bytes(data, policy=policy.compat32)
        except RecursionError as error:
            raise unsupported("the mail's parts are nested too deeply") from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise corrupt("mail") from error
        self._parts: list[Part] = []
        self.bodies: list[Part] = []
        self._others: list[Part] = []
        self._sort(self.message, 0)
        wanted = {cid for body in self.bodies for cid in _CID.findall(body_text(body))}
        self.inline = {p.content_id: p for p in self._others if p.content_id and p.content_id in wanted}
        shown = {part.number for part in self.inline.values()}
        self.attachments = [part for part in self._others if part.number not in shown]

    def header(self, name: str) -> str:
        """A header as people read it, on one line; empty if it is missing."""
        return _header(self.message, name)

    def date(self) -> str:
        """When it was sent, as "2026-03-01 09:30 +0100"; as written if it is no date."""
        text = self.header("Date")
        try:
            return parsedate_to_datetime(text[:200]).strftime("%Y-%m-%d %H:%M %z").strip()
        except (ValueError, TypeError, IndexError, OverflowError):
            return text

    def part_bytes(self, number: int, most: int) -> bytes | None:
        """The decoded content of a part by its number, None if it is not there or larger than `most`."""
        if not 0 <= number < len(self._parts):
            return None
        data = content(self._parts[number].message)
        return data if len(data) <= most else None

    def _sort(self, message: Message[str, str], depth: int) -> None:
        if depth > MAX_DEPTH or len(self._parts) >= MAX_PARTS:
            raise unsupported("the mail's parts are too many or nested too deeply")
        kind = _content_type(message)
        if message.is_multipart() and kind != "message/rfc822":
            self._sort_many(message, kind, depth)
            return
        part = Part(len(self._parts), message, kind)
        self._parts.append(part)
        if kind in ("text/plain", "text/html") and not _is_attached(message):
            self.bodies.append(part)
        else:
            self._others.append(part)

    def _sort_many(self, message: Message[str, str], kind: str, depth: int) -> None:
        before = len(self.bodies)
        for inner in _children(message):
            self._sort(inner, depth + 1)
        if kind == "multipart/alternative" and len(self.bodies) > before + 1:
            self.bodies[before:] = [_richest(self.bodies[before:])]


def _children(message: Message[str, str]) -> Iterator[Message[str, str]]:
    payload = message.get_payload()
    for inner in payload if isinstance(payload, list) else ():
        if isinstance(inner, Message):
            yield inner


def _richest(bodies: list[Part]) -> Part:
    """HTML where it says something, else the last that does: senders put the best version last."""
    told = [body for body in bodies if body_text(body).strip()] or bodies
    return next((body for body in reversed(told) if body.content_type == "text/html"), told[-1])


def body_text(part: Part) -> str:
    """The part's text in its charset; unknown charsets and broken bytes are replaced, never refused."""
    data = content(part.message)
    charset = str(part.message.get_param("charset") or "utf-8").strip().strip("'\"")
    if charset.lower() in ("us-ascii", "ascii", "iso-8859-1", "latin-1"):
        # Programs that claim these send UTF-8 or Windows' characters all the same.
        charset = "utf-8" if _is_utf8(data) else "cp1252"
    try:
        text = data.decode(charset, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8" if _is_utf8(data) else "cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\x00", "")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def content(message: Message[str, str]) -> bytes:
    """The part's bytes as they were before packing; a mail inside as a mail of its own."""
    if _content_type(message) == "message/rfc822" and message.is_multipart():
        inner = next(_children(message), None)
        try:
            return b"" if inner is None else inner.as_bytes(policy=policy.compat32)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return (
                b"" if inner is None else inner.as_string(policy=policy.compat32).encode("utf-8", "replace")
            )
    try:
        data: Any = message.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        data = None
    return data if isinstance(data, bytes) else str(message.get_payload()).encode("utf-8", "replace")


def file_name(part: Part, index: int) -> str:
    """The attachment's name without folders; made up from its kind where the mail gives none."""
    try:
        name = part.message.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    name = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", _decoded(name))[-1]).strip(" .")
    if not name and part.content_type == "message/rfc822":
        inner = next(_children(part.message), None)
        subject = _header(inner, "Subject") if inner is not None else ""
        name = re.sub(r"[^\w .,()-]", "_", subject).strip(" .")
        name = f"{name[:100]}.eml" if name else ""
    if not name:
        name = f"attachment-{index}{mimetypes.guess_extension(part.content_type) or '.bin'}"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= MAX_NAME else f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}"


def _is_attached(message: Message[str, str]) -> bool:
    try:
        return message.get_content_disposition() == "attachment" or bool(message.get_filename())
    except (ValueError, LookupError, TypeError, AttributeError):
        return True


def _content_type(message: Message[str, str]) -> str:
    return message.get_content_type().lower()[:100]


def _header(message: Message[str, str], name: str) -> str:
    """The first header of this name, decoded; whatever it holds, it costs little and gives one line."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _decoded(str(value)[:MAX_HEADER])
    return ""


def _decoded(text: str) -> str:
    text = text.encode("ascii", "surrogateescape").decode("utf-8", "replace") if _has_bytes(text) else text
    text = re.sub(r"\r?\n[ \t]+", " ", text)
    if _ENCODED.search(text):
        try:
            header = policy.default.header_factory("subject", text)
            text = str(header)
        except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError):
            pass
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _has_bytes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.isascii() or all(ord(c) < 128 or 0xDC80 <= ord(c) <= 0xDCFF for c in text)
    return False
