"""Invoices embedded in PDFs, as PDFium lists a file's attachments."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.engines.convert.errors import unsupported
from extraction.engines.convert.pdf_open import open_pdf

from .detect import looks_like_invoice
from .parse import read_invoice
from .tree import MAX_BYTES, BadInvoice

# By the standards' own names, the newest first: some files hold the same invoice in two versions.
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
MAX_ATTACHMENTS = 100
_MAX_OTHERS = 5
_HEAD = 4096


def embedded_invoice(document: Any) -> dict[str, Any]:
    """What `meta` should hold for an open `pypdfium2.PdfDocument`: nothing if no invoice is embedded.

    Under "e_invoice" stands the invoice as JSON with its "filename", or "error" with a sentence where a file
    of a standard's name cannot be read. PDFium unpacks the file: call it in a sandbox child only.
    """
    broken: dict[str, Any] = {}
    for name, data in _attached(document):
        try:
            return {"e_invoice": {**read_invoice(data).to_json(), "filename": name}}
        except BadInvoice as error:
            if name.lower() in NAMES and not broken:
                broken = {"e_invoice": {"error": str(error), "filename": name}}
    return broken


def embedded_file(path: Path, name: str) -> bytes:
    """The bytes of an embedded file by its name in a PDF. Native code: call it in a sandbox child only.

    Raises: PasswordRequired; EngineError `unsupported_content` for a file that is not there.
    """
    with open_pdf(path, password=None) as document:
        data = next((data for found, data in _attached(document) if found == name), b"")
    if not data:
        raise unsupported("it holds no such file")
    return data


def _attached(document: Any) -> Iterator[tuple[str, bytes]]:
    """XML files that may be invoices: those of known names first, then others that begin like one."""
    try:
        count = min(document.count_attachments(), MAX_ATTACHMENTS)
        files = [(file.get_name(), file) for file in map(document.get_attachment, range(count))]
    except pypdfium2.PdfiumError:
        return
    known = sorted((f for f in files if f[0].lower() in NAMES), key=lambda f: NAMES.index(f[0].lower()))
    others = [f for f in files if f[0].lower().endswith(".xml") and f[0].lower() not in NAMES]
    for name, file in known:
        yield name, _data(file)
    for name, file in others[:_MAX_OTHERS]:
        data = _data(file)
        if looks_like_invoice(data[:_HEAD].decode("utf-8", "ignore").lstrip("\ufeff")):
            yield name, data


def _data(file: Any) -> bytes:
    """The file's bytes; empty for one that is damaged or longer than an invoice can be."""
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(file, None, 0, size)
    if not 0 < size.value <= MAX_BYTES:
        return b""
    buffer = (ctypes.c_char * size.value)()
    if not pdfium.FPDFAttachment_GetFile(file, buffer, size.value, size):
        return b""
    return bytes(buffer)
