"""Bytes of XML → invoice, whatever its syntax."""

from __future__ import annotations

from extraction.engines.convert.xmltree import Element, local

from .cii import read_cii
from .detect import ROOTS
from .invoice import EInvoice
from .tree import BadInvoice, root_of
from .ubl import read_ubl

_READERS = {
    "CrossIndustryInvoice": read_cii,
    "CrossIndustryDocument": read_cii,
    "Invoice": read_ubl,
    "CreditNote": read_ubl,
}


def read_invoice(data: bytes) -> EInvoice:
    """The invoice. Raises: BadInvoice with a sentence for XML that is broken, unsafe or no invoice."""
    root = root_of(data)
    name = local(root)
    if name not in _READERS or ROOTS[name] not in _namespace(root):
        raise BadInvoice("The XML is not an invoice.")
    invoice = _READERS[name](root)
    if not invoice.number and invoice.sums.total is None:
        raise BadInvoice("The XML names neither a number nor a total.")
    return invoice


def _namespace(root: Element) -> str:
    tag = str(root.tag)
    return tag[1 : tag.rfind("}")] if tag.startswith("{") else ""
