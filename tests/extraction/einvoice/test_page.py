"""An e-invoice that is XML alone becomes a page that people can read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.filetypes import XML_INVOICE, detect
from extraction.engines.convert.reader import convert
from extraction.engines.convert.render import to_markdown
from extraction.engines.einvoice.carried import invoice_of
from samples.einvoices import Syntax

from .xml import EXPECTED, e_invoice, read, xml


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "invoice.xml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("syntax", ["cii", "zugferd1", "ubl"])
def test_the_page_shows_parties_lines_and_totals(tmp_path: Path, syntax: Syntax) -> None:
    found = convert(written(tmp_path, xml(syntax, note="Thank you.")))
    markdown = to_markdown(found, profile="rich")
    assert markdown.startswith("# Invoice INV-2026-0117")
    for part in (
        "| Northwind Traders Ltd | Contoso Ltd |",
        "| 1 | Consulting | 10 | h | 80.00 | 19 | 800.00 |",
        "| Total amount | 1,190.00 GBP |",
        "GB29NWBK60161331926819",
        "Thank you.",
    ):
        assert part in markdown
    assert invoice_of(found) == e_invoice(syntax, note="Thank you.")


def test_the_fields_are_exact_and_point_at_the_made_page(tmp_path: Path) -> None:
    found = convert(written(tmp_path, xml("ubl")))
    reading = read(found, invoice_of(found))
    values = reading.extraction.values
    assert {name: value.value for name, value in values.items()} == EXPECTED
    assert all(value.boxes for value in values.values())
    assert reading.flags == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (xml("cii"), XML_INVOICE),
        (xml("zugferd1"), XML_INVOICE),
        (xml("ubl"), XML_INVOICE),
        (xml("ubl", type_code="381"), XML_INVOICE),
        (b"\xef\xbb\xbf<!-- a -->\n" + xml("cii").split(b"\n", 1)[1], XML_INVOICE),
        (xml("cii").decode().replace("UTF-8", "UTF-16").encode("utf-16"), XML_INVOICE),
        (b'<?xml version="1.0"?><note>Hello</note>', None),
        (b"<Invoice><ID>7</ID></Invoice>", None),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', None),
    ],
)
def test_xml_is_an_invoice_by_its_root_and_namespace(data: bytes, expected: str | None) -> None:
    assert detect(data[:8192], data, name="any.xml") == expected


def test_a_text_that_only_begins_with_a_tag_is_still_text() -> None:
    assert detect(b"<name> wrote:\nHello", b"", name="mail.txt") == "text/plain"


def test_a_utf_16_invoice_is_read(tmp_path: Path) -> None:
    data = xml("cii").decode().replace("UTF-8", "UTF-16").encode("utf-16")
    found = convert(written(tmp_path, data))
    assert invoice_of(found) == e_invoice()


def test_broken_xml_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        convert(written(tmp_path, xml("cii")[:-40]), content_type=XML_INVOICE)
    assert caught.value.code == "corrupt_file"
    assert "again" in caught.value.message


def test_a_price_per_hundred_says_so(tmp_path: Path) -> None:
    base = b"<ram:ChargeAmount>80.00</ram:ChargeAmount><ram:BasisQuantity>100</ram:BasisQuantity>"
    data = xml().replace(b"<ram:ChargeAmount>80.00</ram:ChargeAmount>", base)
    assert "80.00 per 100" in to_markdown(convert(written(tmp_path, data)), profile="plain")


def test_small_units_of_price_keep_their_decimals(tmp_path: Path) -> None:
    data = xml().replace(b"<ram:ChargeAmount>80.00<", b"<ram:ChargeAmount>0.0125<")
    found = convert(written(tmp_path, data))
    invoice = invoice_of(found)
    assert invoice is not None
    assert invoice.lines[0].unit_price == Decimal("0.0125")
    assert "0.0125" in found.text
