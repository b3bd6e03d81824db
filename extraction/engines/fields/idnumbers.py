"""Indonesian numbers with an inner structure: NIK, NPWP and the number of a family card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import luhn, numdb

from .codes import FoundCode

NIK_DIGITS = 16
FEMALE_SHIFT = 40  # added to the day of birth in a woman's NIK
_LOOKALIKES = str.maketrans("OoIlBSZ", "0011852")
_SIXTEEN = re.compile(r"(?<!\w)(?<!\d\.)(?:[\dOoIlBSZ][ \-]?){15}[\dOoIlBSZ](?![\w])")
_NPWP = re.compile(r"(?<![\w.])0?\d{2}[. ]?\d{3}[. ]?\d{3}[. ]?\d[\-. ]?\d{3}[. ]?\d{3}(?![\w])")
_MIN_TRUE_DIGITS = 12


def find_niks(text: str) -> Iterator[FoundCode]:
    """Numbers of 16 digits, even with letters read for digits; `valid` says that they could be a NIK."""
    for found in _SIXTEEN.finditer(text):
        if sum(char.isdigit() for char in found.group()) < _MIN_TRUE_DIGITS:
            continue
        value = re.sub(r"[ \-]", "", found.group()).translate(_LOOKALIKES)
        yield FoundCode(value, *found.span(), not nik_problem(value))


def find_npwps(text: str) -> Iterator[FoundCode]:
    """Tax numbers of 15 digits, of 16 with a leading zero, or a NIK that serves as one."""
    for found in _NPWP.finditer(text):
        value = re.sub(r"\D", "", found.group())
        yield FoundCode(value, *found.span(), not npwp_problem(value))
    for nik in find_niks(text):
        if nik.value[0] != "0":
            yield nik


def nik_problem(value: str) -> str:
    """What is wrong with a NIK, as a sentence; empty when its structure is right.

    Digits: province (2), regency (2), district (2), date of birth (6, women +40 on the day), serial (4).
    """
    if not value.isdigit():
        return "A NIK holds nothing but digits."
    if len(value) != NIK_DIGITS:
        return f"A NIK has {NIK_DIGITS} digits; this has {len(value)}."
    if not _place_of(value):
        return f"{value[:4]} is no code of an Indonesian province and regency."
    if value[4:6] == "00":
        return "The district code 00 does not exist."
    if not nik_birth(value):
        return f"{value[6:12]} is no date of birth."
    return "A NIK does not end in 0000." if value[12:] == "0000" else ""


def nik_birth(value: str) -> tuple[date, ...]:
    """The dates of birth a NIK may mean, in the last century and in this; none when it holds no date."""
    day = int(value[6:8]) % FEMALE_SHIFT if int(value[6:8]) != FEMALE_SHIFT else 0
    found = []
    for century in (1900, 2000):
        try:
            found.append(date(century + int(value[10:12]), int(value[8:10]), day))
        except ValueError:
            continue
    return tuple(found)


def is_female(nik: str) -> bool:
    return int(nik[6:8]) > FEMALE_SHIFT


def npwp_problem(value: str) -> str:
    """What is wrong with a tax number, as a sentence; empty when its structure is right."""
    if value.isdigit() and len(value) == NIK_DIGITS and value[0] != "0":
        return nik_problem(value)
    if not value.isdigit() or len(value) not in (15, 16):
        return f"A NPWP has 15 or 16 digits; this has {sum(char.isdigit() for char in value)}."
    return "" if luhn.is_valid(value[-15:][:9]) else "The check digit of the NPWP is wrong."


def _place_of(value: str) -> bool:
    return bool(numdb.get("id/loc").info(value[:4])[0][1])
