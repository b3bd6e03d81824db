"""XML inside PDFs: found by name and content, read in the child, and never in the way of the page."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from extraction import sandbox
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import ConvertOptions, EngineError
from extraction.engines.convert.filetypes import PDF, XML_INVOICE
from extraction.engines.einvoice.carried import invoice_of, unreadable
from extraction.engines.einvoice.detect import looks_like_invoice
from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.tree import BadInvoice
from samples.einvoices import embed
from tests.extraction.convert import files

from .xml import e_invoice, xml

DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Invoice"), (72, 140, "Total 12.50")])


def read(path: Path, *, plain: bool = False) -> ConvertedDocument:
    return sandbox.convert(path, content_type=PDF, options=ConvertOptions(ocr="off", plain_pdf=plain))


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "RE-2026.xml"])
def test_an_invoice_is_found_by_the_standards_names_and_by_its_content(
    pdf: Path, name: str, plain: bool
) -> None:
    embed(pdf, xml(), name)
    found = read(pdf, plain=plain)
    assert invoice_of(found) == e_invoice()
    assert found.meta["e_invoice"]["filename"] == name
    assert "Total 12.50" in found.text


def test_of_two_versions_the_newer_standard_counts(pdf: Path) -> None:
    embed(pdf, xml("zugferd1", number="OLD"), "ZUGFeRD-invoice.xml")
    embed(pdf, xml("cii", number="NEW"), "factur-x.xml")
    invoice = invoice_of(read(pdf))
    assert invoice is not None
    assert invoice.number == "NEW"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("order-x.xml", b'<?xml version="1.0"?><rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:x"/>'),
        ("notes.xml", b'<?xml version="1.0"?><note/>'),
        ("photo.jpg", b"\xff\xd8\xff"),
    ],
)
def test_other_attachments_are_no_invoices(pdf: Path, name: str, data: bytes) -> None:
    embed(pdf, data, name)
    assert "e_invoice" not in read(pdf).meta


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (xml()[:900], "The XML is damaged."),
        (b"hello", "The XML is damaged."),
        (b"<a/>", "The XML is not an invoice."),
        (DTD + xml().split(b"\n", 1)[1], "The XML is unsafe to read."),
        (XXE + xml().split(b"\n", 1)[1], "The XML is unsafe to read."),
        (xml().replace(b"<rsm:ExchangedDocument>", b"<a>" * 300 + b"</a>" * 300 + b"<rsm:ExchangedDocument>"),
         "The XML is unsafe to read."),
    ],
)  # fmt: skip
def test_xml_that_cannot_be_read_is_a_note_and_the_page_is_read_as_usual(
    pdf: Path, data: bytes, sentence: str
) -> None:
    embed(pdf, data)
    found = read(pdf)
    assert unreadable(found) == sentence
    assert invoice_of(found) is None
    assert "Total 12.50" in found.text


def test_a_readable_version_stands_in_for_a_broken_one(pdf: Path) -> None:
    embed(pdf, b"<broken", "factur-x.xml")
    embed(pdf, xml("zugferd1"), "ZUGFeRD-invoice.xml")
    assert invoice_of(read(pdf)) is not None


def test_an_attachment_that_unpacks_to_gigabytes_ends_as_a_note(tmp_path: Path) -> None:
    path = bomb_pdf(tmp_path / "bomb.pdf", 600 * 1024 * 1024)
    found = read(path)
    assert unreadable(found)
    assert found.pages


def bomb_pdf(path: Path, size: int) -> Path:
    """A PDF of one empty page with a "factur-x.xml" that unpacks to `size` blanks."""
    packer = zlib.compressobj(9)
    packed = (
        b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(size // 1024 // 1024)) + packer.flush()
    )
    stream = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (
        len(packed),
        packed,
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(factur-x.xml) 4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/EF<</F 5 0 R>>>>",
        stream,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, source in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%b\nendobj\n" % (number, source)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    path.write_bytes(body + b"xref\n0 6\n0000000000 65535 f \n" + table + tail)
    return path


def test_unsafe_xml_by_itself_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(DTD + xml().split(b"\n", 1)[1])
    with pytest.raises(EngineError) as caught:
        sandbox.convert(path, content_type=XML_INVOICE)
    assert caught.value.code == "unsupported_content"


def test_an_invoice_without_number_and_total_is_none() -> None:
    empty = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    with pytest.raises(BadInvoice, match="neither a number nor a total"):
        read_invoice(empty)


@pytest.mark.parametrize(
    "head", ["<!--" * 2000, "<?a" * 2000, " " * 8000 + "<", "<" + "a" * 8000, "<!-- -->" * 1000]
)
def test_telling_an_invoice_takes_no_time_on_any_bytes(head: str) -> None:
    start = time.perf_counter()
    assert not looks_like_invoice(head)
    assert time.perf_counter() - start < 0.1
