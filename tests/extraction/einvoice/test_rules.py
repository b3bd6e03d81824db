"""Figures of the XML that contradict each other are told in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extraction.engines.einvoice.rules import broken_rules
from samples.einvoices import Item

from .xml import FACTS, e_invoice, page, read


@pytest.mark.parametrize("syntax", ["cii", "zugferd1", "ubl"])
def test_an_invoice_that_adds_up_breaks_no_rule(syntax: Any) -> None:
    assert broken_rules(e_invoice(syntax)) == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"total": Decimal("1290.00")}, "total", "net and tax give 1,190.00, but the total is 1,290.00"),
        ({"net": Decimal("900.00")}, "net", "give 1,000.00, but the net amount is 900.00"),
        ({"prepaid": Decimal("90.00")}, "amount_due", "gives 1,100.00, but the amount due is 1,190.00"),
    ],
)
def test_a_broken_sum_is_told_at_its_field(changes: dict[str, Any], field: str, words: str) -> None:
    assert any(words in sentence for sentence in broken_rules(e_invoice(**changes))[field])


def test_lines_that_do_not_add_up_are_told() -> None:
    invoice = e_invoice("cii")
    assert broken_rules(invoice) == {}
    extra = Item("Forgotten", Decimal(1), "C62", Decimal("5.00"), Decimal(19), Decimal("5.00"))
    assert "net" in broken_rules(e_invoice(items=(*FACTS.items, extra)))


def test_a_broken_rule_sends_the_value_to_a_person() -> None:
    total = read(page(), e_invoice(total=Decimal("1290.00"))).extraction.values["total"]
    assert total.confidence < 0.7
    assert any("net and tax" in sentence for sentence in total.errors)
