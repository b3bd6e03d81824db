"""The text of a table cell as the value its column wants."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue, parse_value
from extraction.engines.fields.patterns import matches

_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})[./\-](\d{1,2})\.?(?![./\-]?\d)")
# Marks that banks print after an amount: money that leaves (debit) or comes (credit).
_DEBIT = re.compile(r"\d\s*(?:DB|DR|D|S|-)\s*$", re.IGNORECASE)
_CREDIT_MARK = re.compile(r"(?<=\d)\s*(?:CR|DB|DR|K|C|D|S|H)\s*$", re.IGNORECASE)


def parse_cell(text: str, item: FieldDef, reading: Reading, signed: bool) -> tuple[JsonValue, float]:
    """The typed value of a cell and how sure its reading is (0–1); (None, 0.0) when it is not of the type.

    `signed` says that amounts may carry a bank's mark for money that leaves the account. A date without a
    year takes the year of the document's own dates.
    """
    text = " ".join(text.split())
    if not text:
        return None, 0.0
    if item.type == "currency" and signed:
        return _marked_amount(text, item, reading)
    value, certainty = parse_value(text, item, reading.locale)
    if value is None and item.type == "date":
        value, certainty = _short_date(text, reading)
    if (
        value is not None
        and item.regex
        and not (matches(item.regex, str(value)) or matches(item.regex, text))
    ):
        certainty *= 0.5
    return value, certainty


def decimal_of(value: object) -> Decimal | None:
    """The exact number of a currency or number value; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _marked_amount(text: str, item: FieldDef, reading: Reading) -> tuple[JsonValue, float]:
    plain = _CREDIT_MARK.sub("", text)
    value, certainty = parse_value(plain, item, reading.locale)
    number = decimal_of(value)
    if number is not None and number > 0 and _DEBIT.search(text):
        return f"-{value}", certainty
    return value, certainty


def _short_date(text: str, reading: Reading) -> tuple[JsonValue, float]:
    found = _DAY_MONTH.search(text)
    year = reading.once("usual_year", _usual_year)
    if not found or year is None:
        return None, 0.0
    day, month = int(found[1]), int(found[2])
    if reading.locale.day_first is False and "." not in found.group():
        day, month = month, day
    try:
        return date(year, month, day).isoformat(), 0.9
    except ValueError:
        return None, 0.0


def _usual_year(reading: Reading) -> int | None:
    years = Counter(str(item.value)[:4] for item in reading.pool("date"))
    return int(max(years, key=lambda year: (years[year], year))) if years else None
