"""Printed numbers and amounts of money with European, US, Swiss and Indonesian separators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .locale import MONEY, Locale, currency_code

MAX_DIGITS = 15  # beyond it a printed number is an identifier

_SPACES = " \u00a0\u2009\u202f"
_GROUPED = rf"\d{{1,3}}(?:[.,'’{_SPACES}]\d{{3}})+(?:[.,]\d{{1,4}}|,[-–—])?"
_PLAIN = r"\d+(?:[.,]\d{1,6}|,[-–—])?"
_DASHES = "-−–"
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[{_DASHES}+]\s?)?(?P<digits>{_GROUPED}(?![\d]|[.,]\d)|{_PLAIN}(?![\d]|[.,]\d))(?P<after>\s?[{_DASHES}](?!\s?[\w]))?"
)
_BEFORE = re.compile(rf"({MONEY.pattern})\s?[:]?\s?[{_DASHES}]?$", re.IGNORECASE)
_AFTER = re.compile(rf"\s?({MONEY.pattern})(?![^\W\d_])", re.IGNORECASE)
_PERCENT = re.compile(r"\s?%")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number at `start`–`end` (with its currency sign, if printed beside it).

    `decimals` counts the printed decimals; `certainty` is below 1 when "1.234" could be read two ways.
    """

    value: Decimal
    start: int
    end: int
    decimals: int
    grouped: bool
    currency: str | None
    percent: bool
    certainty: float


def find_numbers(text: str, locale: Locale) -> Iterator[FoundNumber]:
    """Every number in a text that stands alone or beside a currency; not parts of codes, dates or times."""
    for found in _NUMBER.finditer(text):
        number = _read(text, found, locale)
        if number:
            yield number


def parse_number(text: str, locale: Locale) -> Decimal | None:
    """The one number of a printed value such as "1.234,50 €", or None when there is none or more than one."""
    numbers = list(find_numbers(text.strip(), locale))
    return numbers[0].value if len(numbers) == 1 else None


def money_text(value: Decimal) -> str:
    """A plain decimal with at least two decimals and no needless zeros after them: "1284.50"."""
    exact = value.normalize()
    places = max(2, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f}"


def _read(text: str, found: re.Match[str], locale: Locale) -> FoundNumber | None:
    digits = found["digits"]
    if sum(char.isdigit() for char in digits) > MAX_DIGITS:
        return None
    before = _BEFORE.search(text, max(0, found.start() - 8), found.start())
    after = _AFTER.match(text, found.end())
    if not _stands_alone(text, found, bool(before)):
        return None
    value, decimals, certainty = _decimal(digits, locale)
    beside = before or after
    return FoundNumber(
        value=-value if _is_negative(text, found, before) else value,
        start=before.start() if before else found.start(),
        end=after.end() if after else found.end(),
        decimals=decimals,
        grouped=len(re.split(r"[^\d]", digits)) > (2 if decimals else 1),
        currency=currency_code(beside[1]) if beside else None,
        percent=_PERCENT.match(text, found.end()) is not None,
        certainty=certainty,
    )


def _is_negative(text: str, found: re.Match[str], before: re.Match[str] | None) -> bool:
    if (found["sign"] and found["sign"][0] != "+") or found["after"]:
        return True
    if before and before.group()[-1] in _DASHES:
        return True
    if before and re.search(rf"(?:^|\s)[{_DASHES}]$", text[: before.start()]):
        return True
    return bool(found["open"]) and text[found.end() : found.end() + 1] == ")"


def _stands_alone(text: str, found: re.Match[str], has_currency: bool) -> bool:
    """No letter, digit or date mark touches the number; up to two capitals may follow (tax marks: 2.00SR)."""
    left = text[max(0, found.start() - 1) : found.start()]
    if left and (left.isalnum() or left in "./_#,") and not has_currency:
        return False
    if re.search(r"\d:$", text[max(0, found.start() - 2) : found.start()]):
        return False
    if found["sign"] and found["sign"][0] in _DASHES and left and not left.isspace() and left not in ":€$£(=":
        return False
    right = text[found.end() :]
    if re.match(r"[/:_]\d|[-–]\w", right):
        return False
    if re.match(r"[^\W\d_]", right) and not _AFTER.match(text, found.end()):
        return bool(re.match(r"[A-Z]{1,2}\b", right)) and "." in found["digits"][-3:]
    return True


def _decimal(digits: str, locale: Locale) -> tuple[Decimal, int, float]:
    """The value, its printed decimals and how sure the reading of the marks is (0–1)."""
    digits = re.sub(r"[-–—]$", "0", digits)  # "12,-" is twelve and no cents
    marks = re.findall(r"[.,]", digits)
    plain = re.sub(rf"['’{_SPACES}]", "", digits)
    if not marks:
        return Decimal(plain), 0, 1.0
    mark = marks[-1]
    tail = len(plain) - plain.rfind(mark) - 1
    is_decimal, certainty = _is_decimal_mark(marks, mark, tail, locale)
    if not is_decimal:
        return Decimal(re.sub(r"[.,]", "", plain)), 0, certainty
    whole, part = plain.rsplit(mark, 1)
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{part}"), tail, certainty


def _is_decimal_mark(marks: list[str], mark: str, tail: int, locale: Locale) -> tuple[bool, float]:
    if len(set(marks)) == 2:
        return True, 1.0
    if len(marks) > 1:
        return False, 1.0
    if tail != 3:
        return True, 1.0
    if locale.comma_decimal is None:
        return False, 0.6
    return (mark == ",") == locale.comma_decimal, 0.85
