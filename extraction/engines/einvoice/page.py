"""An e-invoice that is XML alone, as a page that people can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import EngineError, unsupported
from extraction.engines.convert.inline import Piece

from .codes import type_name
from .invoice import EInvoice, Line, Party
from .parse import read_invoice
from .tree import BadInvoice

PARSER, PARSER_VERSION = "e-invoice", "1"
_LINE_HEADS = ("No.", "Description", "Quantity", "Unit", "Unit price", "Tax %", "Amount")


def read_xml(path: Path) -> ConvertedDocument:
    """The invoice on made-up pages (`meta["synthetic_layout"]`), and as data in `meta["e_invoice"]`.

    Raises: EngineError `corrupt_file` for XML that cannot be read, `unsupported_content` for unsafe XML.
    """
    try:
        invoice = read_invoice(path.read_bytes())
    except BadInvoice as error:
        if error.unsafe:
            raise unsupported("its XML has a document type definition or is nested too deeply") from error
        raise EngineError("corrupt_file", f"{error} Ask the sender for the invoice again.") from error
    builder = Builder()
    add_invoice(builder, invoice)
    builder.meta["e_invoice"] = invoice.to_json()
    return builder.document(PARSER, PARSER_VERSION)


def add_invoice(builder: Builder, invoice: EInvoice) -> None:
    """Title, parties, facts, lines, totals, payment and notes."""
    builder.text("heading", f"{type_name(invoice.type_code)} {invoice.number}", level=1)
    _facts(builder, _head_facts(invoice))
    builder.table(_party_rows(invoice.seller, invoice.buyer))
    builder.table(_rows([_LINE_HEADS, *map(_line_texts, invoice.lines)]) if invoice.lines else [])
    builder.table(_rows(_total_rows(invoice), header=False))
    _facts(builder, [("IBAN", invoice.iban), ("Payment terms", invoice.payment_terms)])
    for note in invoice.notes:
        builder.text("paragraph", note)
    kind = f"{invoice.syntax.upper()}, {invoice.profile}" if invoice.profile else invoice.syntax.upper()
    builder.text("paragraph", [Piece(f"Shown from the XML of this e-invoice ({kind}).", italic=True)])


def _facts(builder: Builder, facts: Iterable[tuple[str, str]]) -> None:
    for label, value in facts:
        if value:
            builder.text("paragraph", [Piece(f"{label}:", bold=True), Piece(f" {value}")])


def _head_facts(invoice: EInvoice) -> list[tuple[str, str]]:
    return [
        ("Invoice number", invoice.number),
        ("Invoice date", invoice.issue_date),
        ("Due date", invoice.due_date),
        ("Delivery date", invoice.delivery_date),
        ("Order number", invoice.order_number),
        ("Buyer reference", invoice.buyer_reference),
        ("Currency", invoice.currency),
    ]


def _party_rows(seller: Party, buyer: Party) -> list[list[Cell]]:
    columns = [_party_lines(seller), _party_lines(buyer)]
    depth = max(map(len, columns))
    padded = [[*column, *[""] * (depth - len(column))] for column in columns]
    return _rows([("Seller", "Buyer"), *zip(*padded, strict=True)])


def _party_lines(party: Party) -> list[str]:
    numbers = [
        f"{label}: {value}"
        for label, value in (("VAT ID", party.vat_id), ("Tax number", party.tax_number))
        if value
    ]
    return [party.name, *party.address, *numbers]


def _rows(texts: Sequence[Sequence[str]], *, header: bool = True) -> list[list[Cell]]:
    return [
        [Cell(row, col, text, header=header and row == 0) for col, text in enumerate(parts)]
        for row, parts in enumerate(texts)
    ]


def _line_texts(line: Line) -> tuple[str, ...]:
    per = line.price_base
    price = _money(line.unit_price)
    return (
        line.number,
        line.description,
        _plain(line.quantity),
        line.unit,
        f"{price} per {_plain(per)}" if per is not None and per != 1 else price,
        _plain(line.tax_rate),
        _money(line.amount),
    )


def _total_rows(invoice: EInvoice) -> list[tuple[str, str]]:
    sums = invoice.sums
    named = [
        ("Allowances", sums.allowances),
        ("Charges", sums.charges),
        ("Net amount", sums.net),
        ("Tax amount", sums.tax),
        ("Total amount", sums.total),
        ("Prepaid", sums.prepaid),
        ("Rounding", sums.rounding),
        ("Amount due", sums.due),
    ]
    return [
        (label, f"{_money(value)} {invoice.currency}".strip()) for label, value in named if value is not None
    ]


def _money(value: Decimal | None) -> str:
    """At least two decimals, more where the XML has more."""
    if value is None:
        return ""
    exact = value.normalize()
    return f"{exact:,.{max(2, -int(exact.as_tuple().exponent))}f}"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
