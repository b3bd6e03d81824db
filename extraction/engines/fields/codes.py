"""Codes with an inner structure: IBAN and VAT numbers, checked by python-stdnum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import iban as stdnum_iban
from stdnum.ch import uid as swiss_uid
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.no import mva as norwegian_vat

_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 "
    "ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 "
    "KZ20 LB28 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 "
    "QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29 XK20"
)
IBAN_LENGTH = {item[:2]: int(item[2:]) for item in _LENGTHS.split()}
EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "XI",
    ]
)

# Letters-only groups occur only right after the check digits (bank codes of GB, NL …); later they are words.
_IBAN = re.compile(r"(?<![A-Z0-9])([A-Z]{2}\d{2}(?:\s?[A-Z]{4})?(?:[\s.\-]?(?=[A-Z0-9]*\d)[A-Z0-9]{1,30})+)")
_VAT = re.compile(
    r"(?<![A-Z0-9])("
    r"(?:AT\s?U|CHE[-\s]?|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)"
    r"[\s.]?(?=[A-Z0-9]*\d)[A-Z0-9]{2,13}(?:[\s.\-](?=[A-Z0-9]*\d)[A-Z0-9]{1,4}){0,4}(?:\s?(?:MWST|TVA|IVA|MVA))?)"
    r"(?![A-Z0-9])"
)


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code at `start`–`end`, compact; `valid` tells whether its check digits fit."""

    value: str
    start: int
    end: int
    valid: bool


def compact(text: str) -> str:
    """Letters and digits only, upper case."""
    return re.sub(r"[\W_]", "", text).upper()


def find_ibans(text: str) -> Iterator[FoundCode]:
    """IBANs printed in one piece or in groups, cut to their country's length; wrong check digits included."""
    for found in _IBAN.finditer(text):
        whole = compact(found[1])
        length = IBAN_LENGTH.get(whole[:2])
        if length is None or len(whole) < length - 6:
            continue
        end = _cut(found[1], length)
        value = compact(found[1][:end])
        yield FoundCode(value, found.start(), found.start() + end, is_iban(value))


def find_vat_ids(text: str) -> Iterator[FoundCode]:
    """VAT numbers with their country prefix; wrong check digits included if the length is plausible."""
    for found in _VAT.finditer(text):
        if compact(found[1])[:4] in ("", "IBAN") or _looks_like_iban(text, found.start()):
            continue
        best = _shortened(found[1])
        if best:
            yield FoundCode(compact(best), found.start(), found.start() + len(best), is_vat_id(compact(best)))


def is_iban(value: str) -> bool:
    """Whether length, structure and check digits of a compact IBAN fit."""
    return bool(stdnum_iban.is_valid(value, check_country=False))


def is_vat_id(value: str) -> bool:
    """Whether a compact VAT number with country prefix is well formed and its check digits fit."""
    if value.startswith("GB"):
        return bool(gb_vat.is_valid(value))
    if value.startswith("CHE"):
        return bool(swiss_vat.is_valid(value) or swiss_uid.is_valid(value))
    if value.startswith("NO"):
        return bool(norwegian_vat.is_valid(value))
    return value[:2] in EU and bool(eu_vat.is_valid(value))


def _cut(text: str, length: int) -> int:
    """Where the first `length` letters and digits of a text end."""
    count = 0
    for at, char in enumerate(text):
        count += char.isalnum()
        if count == length:
            return at + 1
    return len(text)


def _shortened(text: str) -> str | None:
    """The longest leading groups of a text that are a valid number, else all that have a plausible length."""
    ends = [found.start() for found in re.finditer(r"[\s.\-]", text)] + [len(text)]
    for end in reversed(ends):
        if is_vat_id(compact(text[:end])):
            return text[:end]
    for end in reversed(ends):
        if 9 <= len(compact(text[:end])) <= 14:
            return text[:end]
    return None


def _looks_like_iban(text: str, at: int) -> bool:
    found = _IBAN.match(text, at)
    return bool(found) and len(compact(found[1] if found else "")) > 14
