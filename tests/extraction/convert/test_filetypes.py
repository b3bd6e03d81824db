"""A file's kind is told by what is in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
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
    PDF,
    PNG,
    TIFF,
    TXT,
    WEBP,
    XLSX,
    detect,
)
from tests.extraction.convert import files


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
