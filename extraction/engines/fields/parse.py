"""Printed text → typed, JSON-ready value, the same for every source of candidates."""

from __future__ import annotations

import re
from decimal import Decimal

from rapidfuzz import fuzz

from .amounts import find_numbers, money_text
from .codes import compact
from .dates import find_dates, time_after
from .defs import FieldDef
from .layout import fold
from .locale import Locale

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "ja",
        "oui",
        "si",
        "sí",
        "sim",
        "ya",
        "vero",
        "wahr",
        "vrai",
        "x",
        "✓",
        "✔",
        "☑",
        "☒",
        "on",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "nein",
        "non",
        "nee",
        "tidak",
        "bukan",
        "falso",
        "falsch",
        "faux",
        "☐",
        "□",
        "off",
        "não",
        "nao",
    ]
)


def parse_value(text: str, definition: FieldDef, locale: Locale) -> tuple[JsonValue, float]:
    """The value of a printed text as the field's type wants it, and how sure its reading is (0–1).

    Dates are "YYYY-MM-DD", datetimes "YYYY-MM-DDTHH:MM:SS", currency (money) a decimal text such as
    "1284.50", numbers JSON numbers. (None, 0.0) when the text is not of that type.
    """
    text = " ".join(text.split())
    if not text:
        return None, 0.0
    if definition.type == "enum":
        return parse_enum(text, definition.values)
    return _BY_TYPE[definition.type](text, locale) if definition.type in _BY_TYPE else (None, 0.0)


def _parse_string(text: str, locale: Locale) -> tuple[JsonValue, float]:
    return text, 1.0


def parse_date(text: str, locale: Locale) -> tuple[JsonValue, float]:
    for found in find_dates(text, locale):
        return found.value.isoformat(), found.certainty
    return None, 0.0


def parse_datetime(text: str, locale: Locale) -> tuple[JsonValue, float]:
    """A date with its time; midnight, and less sure, when no time is printed."""
    for found in find_dates(text, locale):
        time = time_after(text, found.end)
        return f"{found.value.isoformat()}T{time or '00:00:00'}", found.certainty * (1.0 if time else 0.7)
    return None, 0.0


def parse_money(text: str, locale: Locale) -> tuple[JsonValue, float]:
    number, certainty = _one_number(text, locale)
    return (None, 0.0) if number is None else (money_text(number), certainty)


def parse_number(text: str, locale: Locale) -> tuple[JsonValue, float]:
    number, certainty = _one_number(text, locale)
    return (None, 0.0) if number is None else (json_number(number), certainty)


def parse_integer(text: str, locale: Locale) -> tuple[JsonValue, float]:
    number, certainty = _one_number(text, locale)
    if number is None or number != number.to_integral_value():
        return None, 0.0
    return int(number), certainty


def parse_boolean(text: str, locale: Locale) -> tuple[JsonValue, float]:
    word = text.casefold().strip(" .:[]()")
    if word in YES:
        return True, 1.0
    return (False, 1.0) if word in NO else (None, 0.0)


def parse_enum(text: str, values: tuple[str, ...]) -> tuple[JsonValue, float]:
    """The allowed value the text says: equal after folding (1.0), or near to it (its similarity)."""
    best, score = None, 0.0
    for value in values:
        here = _likeness(fold(text), fold(value))
        if here > score:
            best, score = value, here
    return (best, score) if score >= 0.85 else (None, 0.0)


def json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def comparable(value: object) -> str:
    """A text that is equal for values that say the same: case, spaces and punctuation do not count."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value):
        return value
    if isinstance(value, str):
        return compact(fold(value)) or value
    return str(value)


def _one_number(text: str, locale: Locale) -> tuple[Decimal | None, float]:
    numbers = list(find_numbers(text, locale))
    if not numbers:
        return None, 0.0
    return numbers[0].value, numbers[0].certainty * (1.0 if len(numbers) == 1 else 0.7)


def _likeness(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if min(len(left), len(right)) < 4:
        return 0.0
    return float(fuzz.ratio(left, right)) / 100


_BY_TYPE = {
    "string": _parse_string,
    "date": parse_date,
    "datetime": parse_datetime,
    "currency": parse_money,
    "number": parse_number,
    "integer": parse_integer,
    "boolean": parse_boolean,
}
