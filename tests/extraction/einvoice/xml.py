"""Invoices for these tests: the facts of a plain page, and the XML that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.einvoice.invoice import EInvoice
from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.read import EInvoiceReading, read_e_invoice
from extraction.engines.fields.builtin import INVOICE
from samples.einvoices import Facts, Firm, Item, Syntax, write_xml
from tests.extraction.fields.paper import document, invoice

FACTS = Facts(
    number="INV-2026-0117",
    issued=date(2026, 11, 3),
    due=date(2026, 12, 3),
    currency="GBP",
    seller=Firm("Northwind Traders Ltd", "GB980780684", "12 High Street", "LS1 4AP", "Leeds", "GB"),
    buyer=Firm("Contoso Ltd", "", "1 Market Square", "YO1 8SL", "York", "GB"),
    iban="GB29NWBK60161331926819",
    items=(
        Item("Consulting", Decimal(10), "HUR", Decimal("80.00"), Decimal(19), Decimal("800.00")),
        Item("Travel", Decimal(1), "LS", Decimal("200.00"), Decimal(19), Decimal("200.00")),
    ),
    rate=Decimal(19),
    net=Decimal("1000.00"),
    tax=Decimal("190.00"),
    total=Decimal("1190.00"),
    amount_due=Decimal("1190.00"),
)
EXPECTED = {
    "invoice_number": "INV-2026-0117", "issue_date": "2026-11-03", "due_date": "2026-12-03",
    "seller_name": "Northwind Traders Ltd", "seller_vat_id": "GB980780684", "buyer_name": "Contoso Ltd",
    "net": "1000.00", "tax": "190.00", "total": "1190.00", "amount_due": "1190.00", "currency": "GBP",
    "iban": "GB29NWBK60161331926819",
    "line_items": [
        {
            "description": "Consulting", "quantity": 10, "unit": "h", "unit_price": "80.00", "tax_rate": 19,
            "amount": "800.00",
        },
        {
            "description": "Travel", "quantity": 1, "unit": "flat", "unit_price": "200.00", "tax_rate": 19,
            "amount": "200.00",
        },
    ],
}  # fmt: skip


def xml(syntax: Syntax = "cii", **changes: Any) -> bytes:
    """The XML of the facts, with some of them changed."""
    return write_xml(replace(FACTS, **changes), syntax)


def e_invoice(syntax: Syntax = "cii", **changes: Any) -> EInvoice:
    return read_invoice(xml(syntax, **changes))


def page(*more: str, without: str = "", swap: tuple[str, str] = ("", "")) -> ConvertedDocument:
    """A page that prints the same facts: `more` lines below, no line with `without`, one text swapped."""
    lines = [line for line in invoice() if not without or without not in str(line)]
    swapped = [
        line.replace(*swap) if isinstance(line, str) else tuple((x, text.replace(*swap)) for x, text in line)
        for line in lines
    ]
    return document([*(swapped if swap[0] else lines), *more])


def read(found: ConvertedDocument, said: EInvoice | None = None) -> EInvoiceReading:
    return read_e_invoice(found, said or e_invoice(), INVOICE)
