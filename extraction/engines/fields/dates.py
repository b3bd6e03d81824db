"""Printed dates in many orders and languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale as BabelLocale

from .layout import fold
from .locale import Locale

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "id", "ms", "pt", "pl", "sv", "da", "nb")
FIRST_YEAR, LAST_YEAR = 1900, 2100

_SEP = r"(?:\s?[./]\s?|[-\u2010-\u2014])"
_YEAR = r"(?P<y>\d{4}|\d{2})(?!\d|[.,]\d)"
_DAY = r"(?<![\d.,])(?P<d>\d{1,2})"
_MONTH = r"(?P<m>[^\W\d_]{3,12})"
_PATTERNS = (
    re.compile(rf"(?<![\d.,])(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d|[.,]\d)"),
    re.compile(r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日"),
    re.compile(
        rf"{_DAY}(?:st|nd|rd|th|er|º|ª|\.)?[\s\-./]{{0,2}}(?:de\s|of\s)?{_MONTH}\.?[\s\-./,']{{0,3}}(?:de\s|del\s)?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![^\W\d_]){_MONTH}\.?[\s\-./]{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?,\s?|\s|-|/){{1,2}}{_YEAR}",
        re.IGNORECASE,
    ),
)
_NUMERIC = re.compile(rf"{_DAY}(?P<s>{_SEP})(?P<m>\d{{1,2}})(?P<t>{_SEP}){_YEAR}")
_TIME = re.compile(
    r"[\sT,]{0,3}(?:at\s|um\s|à\s)?(\d{1,2})[:h.](\d{2})(?::(\d{2}))?(?:\s?([ap])\.?m\b)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at `start`–`end` of a text; `certainty` is below 1 when day and month could change places."""

    value: date
    start: int
    end: int
    certainty: float


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Folded month names and abbreviations of all known languages → 1–12."""
    names: dict[str, int] = {"sept": 9, "juil": 7, "mrz": 3, "agt": 8, "ogos": 8, "dis": 12}
    for language in LANGUAGES:
        for form in BabelLocale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in form[width].items():
                    names.setdefault(fold(name).rstrip("."), int(number))
    return {name: number for name, number in names.items() if len(name) >= 3}


def find_dates(text: str, locale: Locale) -> Iterator[FoundDate]:
    """Every date printed in a text, from left to right, none overlapping another."""
    found = sorted(_all(text, locale), key=lambda item: (item.start, -item.end))
    end = -1
    for item in found:
        if item.start >= end:
            yield item
            end = item.end


def time_after(text: str, at: int) -> str | None:
    """The clock time "HH:MM:SS" printed right after a date that ends at `at`, or None."""
    found = _TIME.match(text, at)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else None


def _all(text: str, locale: Locale) -> Iterator[FoundDate]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            month = _month(found["m"])
            value = _date(found["y"], month, int(found["d"])) if month else None
            if value:
                yield FoundDate(value, *found.span(), 1.0)
    for found in _NUMERIC.finditer(text):
        yield from _numeric(found, locale)


def _numeric(found: re.Match[str], locale: Locale) -> Iterator[FoundDate]:
    if found["s"].strip() != found["t"].strip():
        return
    first, second = int(found["d"]), int(found["m"])
    day_first, certainty = _order(first, second, found["s"].strip(), locale)
    day, month = (first, second) if day_first else (second, first)
    value = _date(found["y"], month, day)
    if value:
        short = 0.97 if len(found["y"]) == 2 else 1.0
        yield FoundDate(value, *found.span(), certainty * short)


def _order(first: int, second: int, separator: str, locale: Locale) -> tuple[bool, float]:
    if first > 12 or second > 12 or first == second:
        return second <= 12, 1.0
    if separator == ".":
        return True, 0.98
    return locale.day_first is not False, locale.day_first_certainty


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return months().get(fold(text))


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    try:
        return date(number, month, day)
    except ValueError:
        return None
