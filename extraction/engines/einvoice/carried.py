"""What a converted document carries of an e-invoice, in `meta["e_invoice"]`."""

from __future__ import annotations

from extraction.engines.blocks import ConvertedDocument

from .invoice import EInvoice


def invoice_of(document: ConvertedDocument) -> EInvoice | None:
    """The invoice that a converted document carries, if it could be read."""
    found = document.meta.get("e_invoice")
    if not isinstance(found, dict) or "error" in found:
        return None
    try:
        return EInvoice.from_json(found)
    except ValueError:
        return None


def unreadable(document: ConvertedDocument) -> str:
    """Why the embedded XML could not be read, in a sentence; empty if it could or there is none."""
    found = document.meta.get("e_invoice")
    return str(found.get("error", "")) if isinstance(found, dict) else ""
