"""Invented VAT ids and IBANs whose checksums hold.

Where a country leaves a range unused (German bank codes starting with 9), we stay in it, so that a number can
hardly belong to anyone.
"""

from __future__ import annotations

import random
import string

from stdnum import iban as iban_rules
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.iso7064 import mod_11_10
from stdnum.luhn import calc_check_digit as luhn_digit


def digits(rng: random.Random, count: int) -> str:
    """`count` digits, the first of them not zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def vat_id(rng: random.Random, country: str) -> str:
    """A VAT id of `country` (GB, DE, FR or IE) in its compact form."""
    makers = {"GB": _vat_gb, "DE": _vat_de, "FR": _vat_fr, "IE": _vat_ie}
    return country + makers[country](rng)


def _vat_gb(rng: random.Random) -> str:
    body = digits(rng, 7)
    # checksum() gives what the whole number leaves modulo 97, and zero is the older of the two valid rules.
    return f"{body}{97 - gb_vat.checksum(body + '00') % 97:02d}"


def _vat_de(rng: random.Random) -> str:
    body = digits(rng, 8)
    return body + str(mod_11_10.calc_check_digit(body))


def _vat_fr(rng: random.Random) -> str:
    body = digits(rng, 8)
    siren = body + str(luhn_digit(body))
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _vat_ie(rng: random.Random) -> str:
    body = digits(rng, 7)
    return body + str(ie_vat.calc_check_digit(body))


def iban(rng: random.Random, country: str) -> str:
    """An IBAN of `country` (GB, DE, FR or IE), without spaces."""
    letters = "".join(rng.choices(string.ascii_uppercase, k=3))
    accounts = {
        "GB": lambda: f"Q{letters}{digits(rng, 14)}",
        "IE": lambda: f"Q{letters}{digits(rng, 14)}",
        "DE": lambda: f"9{digits(rng, 7)}{digits(rng, 10)}",
        "FR": lambda: _rib(digits(rng, 5), digits(rng, 5), digits(rng, 11)),
    }
    account = accounts[country]()
    return f"{country}{iban_rules.calc_check_digits(country + '00' + account)}{account}"


def _rib(bank: str, branch: str, account: str) -> str:
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def bic(rng: random.Random, country: str) -> str:
    """A BIC of the right shape; it starts with Q like the invented bank codes."""
    return f"Q{''.join(rng.choices(string.ascii_uppercase, k=3))}{country}2X"


def grouped(value: str) -> str:
    """An IBAN in groups of four, as people print it."""
    return iban_rules.format(value)
