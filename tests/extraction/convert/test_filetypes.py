"""A file's kind is told by what is in it."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from PIL import Image

from extraction.engines.convert.filetypes import (
    BMP,
    CSV,
    DOCX,
    HEIC,
    HTML,
    JPEG,
    MARKDOWN,
    ODS,
    PDF,
    PNG,
    PPTX,
    TIFF,
    TXT,
    WEBP,
    XLS,
    XLSX,
    detect,
    kind_of,
)
from tests.extraction.convert import files
from tests.extraction.convert.office_files import old_excel, open_spreadsheet


def kind(data: bytes, name: str = "") -> str | None:
    return detect(data[:8192], data, name=name)


def picture(file_format: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, file_format)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file_format", "expected"), [("PNG", PNG), ("JPEG", JPEG), ("TIFF", TIFF), ("BMP", BMP), ("WEBP", WEBP)]
)
def test_pictures(file_format: str, expected: str) -> None:
    assert kind(picture(file_format), "invoice.pdf") == expected


def test_heic_by_its_brand() -> None:
    assert kind(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic") == HEIC
    assert kind(b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42") is None


def test_a_pdf_may_have_junk_before_its_header(tmp_path: Path) -> None:
    data = files.text_pdf(tmp_path / "a.pdf", [(72, 72, "x")]).read_bytes()
    assert kind(data) == PDF
    assert kind(b"junk\n" * 100 + data) == PDF


def test_office_files_are_told_apart_by_their_parts() -> None:
    word, excel, other = io.BytesIO(), io.BytesIO(), io.BytesIO()
    docx.Document().save(word)
    openpyxl.Workbook().save(excel)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "just a zip")
    assert kind(word.getvalue(), "a.xlsx") == DOCX
    assert kind(excel.getvalue(), "a.docx") == XLSX
    assert kind(other.getvalue(), "a.docx") is None
    assert kind(b"PK\x03\x04broken", "a.docx") is None


def test_slides_and_spreadsheets_of_other_programs(tmp_path: Path) -> None:
    slides = io.BytesIO()
    pptx.Presentation().save(slides)
    assert kind(slides.getvalue(), "a.docx") == PPTX
    assert kind(open_spreadsheet(tmp_path / "a").read_bytes()) == ODS
    old = old_excel(tmp_path / "b")
    assert kind(old.read_bytes(), "a.doc") == XLS
    assert kind_of(old) == XLS


def compound(*names: str) -> bytes:
    """A compound file whose directory lists these streams."""
    sectors = [struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)]
    entries = b""
    for name, kind_ in (("Root Entry", 5), *((name, 2) for name in names)):
        text = name.encode("utf-16-le")
        head = struct.pack("<64sHBB", text, len(text) + 2, kind_, 1)
        entries += head.ljust(116, b"\xff") + struct.pack("<IQ", 0xFFFFFFFE, 0)
    sectors.append(entries.ljust(512, b"\x00"))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return header + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + b"".join(sectors)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Workbook",), XLS),
        (("EncryptionInfo", "EncryptedPackage"), DOCX),
        (("WordDocument", "1Table"), None),
        (("__nameid_version1.0",), None),
    ],
)
def test_old_office_files_are_told_by_their_streams(names: tuple[str, ...], expected: str | None) -> None:
    assert kind(compound(*names), "a.xls") == expected


def test_compound_files_that_lie_are_no_kind_and_cost_nothing() -> None:
    whole = compound("Workbook")
    # A directory that follows itself, tables outside the file, a cut file.
    loop = whole[:512] + struct.pack("<128I", 0xFFFFFFFD, 1, *[1] * 126) + whole[1024:]
    tables = whole[:68] + struct.pack("<II", 2, 0xFFFFFFF0) + whole[76:]
    started = time.process_time()
    for data in (loop, tables, whole[:600], whole[:8]):
        assert kind(data, "a.xls") in (None, XLS)
    assert kind(loop) is None
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"Dear Sir or Madam,\nplease pay.", "", TXT),
        ("Größe: 3 €".encode("utf-16"), "", TXT),
        ("Größe".encode("latin-1"), "", TXT),
        (b"<!DOCTYPE html><p>hi", "a.txt", HTML),
        (b"<!-- note --><html><body>", "", HTML),
        (b"a,b,c\n1,2,3\n4,5,6\n", "", CSV),
        (b"# Title\n\nsome text", "", MARKDOWN),
        (b"# Title\n\nsome text", "notes.txt", TXT),
        (b"plain words", "notes.md", MARKDOWN),
        (b"a;b\n1;2", "table.csv", CSV),
        (b"plain words", "notes.pdf", TXT),
        (b"", "a.txt", None),
        (b"\x00\x01\x02\x03 binary", "a.txt", None),
        (b"\x7fELF\x02\x01\x01\x00", "a.txt", None),
        (b"GIF89a\x01\x00\x01\x00", "a.png", None),
    ],
)
def test_text_kinds_and_the_unknown(data: bytes, name: str, expected: str | None) -> None:
    assert kind(data, name) == expected


def test_a_long_text_cut_inside_a_character_is_still_text() -> None:
    data = ("x" * 8191 + "é" * 100).encode()
    assert detect(data[:8192], data) == TXT
