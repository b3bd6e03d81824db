"""Whether XML is an invoice, told by its head. Light and linear: web processes run it on any bytes sent."""

from __future__ import annotations

import re

# Root element → a part of its namespace that every version has.
ROOTS = {
    "CrossIndustryInvoice": "CrossIndustryInvoice",
    "CrossIndustryDocument": "CrossIndustryDocument",
    "Invoice": "ubl:schema:xsd:Invoice-2",
    "CreditNote": "ubl:schema:xsd:CreditNote-2",
}
_XML_START = re.compile(r"\s*+<\?xml\s")
_ROOT = re.compile(rf"<(?:[\w.-]{{1,60}}:)?({'|'.join(ROOTS)})[\s>]")
_WHITE = re.compile(r"\s*+")
# What may stand before the root, by how it begins and ends.
_BEFORE = {"<?": "?>", "<!--": "-->"}


def looks_like_xml(head: str) -> bool:
    """Whether a text says of itself that it is XML."""
    return _XML_START.match(head) is not None


def looks_like_invoice(head: str) -> bool:
    """Whether XML that begins so is an invoice: its root element's name, and its namespace within `head`."""
    found = _ROOT.match(head, _root_at(head))
    return found is not None and ROOTS[found[1]] in head


def _root_at(head: str) -> int:
    """Where the first element may begin: behind instructions, comments and white space."""
    at = 0
    while True:
        white = _WHITE.match(head, at)
        at = white.end() if white else at
        end = next((end for start, end in _BEFORE.items() if head.startswith(start, at)), None)
        close = head.find(end, at) if end else -1
        if end is None or close < 0:
            return at
        at = close + len(end)
