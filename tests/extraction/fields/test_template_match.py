"""Rules that recognise a document, and fields that nobody described."""

from __future__ import annotations

import time
from typing import Any

import pytest

from extraction.engines.fields.pairs import MAX_PAIRS, pairs_of
from extraction.engines.fields.template_match import matches_template, rule_problems
from tests.extraction.fields.paper import Line, document

LETTER = "Kestrel Mutual\nÉCHÉANCIER du prêt\nLoan KL-4471 of 2026\n"


@pytest.mark.parametrize(
    ("rules", "score"),
    [
        ({}, 0.0),
        ({"keywords_any": [], "keywords_all": [], "regex": None}, 0.0),
        ({"keywords_all": ["kestrel  mutual", "Echeancier"]}, 100.0),
        ({"keywords_all": ["kestrel", "mortgage"]}, 0.0),
        ({"keywords_any": ["mortgage", "prêt"]}, 80.0),
        ({"keywords_any": ["mortgage"]}, 0.0),
        ({"keywords_all": ["kest"]}, 0.0),
        ({"regex": "KL-[0-9]{4}"}, 100.0),
        ({"regex": "^KL-[0-9]{4}"}, 0.0),
        ({"keywords_all": ["kestrel"], "keywords_any": ["prêt", "loan", "x", "y"]}, 90.0),
        ({"keywords_all": ["kestrel"], "regex": "[0-9]{9}"}, 0.0),
        ({"keywords_any": ["mortgage", "prêt"], "min_score": 81}, 0.0),
        ({"keywords_any": ["mortgage", "prêt"], "min_score": 0}, 80.0),
    ],
)
def test_every_rule_has_to_hold_and_more_words_make_it_surer(rules: dict[str, Any], score: float) -> None:
    assert matches_template(LETTER, rules) == score


def test_a_pattern_that_hardly_passes_the_bounds_stalls_nobody() -> None:
    begin = time.monotonic()
    lines = "\n".join("a" * 36 for _ in range(2000))
    assert matches_template(lines, {"regex": "a*a*a*a*a*a*b"}) == 0.0
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ({"keywords_any": ["loan"], "keywords_all": [], "regex": "a+"}, set()),
        ({"keywords_any": ["--"]}, {"keywords_any"}),
        ({"keywords_all": ["x" * 201]}, {"keywords_all"}),
        ({"regex": "(a+)+"}, {"regex"}),
        ({"regex": "x" * 501}, {"regex"}),
    ],
)
def test_rules_that_cannot_be_used_are_named(rules: dict[str, Any], wrong: set[str]) -> None:
    assert set(rule_problems(rules)) == wrong


def test_short_labels_before_a_colon_become_fields_once() -> None:
    lines: list[Line] = [
        "Loan number: KL-4471",
        ((50, "Borrower:"), (300, "Ines Marlow")),
        "Borrower: again",
        "Alone:",
        "Opens at 12:30",
        "https://kestrel.example",
        "This sentence goes on for far too long: yes",
    ]
    found = pairs_of(document(lines))
    assert [(field.name, field.label) for field in found] == [
        ("loan_number", "Loan number"), ("borrower", "Borrower"),
    ]  # fmt: skip


def test_a_document_of_nothing_but_labels_gives_a_bounded_number() -> None:
    pages = [[f"Label {chr(97 + page)}{chr(97 + n)}: {n}" for n in range(20)] for page in range(3)]
    assert len(pairs_of(document(*pages))) == MAX_PAIRS
