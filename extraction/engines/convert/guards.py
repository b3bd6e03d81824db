"""Checks that Office files pass before a parser sees them: what a zip unpacks to, and no DTD in any part."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from extraction.engines.convert import cfb
from extraction.engines.convert.errors import PasswordRequired, corrupt, unsupported

MAX_MEMBERS = 5_000
MAX_RATIO = 200
RATIO_FROM_BYTES = 10 * 1024 * 1024
MAX_TOTAL_BYTES = 300 * 1024 * 1024
MAX_DEPTH = 256
_CHUNK = 256 * 1024
# Told by content, since any part may be declared to be XML whatever it is called; UTF-16 has NULs around "<".
_XML_START = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")


def check_office_file(path: Path, kind: str) -> None:
    """Return if the Office file at `path` is safe to parse. Reads and counts every byte it unpacks to.

    Raises: EngineError `corrupt_file` or `unsupported_content`; PasswordRequired for an encrypted file.
    """
    with path.open("rb") as file:
        if file.read(8) == cfb.SIGNATURE:
            # Office wraps an encrypted document in the old container format.
            raise PasswordRequired(wrong=False)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive.infolist())
            _check_members(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        raise corrupt(kind) from error


def check_xml(data: bytes, kind: str) -> None:
    """Return if the XML is safe to parse: no DTD, not nested absurdly deep. Raises: EngineError."""
    _feed(_guarded_parser(), data, kind)


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise unsupported("it holds too many parts")
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise unsupported("it unpacks to more than 300 MB")
    if len({member.filename for member in members}) != len(members):
        raise unsupported("two of its parts have the same name")
    for member in members:
        if member.flag_bits & 0x1:
            raise PasswordRequired(wrong=False)
        big = member.file_size > RATIO_FROM_BYTES
        if big and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise unsupported("a part unpacks to far more than its packed size")


def _check_members(archive: zipfile.ZipFile, kind: str) -> None:
    # The directory's sizes may lie, so real output is counted over all parts.
    budget = MAX_TOTAL_BYTES
    for member in archive.infolist():
        with archive.open(member) as stream:
            budget -= _check_part(stream, budget, kind)


def _check_part(stream: IO[bytes], budget: int, kind: str) -> int:
    """Read one part to its end and return its size; XML, by content, goes through the guarded parser."""
    chunk = stream.read(_CHUNK)
    parser = _guarded_parser() if _XML_START.match(chunk) else None
    size = 0
    while chunk:
        size += len(chunk)
        if size > budget:
            raise unsupported("it unpacks to more than 300 MB")
        if parser is not None:
            _feed(parser, chunk, kind)
        chunk = stream.read(_CHUNK)
    return size


def _guarded_parser() -> DefusedExpatParser:
    """A parser that forbids DTDs, so that entities of any kind end there."""
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(_DepthGuard())
    return parser


def _feed(parser: DefusedExpatParser, chunk: bytes, kind: str) -> None:
    try:
        parser.feed(chunk)
    except DefusedXmlException as error:
        raise unsupported("it contains a document type definition, which may hide an attack") from error
    except SAXException as error:
        raise corrupt(kind) from error


class _DepthGuard(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the SAX interface's name
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise unsupported("its parts are nested too deeply")

    def endElement(self, name: str) -> None:  # noqa: N802 - the SAX interface's name
        self.depth -= 1
