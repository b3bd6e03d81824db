"""Which language a text is in."""

from __future__ import annotations

import pytest

from extraction.engines.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The goods remain our property until the invoice has been paid in full.", "en"),
        ("THANK YOU FOR SHOPPING WITH US PLEASE COME AGAIN GOODS ARE NOT RETURNABLE", "en"),
        ("Bitte überweisen Sie den Rechnungsbetrag innerhalb von vierzehn Tagen.", "de"),
        ("Le montant total de la facture est à payer avant la fin du mois prochain.", "fr"),
        ("यह एक परीक्षण है और भारत की राजधानी दिल्ली है जहाँ बहुत लोग रहते हैं", "hi"),
        ("", ""),
        ("TOTAL 12.50", ""),
        ("1234 5678 " * 100, ""),
    ],
)
def test_texts_long_enough_have_a_language(text: str, language: str) -> None:
    assert language_of(text) == language
