"""The kind of a file, told by its content. A file's name only decides between kinds of text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from pathlib import Path, PurePath

import filetype

from extraction.engines.convert import cfb
from extraction.engines.einvoice.detect import looks_like_invoice, looks_like_xml

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
BMP = "image/bmp"
WEBP = "image/webp"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EML = "message/rfc822"
TXT = "text/plain"
CSV = "text/csv"
HTML = "text/html"
MARKDOWN = "text/markdown"
XML_INVOICE = "application/xml"

SUPPORTED: dict[str, str] = {
    PDF: "PDF",
    PNG: "PNG",
    JPEG: "JPEG",
    TIFF: "TIFF",
    BMP: "BMP",
    WEBP: "WebP",
    HEIC: "HEIC",
    DOCX: "Word (DOCX)",
    XLSX: "Excel (XLSX)",
    XLS: "Excel 97 (XLS)",
    ODS: "OpenDocument (ODS)",
    PPTX: "PowerPoint (PPTX)",
    EML: "mail (EML)",
    TXT: "text",
    CSV: "CSV",
    HTML: "HTML",
    MARKDOWN: "Markdown",
    XML_INVOICE: "e-invoice (XML)",
}
IMAGES = frozenset({PNG, JPEG, TIFF, BMP, WEBP, HEIC})
OFFICE = frozenset({DOCX, XLSX, PPTX, ODS, XLS})
TEXTS = frozenset({TXT, CSV, HTML, MARKDOWN})

# PDF readers accept junk before the header; Acrobat looks this far.
PDF_HEADER_WITHIN = 1024
HEAD_BYTES = 8192
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_ENCRYPTED_STREAM, _XLS_STREAMS = "EncryptedPackage", frozenset({"Workbook", "Book"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_TEXT_SUFFIXES = {
    ".txt": TXT,
    ".csv": CSV,
    ".tsv": CSV,
    ".html": HTML,
    ".htm": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
}
_MAIL_HEADERS = frozenset(
    b"from to cc date subject message-id mime-version received return-path reply-to delivered-to "
    b"content-type dkim-signature x-mailer user-agent".split()
)
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,76}):[ \t]?[^\r\n]*+\r?\n")
_FOLDED_LINE = re.compile(rb"(?:[ \t][^\r\n]*+\r?\n)++")
# These run in web processes on any bytes sent: possessive and bounded, so that no input makes them slow.
_HTML_START = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MARKDOWN_SIGNS = re.compile(
    r"^(?:#{1,6} \S|```|\|[ :|-]{1,200}\|[ \t]*+$|[*-] \[[ x]\] )|\[[^\]\n]{1,200}\]\([^)\n]{1,200}\)", re.M
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def detect(head: bytes, source: Path | bytes, *, name: str = "") -> str | None:
    """The content type (a key of SUPPORTED) of a file, or None if we cannot read its kind.

    `head` is the first HEAD_BYTES of the file, `source` the whole file: it is opened only when the head shows
    a zip archive, and never unpacked. `name` is the file's name as uploaded.
    """
    if b"%PDF-" in head[:PDF_HEADER_WITHIN]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(source)
    if head.startswith(cfb.SIGNATURE):
        return _old_office_kind(source)
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in _HEIF_BRANDS else None
    mime = filetype.guess_mime(head)
    if mime is not None:
        return {"image/x-ms-bmp": BMP}.get(mime, mime) if mime in IMAGES | {"image/x-ms-bmp"} else None
    if _is_mail(head, named=name.lower().endswith(".eml")):
        return EML
    return _text_kind(head, name)


def kind_of(path: Path) -> str:
    """The content type of the file at `path`, empty if we cannot read its kind."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return detect(head, path, name=path.name) or ""


def _office_kind(source: Path | bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and _first_bytes(archive, "mimetype") == ODS.encode():
                return ODS
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)


def _first_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(200).strip()


def _old_office_kind(source: Path | bytes) -> str | None:
    """Excel 97 by its stream; a locked DOCX, XLSX or PPTX by the stream that Office wraps it in."""
    try:
        names = cfb.stream_names(source if isinstance(source, Path) else io.BytesIO(source))
    except (cfb.BadCompoundFile, OSError):
        return None
    if _ENCRYPTED_STREAM in names:
        # What is inside cannot be told; every Office reader asks for the password.
        return DOCX
    return XLS if _XLS_STREAMS & names else None


def _is_mail(head: bytes, *, named: bool) -> bool:
    """Whether the file begins with header lines of a mail: three known ones, two with the name's help."""
    position, known = 0, set()
    if head.startswith((b"From ", b">From ")):
        position = head.find(b"\n") + 1
    while line := _HEADER_LINE.match(head, position):
        known.add(line[1].lower())
        position = line.end()
        if folded := _FOLDED_LINE.match(head, position):
            position = folded.end()
    found = known & _MAIL_HEADERS
    return len(found) >= (2 if named else 3) and bool(found & {b"from", b"received", b"return-path"})


def _text_kind(head: bytes, name: str) -> str | None:
    text = decode(head, cut=len(head) >= HEAD_BYTES)
    if text is None or not text.strip():
        return None
    if _HTML_START.match(text):
        return HTML
    if looks_like_invoice(text):
        return XML_INVOICE
    if is_xml(text, name):
        return None
    named = _TEXT_SUFFIXES.get(PurePath(name).suffix.lower())
    if named is not None:
        return named
    if _MARKDOWN_SIGNS.search(text):
        return MARKDOWN
    return CSV if _looks_tabular(text) else TXT


def is_xml(text: str, name: str) -> bool:
    """Whether a text is XML of some kind: by its first line, or by its name where it begins with a tag."""
    named = name.lower().endswith(".xml") and text.lstrip().startswith("<")
    return named or looks_like_xml(text)


def _looks_tabular(text: str) -> bool:
    """Three or more rows with the same number (≥ 2) of cells under one of the usual separators."""
    lines = text.splitlines()[:-1][:50] if text.count("\n") > 3 else text.splitlines()
    for separator in (",", ";", "\t"):
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            continue
        if len(rows) >= 3 and len(rows[0]) >= 2 and all(len(row) == len(rows[0]) for row in rows):
            return True
    return False


def decode(data: bytes, *, cut: bool = False) -> str | None:
    """The text of `data` (UTF-8, UTF-16 with a mark, else Latin-1), or None if it is not text.

    `cut` says that the data may end inside a character.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(data[: len(data) // 2 * 2], "utf-16")
    if b"\x00" in data:
        return None
    for trimmed in range(4 if cut else 1):
        text = _decode(data[: len(data) - trimmed], "utf-8-sig")
        if text is not None:
            return text
    # Word processors write CP1252 where others write Latin-1; the few bytes it lacks are control characters.
    text = _decode(data, "cp1252") or _decode(data, "latin-1")
    return text if text is not None and not _CONTROL.search(text) else None


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
