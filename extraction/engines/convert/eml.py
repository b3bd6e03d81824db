"""Mails: subject and headers, the body as a mail program shows it, the list of attachments."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import unsupported
from extraction.engines.convert.html import add_html
from extraction.engines.convert.inline import Piece
from extraction.engines.convert.mail_parts import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    Mail,
    body_text,
    content,
    file_name,
)
from extraction.engines.convert.office_media import is_picture
from extraction.engines.convert.text import add_plain

PARSER_VERSION = "1"
_HEADERS = ("From", "To", "Cc", "Date")


def read_eml(path: Path) -> ConvertedDocument:
    """Blocks of a mail on made-up pages (`meta["synthetic_layout"]`).

    `meta["attachments"]` lists what `read_attachment` can give: index from 1, name, content_type and size in
    bytes. Raises: EngineError `corrupt_file`, `unsupported_content`.
    """
    mail, builder = Mail(path), Builder()
    builder.text("heading", mail.header("Subject") or "(no subject)", level=1)
    for name in _HEADERS:
        value = mail.date() if name == "Date" else mail.header(name)
        if value:
            builder.text("paragraph", [Piece(f"{name}:", bold=True), Piece(f" {value}")])
    for body in mail.bodies:
        if body.content_type == "text/html":
            add_html(builder, body_text(body), picture=lambda src: _picture(mail, src))
        else:
            add_plain(builder, body_text(body))
    builder.meta["attachments"] = attachments = _attachments(mail, builder)
    if attachments:
        builder.text("paragraph", [Piece("Attachments:", bold=True)])
    for entry in attachments:
        builder.text("list_item", f"{entry['name']} ({_size(entry['size'])})")
    return builder.document("email", f"{PARSER_VERSION}/{version('beautifulsoup4')}")


def read_attachment(path: Path, index: int) -> bytes:
    """The bytes of one attachment by its index in `meta["attachments"]`.

    Raises: EngineError `unsupported_content` for one that is not there or larger than 100 MB; `corrupt_file`.
    """
    mail = Mail(path)
    if not 1 <= index <= min(len(mail.attachments), MAX_ATTACHMENTS):
        raise unsupported("the mail has no such attachment")
    data = content(mail.attachments[index - 1].message)
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise unsupported("the attachment is larger than 100 MB")
    return data


def _attachments(mail: Mail, builder: Builder) -> list[dict[str, Any]]:
    if len(mail.attachments) > MAX_ATTACHMENTS:
        builder.meta["truncated"] = True
    return [
        {
            "index": index,
            "name": file_name(part, index),
            "content_type": part.content_type,
            "size": len(content(part.message)),
        }
        for index, part in enumerate(mail.attachments[:MAX_ATTACHMENTS], start=1)
    ]


def _picture(mail: Mail, source: str) -> str:
    """The name of a picture that the body shows by its content id, empty if the mail does not hold it."""
    match = re.fullmatch(r"cid:(.+)", source.strip(), re.I)
    part = mail.inline.get(match[1]) if match else None
    if part is None or not is_picture(content(part.message)[:32]):
        return ""
    return f"mime:{part.number}"


def _size(size: int) -> str:
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"
