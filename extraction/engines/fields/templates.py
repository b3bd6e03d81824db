"""How well a user's template recognises a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .layout import fold
from .patterns import UnsafePatternError, compile_safe, is_in

MAX_TEXT = 200_000  # letters of a document that rules look at
MAX_KEYWORDS, MAX_KEYWORD = 200, 200
DEFAULT_MIN_SCORE = 60.0
_ANY, _ALL, _REGEX = 60.0, 100.0, 100.0  # what one sign alone is worth
_ANY_STEP = 15.0  # each further keyword of `keywords_any`


class MatchRulesError(ValueError):
    """Wrong match rules; `errors` maps the key to messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {key: list(messages) for key, messages in errors.items()}
        super().__init__("; ".join(f"{key}: {' '.join(texts)}" for key, texts in self.errors.items()))


@dataclass(frozen=True, slots=True)
class MatchRules:
    """Words and a pattern by which a document is recognised; `min_score` is 0–100.

    Keywords are compared without case and accents, as whole words. The pattern is searched for line by line.
    """

    keywords_any: tuple[str, ...] = ()
    keywords_all: tuple[str, ...] = ()
    regex: str | None = None
    min_score: float = DEFAULT_MIN_SCORE

    @classmethod
    def from_json(cls, data: object) -> MatchRules:
        """The checked rules of a JSON object. Raises MatchRulesError."""
        errors = _problems(data)
        if errors or not isinstance(data, Mapping):
            raise MatchRulesError(errors)
        score = data.get("min_score")
        return cls(
            tuple(data.get("keywords_any") or ()),
            tuple(data.get("keywords_all") or ()),
            data.get("regex") or None,
            DEFAULT_MIN_SCORE if score is None else float(score),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "keywords_any": list(self.keywords_any),
            "keywords_all": list(self.keywords_all),
            "regex": self.regex,
            "min_score": self.min_score,
        }


def matches_template(text: str, rules: MatchRules) -> float:
    """How well a document's text fits the rules, 0–100; 0 where a rule that must hold does not.

    All of `keywords_all` and the pattern must be there. One of `keywords_any` gives 60 and each further one
    15 more; where nothing else is asked, that is the score. The caller compares with `rules.min_score`.
    Raises nothing.
    """
    words = _words(text[:MAX_TEXT])
    scores = []
    if rules.keywords_all:
        if not all(_has(words, keyword) for keyword in rules.keywords_all):
            return 0.0
        scores.append(_ALL)
    if rules.regex:
        if not _found(rules.regex, text[:MAX_TEXT]):
            return 0.0
        scores.append(_REGEX)
    if rules.keywords_any:
        hits = sum(_has(words, keyword) for keyword in rules.keywords_any)
        scores.append(min(100.0, _ANY + _ANY_STEP * (hits - 1)) if hits else 0.0)
    return round(sum(scores) / len(scores), 1) if scores else 0.0


def fits_template(text: str, rules: MatchRules) -> bool:
    """Whether the text scores at least what the rules ask for, and more than nothing."""
    score = matches_template(text, rules)
    return score > 0 and score >= rules.min_score


def _words(text: str) -> str:
    plain = re.sub(r"[\W_]+", " ", fold(text)).strip()
    return f" {plain} "


def _has(words: str, keyword: str) -> bool:
    wanted = _words(keyword).strip()
    return bool(wanted) and f" {wanted} " in words


def _found(pattern: str, text: str) -> bool:
    try:
        return is_in(pattern, text)
    except UnsafePatternError:
        return False


def _problems(data: object) -> dict[str, list[str]]:
    if not isinstance(data, Mapping):
        return {"match": ["This must be an object."]}
    known = ("keywords_any", "keywords_all", "regex", "min_score")
    errors = {str(key): ["Unknown key."] for key in data if key not in known}
    for key in ("keywords_any", "keywords_all"):
        message = _keyword_problem(data.get(key))
        if message:
            errors[key] = [message]
    for key, message in (("regex", _regex_problem(data.get("regex"))), ("min_score", _score_problem(data))):
        if message:
            errors[key] = [message]
    return errors


def _keyword_problem(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        return "This must be a list of words."
    if len(value) > MAX_KEYWORDS or any(len(item) > MAX_KEYWORD for item in value):
        return f"At most {MAX_KEYWORDS} keywords of {MAX_KEYWORD} characters are allowed."
    return ""


def _regex_problem(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        return "This must be a text."
    try:
        compile_safe(value)
    except UnsafePatternError as error:
        return str(error)
    return ""


def _score_problem(data: Mapping[str, object]) -> str:
    value = data.get("min_score")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return "The score lies between 0 and 100."
    return ""
