"""A template recognises documents by words and a pattern."""

from __future__ import annotations

import time
from typing import Any

import pytest

from extraction.engines.fields.templates import MatchRules, MatchRulesError, fits_template, matches_template

TEXT = "Quillmarsh Facilities Ltd\nÉnergie verte\nContract K-2041\nMonthly account, page 1"


@pytest.mark.parametrize(
    ("rules", "score"),
    [
        (MatchRules(keywords_any=("account",)), 60),
        (MatchRules(keywords_any=("account", "contract", "absent")), 75),
        (MatchRules(keywords_any=("absent",)), 0),
        (MatchRules(keywords_all=("quillmarsh facilities", "energie")), 100),
        (MatchRules(keywords_all=("quillmarsh", "absent")), 0),
        (MatchRules(regex=r"K-\d{4}"), 100),
        (MatchRules(regex=r"Z-\d{4}", keywords_any=("account",)), 0),
        (MatchRules(regex=r"K-\d{4}", keywords_any=("account",)), 80),
        (MatchRules(keywords_any=("absent",), keywords_all=("contract",)), 50),
        (MatchRules(keywords_any=("count",)), 0),
        (MatchRules(), 0),
    ],
)
def test_the_score_says_how_well_the_rules_fit(rules: MatchRules, score: float) -> None:
    assert matches_template(TEXT, rules) == score


def test_a_template_fits_from_its_own_score_on() -> None:
    assert fits_template(TEXT, MatchRules(keywords_any=("account",), min_score=60))
    assert not fits_template(TEXT, MatchRules(keywords_any=("account",), min_score=61))
    assert not fits_template(TEXT, MatchRules(min_score=0))


def test_rules_survive_json() -> None:
    data = {"keywords_any": ["a"], "keywords_all": ["b"], "regex": r"\d+", "min_score": 70.0}
    assert MatchRules.from_json(data).to_json() == data
    assert MatchRules.from_json({}).min_score == 60


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ([], "match"),
        ({"colour": 1}, "colour"),
        ({"keywords_any": "word"}, "keywords_any"),
        ({"keywords_all": [""]}, "keywords_all"),
        ({"keywords_all": ["x" * 201]}, "keywords_all"),
        ({"keywords_any": ["x"] * 201}, "keywords_any"),
        ({"regex": "(a+)+"}, "regex"),
        ({"regex": 1}, "regex"),
        ({"min_score": 101}, "min_score"),
        ({"min_score": True}, "min_score"),
    ],
)
def test_wrong_rules_name_the_key(data: Any, key: str) -> None:
    with pytest.raises(MatchRulesError) as caught:
        MatchRules.from_json(data)
    assert key in caught.value.errors


def test_a_slow_pattern_on_a_long_text_ends_soon() -> None:
    text = "\n".join("a" * 400 for _ in range(400))
    start = time.process_time()
    assert matches_template(text, MatchRules(regex=".*.*.*.*x")) == 0
    assert time.process_time() - start < 2


def test_a_pattern_is_found_far_along_a_line() -> None:
    assert matches_template("word " * 300 + "K-2041", MatchRules(regex=r"K-\d{4}")) == 100
