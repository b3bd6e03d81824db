"""What the page shows otherwise is found; what it leaves out or says in other words is no contradiction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.read import read_e_invoice
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.defs import FieldDef
from samples.einvoices import Firm

from .xml import EXPECTED, FACTS, e_invoice, page, read, xml


def test_a_genuine_page_confirms_every_value_and_shows_its_place() -> None:
    reading = read(page())
    values = reading.extraction.values
    assert {name: value.value for name, value in values.items()} == EXPECTED
    assert reading.flags == []
    assert {name for name, value in values.items() if value.boxes} == set(EXPECTED)
    assert all(value.origin == "xml" and value.confidence >= 0.99 for value in values.values())
    assert reading.extraction.flags == []


@pytest.mark.parametrize(
    ("field", "before", "after", "shown"),
    [
        ("total", "£1,190.00", "£1,910.00", "£1,910.00"),
        ("net", "£1,000.00", "£1,800.00", "£1,800.00"),
        ("tax", "£190.00", "£910.00", "£910.00"),
        ("invoice_number", "INV-2026-0117", "INV-2026-0711", "INV-2026-0711"),
        ("issue_date", "03/11/2026", "13/11/2026", "13/11/2026"),
        ("due_date", "03/12/2026", "05/11/2026", "05/11/2026"),
        ("seller_name", "Northwind Traders Ltd", "Eastgale Trading Ltd", "Eastgale Trading Ltd"),
        ("buyer_name", "Contoso Ltd", "Fabrikam Ltd", "Fabrikam Ltd"),
        ("seller_vat_id", "GB980780684", "GB123456789", "GB123456789"),
        ("iban", "GB29 NWBK 6016 1331 9268 19", "DE44 5001 0517 5407 3249 31", "DE44 5001 0517 5407 3249 31"),
    ],
)
def test_a_changed_value_on_the_page_is_found(field: str, before: str, after: str, shown: str) -> None:
    reading = read(page(swap=(before, after)))
    value = reading.extraction.values[field]
    assert value.value == EXPECTED[field]
    said = f"{Decimal(EXPECTED[field]):,.2f}" if field in ("net", "tax", "total") else EXPECTED[field]
    assert f"The XML says {said}, the page shows {shown}." in value.errors
    assert value.confidence < 0.7
    assert reading.flags[0] == "e_invoice_mismatch"
    assert "validation_failed" in reading.extraction.flags


def test_the_page_s_value_is_offered_as_the_alternative() -> None:
    total = read(page(swap=("£1,190.00", "£1,910.00"))).extraction.values["total"]
    assert "1910.00" in [other.value for other in total.alternatives]


def test_a_total_changed_in_one_of_two_places_is_found() -> None:
    changed = page("Please pay £1,190.00 by bank transfer.", swap=("£1,190.00", "£1,910.00"))
    assert "total" in read(changed).comparison.conflicts


def test_an_account_changed_in_one_of_two_places_is_found() -> None:
    changed = page("Our IBAN: GB29 NWBK 6016 1331 9268 91")
    assert "iban" in read(changed).comparison.conflicts


def test_another_currency_on_the_page_is_found() -> None:
    changed = page(swap=("£", "€"))
    assert read(changed).comparison.conflicts["currency"] == "The XML says GBP, the page shows €."


@pytest.mark.parametrize("field", ["VAT No", "IBAN", "Due date", "Bill to", "Subtotal"])
def test_what_the_page_leaves_out_is_taken_from_the_xml_without_a_place(field: str) -> None:
    reading = read(page(without=field))
    assert {name: value.value for name, value in reading.extraction.values.items()} == EXPECTED
    assert reading.comparison.conflicts == {}


def test_a_total_that_is_nowhere_on_the_page_is_a_note_and_no_error() -> None:
    reading = read(page(without="Total"))
    assert reading.flags == ["e_invoice_total_not_shown"]
    assert reading.extraction.values["total"].errors == ()


def test_a_page_without_text_says_nothing_against_the_xml() -> None:
    reading = read(replace(page(), pages=(replace(page().pages[0], words=()),)))
    assert reading.flags == []
    assert {name: value.value for name, value in reading.extraction.values.items()} == EXPECTED


@pytest.mark.parametrize(
    "line",
    [
        "IBAN (second account): DE44 5001 0517 5407 3249 31",
        "2 % discount if paid by 10/11/2026: £1,166.20",
        "Total in EUR: 1,388.15 €",
        "Delivery date: 30/10/2026",
        "Shipped by Fabrikam Parcel Services Ltd",
        "Order no. PO-7781",
    ],
)
def test_more_values_beside_the_right_ones_are_no_contradiction(line: str) -> None:
    assert read(page(line)).comparison.conflicts == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("£1,190.00", "1.190,00 £"),
        ("03/11/2026", "3 November 2026"),
        ("INV-2026-0117", "INV 2026/0117"),
        ("Northwind Traders Ltd", "NORTHWIND TRADERS LTD."),
        ("Northwind Traders Ltd", "Northwind"),
        ("£1,190.00", "-£1,190.00"),
    ],
)
def test_other_ways_to_write_the_same_are_no_contradiction(before: str, after: str) -> None:
    assert read(page(swap=(before, after))).comparison.conflicts == {}


def test_a_credit_note_may_print_its_sums_with_a_minus() -> None:
    printed = page(swap=("£", "-£"))
    reading = read(printed, e_invoice(type_code="381"))
    assert reading.comparison.conflicts == {}
    assert reading.extraction.values["total"].value == "1190.00"
    assert reading.extraction.values["total"].boxes


def test_an_amount_that_the_xml_has_under_another_name_is_no_contradiction() -> None:
    prepaid = e_invoice(prepaid=Decimal("190.00"), amount_due=Decimal("1000.00"))
    assert read(page("Amount due: £1,190.00"), prepaid).comparison.conflicts == {}


def test_a_trading_name_on_the_page_is_known() -> None:
    name = b"<cac:PartyName><cbc:Name>Northwind Traders Ltd</cbc:Name></cac:PartyName><cac:PostalAddress>"
    firm = Firm("Halcyon Wholesale Holdings plc", "GB980780684")
    data = xml("ubl", seller=replace(firm, street="12 High Street")).replace(b"<cac:PostalAddress>", name, 1)
    assert read(page(), read_invoice(data)).comparison.conflicts == {}


def test_a_contradiction_about_a_field_that_nobody_asks_for_is_told_all_the_same() -> None:
    changed = page(swap=("GB29 NWBK 6016 1331 9268 19", "DE44 5001 0517 5407 3249 31"))
    asked = [item for item in INVOICE if item.name == "total"]
    (total,) = read_e_invoice(changed, e_invoice(), asked).extraction.values.values()
    assert total.errors[0].startswith("IBAN: The XML says GB29NWBK60161331926819")


def test_fields_of_a_user_s_own_flow_take_their_values_from_the_xml() -> None:
    parts = (FieldDef("description", "Text"), FieldDef("amount", "Sum"))
    fields = [
        FieldDef("betrag", "Grand total", "number"),
        FieldDef("buyer_reference", "Buyer reference"),
        FieldDef("currency", "Currency", "enum", values=("EUR", "GBP")),
        FieldDef("line_items", "Lines", "array", items=parts),
    ]
    values = read_e_invoice(page(), e_invoice(), fields).extraction.values
    assert values["betrag"].value == 1190
    assert values["currency"].value == "GBP"
    assert values["line_items"].value == [
        {"description": "Consulting", "amount": "800.00"},
        {"description": "Travel", "amount": "200.00"},
    ]
    assert FACTS.number not in str(values["buyer_reference"].value)
