"""What values say against each other is said in sentences that name the amounts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import extract
from samples import ledgers

from .paper import Line, document, invoice
from .papers import drawn, read_as


def test_a_statement_whose_balances_do_not_follow_is_in_doubt(tmp_path: Path) -> None:
    paper, _ = drawn(partial(ledgers.statement, paper=replace(ledgers.GERMAN, misprint="10.00")), tmp_path)
    result = read_as("rekening_koran", paper)
    text = "Opening balance 2,140.55 and transactions of 1,898.12 do not give the closing balance 4,048.67."
    assert result.values["closing_balance"].errors == (text,)
    assert result.values["transactions"].errors == (text,)
    assert result.values["closing_balance"].confidence < 0.7


@pytest.mark.parametrize("language", ["de", "id", "en"])
def test_a_statement_whose_balances_follow_is_confirmed(language: str, tmp_path: Path) -> None:
    paper, _ = drawn(partial(ledgers.statement, paper=ledgers.STATEMENTS[language]), tmp_path)
    values = read_as("rekening_koran", paper).values
    names = ("opening_balance", "transactions", "closing_balance")
    assert all(values[name].validated for name in names)
    assert values["transactions"].confidence > 0.9


def test_a_payslip_that_does_not_add_up_says_so(tmp_path: Path) -> None:
    paper, _ = drawn(partial(ledgers.payslip, language="en", misprint="100"), tmp_path)
    errors = read_as("slip_gaji", paper).values["net"].errors
    assert errors == ("Gross pay 2,795.50 less deductions 558.86 is not net pay 2,336.64.",)


def test_a_payslip_that_adds_up_is_confirmed(tmp_path: Path) -> None:
    paper, _ = drawn(partial(ledgers.payslip, language="id"), tmp_path)
    values = read_as("slip_gaji", paper).values
    assert all(values[name].validated for name in ("gross", "deductions", "net"))


def test_a_tax_that_is_not_its_printed_rate_of_the_net_is_an_error() -> None:
    lines: list[Line] = [
        ((50.0, "Net amount"), (300.0, "200.00")),
        ((50.0, "VAT 10 %"), (300.0, "38.00")),
    ]
    values = extract(document(lines), INVOICE, type_slug="invoice").values
    assert values["tax"].errors == ("10 % of net 200.00 is not tax 38.00.",)
    assert values["net"].errors == ()


def test_a_tax_at_its_printed_rate_is_no_error() -> None:
    assert extract(document(invoice()), INVOICE, type_slug="invoice").values["tax"].errors == ()


def day(name: str, label: str) -> FieldDef:
    return FieldDef(name, label, "date")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (day("effective_date", "Effective date"), day("end_date", "End date"), "end date"),
        (day("order_date", "Order date"), day("liefertermin", "Liefertermin"), "delivery date"),
    ],
)
def test_dates_out_of_order_are_an_error(first: FieldDef, second: FieldDef, words: str) -> None:
    lines: list[Line] = [f"{first.label}: 2026-05-04", f"{second.label}: 2026-05-03"]
    values = extract(document(lines), [first, second], type_slug=None).values
    assert words in values[second.name].errors[0]
    assert "2026-05-03 lies before" in values[first.name].errors[0]


def test_two_dates_of_one_meaning_are_not_ordered() -> None:
    fields = [FieldDef("date", "Date", "date"), FieldDef("print", "Printed", "date")]
    lines: list[Line] = ["Date: 2026-05-04", "Printed: 2026-05-03"]
    result = extract(document(lines), fields, type_slug=None)
    assert not any(value.errors for value in result.values.values())
