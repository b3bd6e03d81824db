"""The built-in document types: what a file can be said to be."""

from __future__ import annotations

DOCUMENT_TYPES: dict[str, str] = {
    "ktp": "Indonesian identity card",
    "npwp": "Indonesian tax number card",
    "kartu_keluarga": "Indonesian family card",
    "sim": "Driving licence",
    "passport": "Passport",
    "nib": "Indonesian business number",
    "bpkb": "Vehicle ownership book",
    "akta_lahir": "Birth certificate",
    "surat_nikah": "Marriage certificate",
    "invoice": "Invoice",
    "purchase_order": "Purchase order",
    "delivery_note": "Delivery note",
    "receipt": "Receipt",
    "faktur_pajak": "Tax invoice",
    "slip_gaji": "Payslip",
    "contract": "Contract",
    "rekening_koran": "Bank statement",
    "financial_statement": "Financial statement",
    "letter": "Letter",
    "identity_document": "Identity document",
    "utility_bill": "Utility bill",
    "tax_return": "Tax return",
    "report": "Report",
    "generic_ocr": "Any text",
    "other": "Other",
}
# The groups in which the API and the pages list the types.
GROUPS: dict[str, tuple[str, ...]] = {
    "indonesian_id": ("ktp", "npwp", "kartu_keluarga", "sim", "passport", "nib", "bpkb"),
    "civil": ("akta_lahir", "surat_nikah"),
    "commercial": (
        "invoice",
        "purchase_order",
        "delivery_note",
        "receipt",
        "faktur_pajak",
        "slip_gaji",
        "contract",
        "utility_bill",
    ),
    "financial": ("rekening_koran", "financial_statement", "tax_return"),
    "generic": ("generic_ocr", "other", "letter", "report", "identity_document"),
}
ALIASES = {"kk": "kartu_keluarga", "bank_statement": "rekening_koran", "payslip": "slip_gaji"}


def resolve_type(slug: str) -> str | None:
    """The built-in type of this slug or alias; None when there is none."""
    slug = ALIASES.get(slug, slug)
    return slug if slug in DOCUMENT_TYPES else None
