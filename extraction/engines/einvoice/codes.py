"""How e-invoices write values, and their codes in words: profiles, document types, units."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

# The first sign found in a guideline's name tells the profile; the special ones come before what they extend.
_PROFILES = (
    ("xrechnung", "XRechnung"),
    ("poacc:billing", "Peppol BIS Billing"),
    ("extended", "EXTENDED"),
    ("basicwl", "BASIC WL"),
    ("basic", "BASIC"),
    ("comfort", "COMFORT"),
    ("minimum", "MINIMUM"),
    ("en16931", "EN 16931"),
)
_TYPES = {
    "71": "Request for payment", "80": "Debit note", "81": "Credit note", "82": "Metered services invoice",
    "83": "Credit note", "84": "Debit note", "211": "Interim invoice", "218": "Final payment request",
    "219": "Payment request", "261": "Self-billed credit note", "262": "Consolidated credit note",
    "296": "Interim credit note", "308": "Delcredere credit note", "325": "Proforma invoice",
    "326": "Partial invoice", "331": "Commercial invoice", "380": "Invoice", "381": "Credit note",
    "382": "Commission note", "383": "Debit note", "384": "Corrected invoice", "386": "Prepayment invoice",
    "389": "Self-billed invoice", "393": "Factored invoice", "396": "Factored credit note",
    "420": "Credit note", "457": "Debit note", "458": "Credit note", "532": "Credit note",
    "751": "Invoice for accounting", "875": "Partial construction invoice",
    "876": "Partial final construction invoice", "877": "Final construction invoice",
}  # fmt: skip
# UN/ECE recommendation 20 and 21; X before a code marks a package.
_UNITS = {
    "C62": "pcs", "H87": "pcs", "XPP": "pcs", "EA": "pcs", "NAR": "pcs", "PCE": "pcs", "NMP": "packs",
    "HUR": "h", "MIN": "min", "SEC": "s", "DAY": "days", "WEE": "weeks", "MON": "months", "ANN": "years",
    "KGM": "kg", "GRM": "g", "TNE": "t", "LTR": "l", "MLT": "ml", "MTQ": "m³", "MTK": "m²", "MTR": "m",
    "CMT": "cm", "MMT": "mm", "KMT": "km", "KMQ": "kg/m³", "KWH": "kWh", "MWH": "MWh", "LS": "flat",
    "SET": "set", "PR": "pair", "P1": "%", "XBX": "box", "XCT": "carton", "XPK": "pack", "XRO": "roll",
    "RM": "ream", "XPA": "pack", "XBG": "bag", "XBO": "bottle", "XPX": "pallet", "ZZ": "", "LM": "lm",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})")
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d{1,3}$)")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def profile_of(guideline: str) -> str:
    """The profile's usual name, such as "EN 16931" or "XRechnung 3.0"; the guideline itself if unknown."""
    folded = guideline.lower()
    for sign, name in _PROFILES:
        if sign in folded:
            version = re.search(r"xrechnung_(\d+(?:\.\d+)*)", folded)
            return f"{name} {version[1]}" if version else name
    return guideline[-60:]


def type_name(code: str) -> str:
    """The kind of document in words; "Invoice" for a code that is not known."""
    return _TYPES.get(code, "Invoice")


def unit_name(code: str) -> str:
    """A unit as people write it, or its code."""
    return _UNITS.get(code, code)


def bank_account(said: str) -> str:
    """A compact IBAN, empty for an account number of another kind."""
    compact = re.sub(r"[\s.\-]", "", said).upper().removeprefix("IBAN")
    return compact if _IBAN.fullmatch(compact) else ""


def vat_id(said: str) -> str:
    return re.sub(r"\s", "", said).upper()


def number(said: str) -> Decimal | None:
    return Decimal(said) if _NUMBER.fullmatch(said) else None


def day(said: str) -> str:
    """The date YYYY-MM-DD of "20260131" or "2026-01-31…", empty for anything else."""
    found = _DATE.match(said)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat() if found else ""
    except ValueError:
        return ""
