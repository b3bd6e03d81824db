"""Whether a text is of a template: its words and its pattern, as a score."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from .layout import fold
from .patterns import MAX_PATTERN, UnsafePatternError, compile_safe

MAX_KEYWORDS, MAX_KEYWORD = 100, 200
DEFAULT_MIN_SCORE = 60.0
_BETWEEN = re.compile(r"[\W_]+")
# What a single word out of many `keywords_any` is worth; all of them together make 1.
ONE_OF_MANY = 0.6
# Letters of a document that are looked at, some twenty pages: its head says what it is.
READ_LETTERS = 50_000
# Each line is bounded by `patterns`; this bounds all lines together, for patterns that hardly pass there.
PATTERN_TIME_S = 0.25


def matches_template(text: str, rules: Mapping[str, Any]) -> float:
    """How well the text fits the rules, 0–100; 0 where one of them is broken or there are none.

    `keywords_all` must all occur, of `keywords_any` at least one, `regex` in some line. Words are compared
    without case and accents. A score below the rules' own `min_score` counts as no match. Time-bounded by
    `patterns`; may be called in a child process.
    """
    text = text[:READ_LETTERS]
    words = _words_of_text(text)
    parts = [
        _all_of(words, rules.get("keywords_all") or ()),
        _any_of(words, rules.get("keywords_any") or ()),
        _by_pattern(text, rules.get("regex")),
    ]
    told = [part for part in parts if part is not None]
    if not told or not all(told):
        return 0.0
    score = round(100 * sum(told) / len(told), 1)
    minimum = rules.get("min_score")
    return score if score >= (DEFAULT_MIN_SCORE if minimum is None else minimum) else 0.0


def rule_problems(rules: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the rules, by key; empty when they can be used."""
    problems: dict[str, list[str]] = {}
    for name in ("keywords_any", "keywords_all"):
        words = rules.get(name) or []
        if len(words) > MAX_KEYWORDS or any(
            not _words(word).strip() or len(word) > MAX_KEYWORD for word in words
        ):
            problems[name] = [f"Up to {MAX_KEYWORDS} words or phrases of 1 to {MAX_KEYWORD} characters."]
    try:
        compile_safe(str(rules.get("regex") or "")[: MAX_PATTERN + 1])
    except UnsafePatternError as error:
        problems["regex"] = [str(error)]
    return problems


def _words(text: str) -> str:
    return " " + _BETWEEN.sub(" ", fold(text)).strip() + " "


# One text is held against every template of a workspace, each keyword against every text.
_words_of_text = lru_cache(maxsize=4)(_words)
_words_of_keyword = lru_cache(maxsize=8192)(_words)


def _has(words: str, keyword: str) -> bool:
    return _words_of_keyword(keyword) in words


def _all_of(words: str, keywords: Sequence[str]) -> float | None:
    return float(all(_has(words, keyword) for keyword in keywords)) if keywords else None


def _any_of(words: str, keywords: Sequence[str]) -> float | None:
    if not keywords:
        return None
    found = sum(_has(words, keyword) for keyword in keywords)
    return ONE_OF_MANY + (1 - ONE_OF_MANY) * found / len(keywords) if found else 0.0


def _by_pattern(text: str, pattern: str | None) -> float | None:
    if not pattern:
        return None
    compiled, limit = compile_safe(pattern)
    end = time.monotonic() + PATTERN_TIME_S
    for line in text.splitlines():
        if compiled.search(line[:limit]):
            return 1.0
        if time.monotonic() > end:
            break
    return 0.0
