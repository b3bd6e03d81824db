"""Printed values become typed values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extraction.engines.fields.amounts import find_numbers, money_text, parse_number
from extraction.engines.fields.codes import find_ibans, find_vat_ids
from extraction.engines.fields.dates import find_dates, time_after
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.locale import Locale, currency_code, guess_language, observe
from extraction.engines.fields.parse import parse_value

UNKNOWN = Locale()


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234,50 €", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("CHF 1’234.50", "1234.50"),
        ("1 234,50 EUR", "1234.50"),
        ("12.345.678", "12345678.00"),
        ("Rp12.345.678", "12345678.00"),
        ("$4.11", "4.11"),
        ("RM9.00", "9.00"),
        ("-€5.00", "-5.00"),
        ("€ -9,32", "-9.32"),
        ("10.00-", "-10.00"),
        ("(12.00)", "-12.00"),
        ("12,- €", "12.00"),
        ("0.025", "0.025"),
        ("2.00SR", "2.00"),
    ],
)
def test_amounts_are_read_with_the_separators_of_many_countries(printed: str, value: str) -> None:
    locale = Locale(comma_decimal=False) if printed == "0.025" else UNKNOWN
    number = parse_number(printed, locale)
    assert number is not None
    assert money_text(number) == value


@pytest.mark.parametrize(
    "printed", ["25/12/2018", "TB100A4", "RE-20140522/501", "192.168.0.1", "18:18", "CS-0014134"]
)
def test_dates_times_and_codes_are_not_amounts(printed: str) -> None:
    assert list(find_numbers(printed, UNKNOWN)) == []


def test_three_digits_after_a_mark_follow_the_rest_of_the_document() -> None:
    german, english = observe("Summe 1.234,50 und 3,20"), observe("Total 1,234.50 and 3.20")
    assert parse_number("9.500", german) == Decimal(9500)
    assert parse_number("9.500", english) == Decimal("9.5")


def test_a_percentage_is_marked_as_one() -> None:
    assert [found.percent for found in find_numbers("VAT 19 % of 100.00", UNKNOWN)] == [True, False]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2026-11-03", "2026-11-03"),
        ("03.11.2026", "2026-11-03"),
        ("3.11.26", "2026-11-03"),
        ("3 November 2026", "2026-11-03"),
        ("3. November 2026", "2026-11-03"),
        ("3 novembre 2026", "2026-11-03"),
        ("1er mars 2026", "2026-03-01"),
        ("November 3, 2026", "2026-11-03"),
        ("Nov 3rd, 2026", "2026-11-03"),
        ("03-NOV-2026", "2026-11-03"),
        ("5 de marzo de 2026", "2026-03-05"),
        ("7 maggio 2026", "2026-05-07"),
        ("19 april 2026", "2026-04-19"),
        ("17 Agustus 2026", "2026-08-17"),
        ("2026年11月3日", "2026-11-03"),
        ("25/12/2026", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
    ],
)
def test_dates_are_read_in_many_orders_and_languages(printed: str, value: str) -> None:
    assert [found.value.isoformat() for found in find_dates(printed, UNKNOWN)] == [value]


@pytest.mark.parametrize("printed", ["31.02.2026", "13/13/2026", "03-7 - 15", "1.2.3.4", "192.168.10.25"])
def test_impossible_dates_are_not_dates(printed: str) -> None:
    assert list(find_dates(printed, UNKNOWN)) == []


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("11/03/2026", "2026-03-11", 0.5, 0.7),
        ("11/03/2026 and 25/04/2026", "2026-03-11", 0.9, 1.0),
        ("11/03/2026 and 04/25/2026", "2026-11-03", 0.9, 1.0),
        ("11/03/2026 $12.00 thank you for your order", "2026-11-03", 0.6, 0.8),
        ("11/03/2026 12,00 € Rechnung mit Betrag und Datum", "2026-03-11", 0.85, 0.95),
    ],
)
def test_an_ambiguous_date_is_settled_by_the_document(text: str, value: str, low: float, high: float) -> None:
    first = next(find_dates(text, observe(text)))
    assert first.value.isoformat() == value
    assert low <= first.certainty <= high


def test_a_time_after_a_date_is_read_with_am_and_pm() -> None:
    assert time_after("25/12/2018 8:13:39 PM", 10) == "20:13:39"
    assert time_after("25/12/2018 and more", 10) is None


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFF", "DE89370400440532013000", True),
        ("IBAN DE89370400440532013000", "DE89370400440532013000", True),
        ("FR14 2004 1010 0505 0001 3M02 606 - BIC : X", "FR1420041010050500013M02606", True),
        ("GB29 NWBK 6016 1331 9268 19 Total 12", "GB29NWBK60161331926819", True),
        ("DE88 3704 0044 0532 0130 00", "DE88370400440532013000", False),
    ],
)
def test_ibans_are_found_in_one_piece_and_in_groups(text: str, value: str, valid: bool) -> None:
    assert [(found.value, found.valid) for found in find_ibans(text)] == [(value, valid)]


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("USt-IdNr.: DE136695976", "DE136695976", True),
        ("UStId DE 136 695 976", "DE136695976", True),
        ("TVA : FR40303265045 - SIRET", "FR40303265045", True),
        ("VAT No GB980780684", "GB980780684", True),
        ("BTW NL810433941B01", "NL810433941B01", True),
        ("DE136695975", "DE136695975", False),
    ],
)
def test_vat_ids_are_found_and_checked(text: str, value: str, valid: bool) -> None:
    assert [(found.value, found.valid) for found in find_vat_ids(text)] == [(value, valid)]


def test_an_iban_is_not_a_vat_id() -> None:
    assert list(find_vat_ids("DE89370400440532013000")) == []


def test_currency_signs_and_codes_become_iso_codes() -> None:
    assert [currency_code(text) for text in ("€", "RM", "Rp", "chf", "zł", "S$", "XYZ")] == [
        "EUR", "MYR", "IDR", "CHF", "PLN", "SGD", None,
    ]  # fmt: skip


def test_the_language_is_guessed_from_small_words() -> None:
    assert guess_language("Bitte zahlen Sie den Betrag und die Rechnung bis zum Datum") == "de"
    assert guess_language("42 17") is None


@pytest.mark.parametrize(
    ("kind", "printed", "value"),
    [
        ("string", "  two   words ", "two words"),
        ("number", "1.5", 1.5),
        ("number", "12.345.678", 12345678),
        ("integer", "42 pcs", 42),
        ("integer", "4.25", None),
        ("currency", "€ 1.284,50", "1284.50"),
        ("date", "on 3 May 2026", "2026-05-03"),
        ("datetime", "3 May 2026 14:05", "2026-05-03T14:05:00"),
        ("boolean", "Ja", True),
        ("boolean", "non", False),
        ("boolean", "maybe", None),
        ("array", "a, b", None),
    ],
)
def test_a_value_is_parsed_as_its_field_wants(kind: str, printed: str, value: object) -> None:
    definition = FieldDef.from_json({"label": "Any", "type": kind})
    assert parse_value(printed, definition, UNKNOWN)[0] == value


def test_an_enum_takes_near_spellings_of_its_values() -> None:
    definition = FieldDef("kind", "Kind", "enum", values=("Standard", "Express"))
    assert parse_value("STANDARD", definition, UNKNOWN) == ("Standard", 1.0)
    assert parse_value("Standart", definition, UNKNOWN)[0] == "Standard"
    assert parse_value("Other", definition, UNKNOWN) == (None, 0.0)
