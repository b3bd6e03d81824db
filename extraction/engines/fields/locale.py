"""What a document shows about its own way of writing: decimal mark, order of dates, money, language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .layout import fold

# Money whose home countries write the month first, or a decimal comma. Only a hint, never proof.
MONTH_FIRST_MONEY = frozenset({"USD", "CAD", "PHP"})
COMMA_MONEY = frozenset(
    {"IDR", "BRL", "PLN", "CZK", "DKK", "SEK", "NOK", "HUF", "RON", "TRY", "ARS", "CLP", "COP"}
)
POINT_MONEY = frozenset(
    {"USD", "GBP", "MYR", "SGD", "AUD", "NZD", "INR", "CNY", "JPY", "HKD", "PHP", "THB", "CHF"}
)
COMMA_LANGUAGES = frozenset({"de", "fr", "es", "it", "nl", "id", "pt", "pl", "sv", "da", "nb", "fi", "cs"})

SYMBOLS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB",
    "₫": "VND", "₱": "PHP", "฿": "THB", "zł": "PLN", "zl": "PLN", "kč": "CZK", "r$": "BRL", "s$": "SGD",
    "a$": "AUD", "us$": "USD", "c$": "CAD", "hk$": "HKD", "nz$": "NZD", "rm": "MYR", "rp": "IDR", "rs": "INR",
    "fr": "CHF", "sfr": "CHF", "ft": "HUF", "lei": "RON", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
# Codes seen in trade; left out are codes that are also words (ALL, TOP, CUP, MAD, ANG …).
CODES = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "CNY",
        "MYR",
        "IDR",
        "SGD",
        "AUD",
        "NZD",
        "CAD",
        "HKD",
        "INR",
        "PHP",
        "THB",
        "VND",
        "KRW",
        "TWD",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "SEK",
        "NOK",
        "DKK",
        "ISK",
        "TRY",
        "RUB",
        "UAH",
        "ILS",
        "AED",
        "SAR",
        "ZAR",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "PEN",
        "EGP",
        "NGN",
        "KES",
        "PKR",
        "BDT",
        "LKR",
    ]
)
_MONEY_WORD = r"(?:US|HK|NZ|[SACR])?\$|[€£¥₹₩₺₽₫₱฿]|\b(?:RM|Rp|Rs|CHF|SFr|Fr|EUR|zł|Kč|Ft|lei|Euros?)\b\.?"
MONEY = re.compile(rf"{_MONEY_WORD}|\b(?:{'|'.join(sorted(CODES))})\b", re.IGNORECASE)

_COMMA_DECIMAL = re.compile(r"(?<![\d.,])\d{1,3}(?:[. ]?\d{3})*,\d{2}(?![\d.,]*\d)")
_POINT_DECIMAL = re.compile(r"(?<![\d.,])\d{1,3}(?:[, ']?\d{3})*\.\d{2}(?![\d.,/-]*\d)")
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/\-](\d{1,2})[/\-](?:\d{4}|\d{2})(?!\d)")

_STOP_WORDS = {
    "de": "der die das und von bis nicht bitte betrag rechnung datum zahlbar wir sie mit für ohne am",
    "en": "the and of to for please date invoice total number your with due amount thank you is",
    "fr": "le la les et des du pour facture date montant votre vous numero avec sans est nous",
    "es": "el los las y del para factura fecha importe su con sin por numero",
    "it": "il gli e della per fattura data importo con senza di numero",
    "nl": "het een en van voor factuur datum bedrag uw met niet wij totaal",
    "id": "dan yang di untuk dengan tanggal jumlah nomor kepada dari alamat faktur",
    "ms": "dan yang di untuk dengan tarikh jumlah nombor kepada sila terima kasih",
}
_WORDS = {language: frozenset(fold(words).split()) for language, words in _STOP_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Locale:
    """A document's habits. `comma_decimal` and `day_first` are None where nothing speaks for either.

    `day_first_certainty` is 0–1: how sure the order of an ambiguous numeric date is.
    """

    language: str | None = None
    currency: str | None = None
    comma_decimal: bool | None = None
    day_first: bool | None = None
    day_first_certainty: float = 0.6


def observe(text: str, language: str | None = None) -> Locale:
    """The habits seen in a document's text; `language` (ISO 639-1) is used if the caller knows it."""
    spoken = (language or "")[:2].lower() or guess_language(text)
    money = Counter(code for found in MONEY.finditer(text) if (code := currency_code(found.group())))
    currency = min(money, key=lambda code: (-money[code], code)) if money else None
    day_first, certainty = _day_first(text, spoken, currency)
    return Locale(spoken, currency, _comma_decimal(text, spoken, currency), day_first, certainty)


def guess_language(text: str) -> str | None:
    """The ISO 639-1 code whose small words occur most; None when fewer than three do."""
    counts = Counter(re.findall(r"[^\W\d_]+", fold(text)))
    scores = {lang: sum(counts[word] for word in words) for lang, words in _WORDS.items()}
    best = max(scores, key=lambda lang: scores[lang])
    return best if scores[best] >= 3 else None


def currency_code(printed: str) -> str | None:
    """The ISO 4217 code of a printed symbol or code, or None."""
    word = printed.strip().rstrip(".")
    if word.upper() in CODES:
        return word.upper()
    return SYMBOLS.get(word.lower())


def _comma_decimal(text: str, language: str | None, currency: str | None) -> bool | None:
    commas, points = len(_COMMA_DECIMAL.findall(text)), len(_POINT_DECIMAL.findall(text))
    if commas != points:
        return commas > points
    if currency in COMMA_MONEY or currency in POINT_MONEY:
        return currency in COMMA_MONEY
    return language in COMMA_LANGUAGES if language else None


def _day_first(text: str, language: str | None, currency: str | None) -> tuple[bool | None, float]:
    pairs = [(int(a), int(b)) for a, b in _NUMERIC_DATE.findall(text)]
    day_first = sum(1 for a, b in pairs if a > 12 >= b)
    month_first = sum(1 for a, b in pairs if b > 12 >= a)
    if day_first != month_first:
        return day_first > month_first, 0.95
    if currency in MONTH_FIRST_MONEY and language in ("en", None):
        return False, 0.7
    if currency and currency not in MONTH_FIRST_MONEY:
        return True, 0.93
    if language not in ("en", None):
        return True, 0.9
    return None, 0.6
