"""Bytes of XML → invoice, whatever its syntax."""

from __future__ import annotations

import re

from extraction.engines.convert.xmltree import Element, local

from .cii import read_cii
from .invoice import EInvoice
from .tree import BadInvoice, root_of
from .ubl import read_ubl

_READERS = {
    "CrossIndustryInvoice": (read_cii, "CrossIndustryInvoice"),
    "CrossIndustryDocument": (read_cii, "CrossIndustryDocument"),
    "Invoice": (read_ubl, "ubl:schema:xsd:Invoice-2"),
    "CreditNote": (read_ubl, "ubl:schema:xsd:CreditNote-2"),
}
_ROOTS = re.compile(
    rf"\s*+(?:<\?(?:(?!\?>).)*+\?>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+<(?:[\w.-]{{1,60}}:)?({'|'.join(_READERS)})[\s>]",
    re.S,
)


def looks_like_invoice(head: str) -> bool:
    """Whether XML that begins so is an invoice: its root element's name, and its namespace within `head`."""
    found = _ROOTS.match(head)
    return found is not None and _READERS[found[1]][1] in head


def read_invoice(data: bytes) -> EInvoice:
    """The invoice. Raises: BadInvoice with a sentence for XML that is broken, unsafe or no invoice."""
    root = root_of(data)
    name = local(root)
    if name not in _READERS or _READERS[name][1] not in _namespace(root):
        raise BadInvoice("The XML is not an invoice.")
    invoice = _READERS[name][0](root)
    if not invoice.number and invoice.sums.total is None:
        raise BadInvoice("The XML names neither a number nor a total.")
    return invoice


def _namespace(root: Element) -> str:
    tag = str(root.tag)
    return tag[1 : tag.rfind("}")] if tag.startswith("{") else ""
