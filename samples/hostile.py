"""Small files that attack or mislead whoever opens them. For tests only; none of them holds living code."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from pathlib import Path

from PIL import Image

BOMB_BYTES = 200 * 1024 * 1024
"""What the zip bomb's largest part claims to become, and does."""

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def make_hostile(out_dir: Path) -> list[Path]:
    """Writes every hostile file into `out_dir` (made if missing); gives their paths, sorted by name."""
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, build in BUILDERS.items():
        (out_dir / name).write_bytes(build())
    return sorted(out_dir / name for name in BUILDERS)


def empty() -> bytes:
    return b""


def huge_png() -> bytes:
    """A few hundred bytes that claim to be 50,000 × 50,000 pixels in colour: 7.5 GB once unpacked."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(4096), 9)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def external_entity_docx() -> bytes:
    """Asks the XML parser to read a file of the machine into the text."""
    return _docx('<!DOCTYPE w [<!ENTITY leak SYSTEM "file:///etc/passwd">]>', "before &leak; after")


def billion_laughs_docx() -> bytes:
    """Ten entities, each ten times the one before: a parser that expands them needs gigabytes."""
    levels = ['<!ENTITY l0 "lol">']
    levels += [f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10)]
    return _docx(f"<!DOCTYPE w [{''.join(levels)}]>", "&l9;")


def zip_bomb_docx() -> bytes:
    """A Word file of about 200 kB whose document part unpacks to 200 MB.

    Many paragraphs: one single text of that length is refused by libxml2's own limit of 10 MB.
    """
    paragraph = " " * 1024**2 + "</w:t></w:r></w:p><w:p><w:r><w:t>"
    return _docx("", *repeat(paragraph, BOMB_BYTES // 1024**2))


def _docx(doctype: str, *texts: str) -> bytes:
    head = f'{doctype}<w:document xmlns:w="{WORD_SPACE}"><w:body><w:p><w:r><w:t>'
    tail = "</w:t></w:r></w:p></w:body></w:document>"
    name = "word/document.xml"
    return _package({name: (head, *texts, tail)}, {name: WORD}, name)


def _package(parts: Mapping[str, Sequence[str]], types: dict[str, str], main: str) -> bytes:
    """An Office file; each part is XML in pieces, `types` are content types, `main` is the entry."""
    every = {"[Content_Types].xml": [_types(types)], "_rels/.rels": [_relations({"officeDocument": main})]}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, pieces in {**every, **parts}.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 9, 30, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as part:
                part.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
                for piece in pieces:
                    part.write(piece.encode())
    return out.getvalue()


def _types(types: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="r{place}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets.items(), 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{links}</Relationships>'


def far_corner_xlsx() -> bytes:
    """Two cells, but a dimension of the whole sheet, and a count of strings that is far too large."""
    book = (
        f'<workbook xmlns="{SHEET_SPACE}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Far" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    rows = (
        f'<worksheet xmlns="{SHEET_SPACE}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    strings = (
        f'<sst xmlns="{SHEET_SPACE}" count="4000000000" uniqueCount="4000000000">'
        "<si><t>only one</t></si></sst>"
    )
    links = _relations({"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"})
    parts = {
        "xl/workbook.xml": [book],
        "xl/worksheets/sheet1.xml": [rows],
        "xl/sharedStrings.xml": [strings],
        "xl/_rels/workbook.xml.rels": [links],
    }
    kinds = ("sheet.main", "worksheet", "sharedStrings")
    types = {name: f"{SHEET}{kind}+xml" for name, kind in zip(parts, kinds, strict=False)}
    return _package(parts, types, "xl/workbook.xml")


def cyclic_outline_pdf() -> bytes:
    """A readable page with bookmarks that are each other's next and child: a naive walk never ends."""
    return _pdf(
        [
            "<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 7 0 R /Resources "
            "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
            "<< /Type /Outlines /First 5 0 R /Last 6 0 R /Count 2 >>",
            "<< /Title (One) /Parent 4 0 R /Next 6 0 R /First 6 0 R /Last 6 0 R /Count 1 >>",
            "<< /Title (Two) /Parent 5 0 R /Next 5 0 R /First 5 0 R /Last 5 0 R /Count 1 >>",
            _stream("BT /F 18 Tf 40 100 Td (A page with circular bookmarks) Tj ET"),
        ]
    )


def nested_arrays_pdf() -> bytes:
    """Thirty thousand arrays inside each other: a recursive parser runs out of stack."""
    depth = 30_000
    return _pdf(
        [
            "<< /Type /Catalog /Pages 2 0 R /Deep 4 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {'[' * depth}0{']' * depth} >>",
            f"{'[' * depth}{']' * depth}",
        ]
    )


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _pdf(objects: list[str]) -> bytes:
    """A PDF of the given objects, numbered from 1, with a correct cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start, size = len(out), len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def noise_pdf() -> bytes:
    """Random bytes, the same on every run."""
    return random.Random("noise").randbytes(8192)


def program_png() -> bytes:
    """The head of a Windows program, without a program."""
    dos = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00".ljust(60, b"\x00")
    return dos + struct.pack("<I", 128) + bytes(64) + b"PE\x00\x00\x64\x86" + bytes(512)


def text_pdf() -> bytes:
    return b"Dear reader,\n\nthis is a text file that somebody renamed.\n" * 4


def cut_jpeg() -> bytes:
    """A photograph of which the last two thirds are missing."""
    picture = Image.effect_mandelbrot((480, 360), (-2, -1.2, 1, 1.2), 60).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()[: out.tell() // 3]


def head_only_pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


BUILDERS: dict[str, Callable[[], bytes]] = {
    "empty.pdf": empty,
    "huge-50000x50000.png": huge_png,
    "external-entity.docx": external_entity_docx,
    "billion-laughs.docx": billion_laughs_docx,
    "zip-bomb.docx": zip_bomb_docx,
    "cyclic-outline.pdf": cyclic_outline_pdf,
    "nested-arrays.pdf": nested_arrays_pdf,
    "noise.pdf": noise_pdf,
    "program.png": program_png,
    "text.pdf": text_pdf,
    "cut.jpg": cut_jpeg,
    "head-only.pdf": head_only_pdf,
    "far-corner.xlsx": far_corner_xlsx,
}
