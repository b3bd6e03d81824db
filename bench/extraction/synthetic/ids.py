"""Invented VAT ids and IBANs whose check digits hold."""

from __future__ import annotations

import random

from stdnum import iban as iban_rules
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from bench.extraction.synthetic.pools import pattern

_VAT = {
    "DE": "999999999", "FR": "99999999999", "ES": "B99999999", "IT": "99999999999", "NL": "999999999B99",
    "PT": "999999999", "GB": "999999999",
}  # fmt: skip
_ACCOUNT = {
    "DE": "999999999999999999", "FR": "99999999999999999999999", "ES": "99999999999999999999",
    "IT": "A9999999999999999999999", "NL": "AAAA9999999999", "PT": "999999999999999999999",
    "GB": "AAAA99999999999999", "CH": "99999999999999999",
}  # fmt: skip
_TRIES = 3000


def vat_id(rng: random.Random, country: str) -> str | None:
    """A VAT id in its compact form; None for a country without such ids here."""
    if country == "CH":
        return "CHE" + pattern(rng, "999999999")
    if country not in _VAT:
        return None
    for _ in range(_TRIES):
        number = country + pattern(rng, _VAT[country])
        if _is_vat(country, number):
            return number
    return None


def _is_vat(country: str, number: str) -> bool:
    if country == "GB":
        return (
            mod_97_10.checksum(number[2:]) >= 0
        )  # the scheme left the European list; any digits are printed
    try:
        return bool(eu_vat.validate(number))
    except ValidationError:
        return False


def iban(rng: random.Random, country: str) -> str | None:
    """An IBAN without spaces; None for a country without IBANs here."""
    if country not in _ACCOUNT:
        return None
    account = pattern(rng, _ACCOUNT[country])
    return f"{country}{iban_rules.calc_check_digits(f'{country}00{account}')}{account}"
