"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Fewer letters say too little: a receipt's "TOTAL CASH CHANGE" is Romanian to any model.
MIN_LETTERS = 40
# Enough for certainty; more only costs time.
_SAMPLE = 4000
_SURE = 0.9
_NOT_LETTERS = re.compile(r"[\W\d_]+")


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def preload() -> None:
    """Load the model now (about half a CPU second, once in a process)."""
    _model()


def language_of(text: str) -> str:
    """The text's language as an ISO 639-1 code; empty where it is too short or the model is not sure.

    Numbers and signs are left out, and words in capitals are read in small letters, which the model knows
    better. The first call loads the model; then a document takes about a millisecond.
    """
    words = _NOT_LETTERS.split(text[: 2 * _SAMPLE])
    sample = " ".join(word.lower() if word.isupper() else word for word in words if word)[:_SAMPLE]
    if len(sample) < MIN_LETTERS:
        return ""
    language, chance = _model().classify(sample)
    # Codes of three letters mean a language without a short one, or no language at all ("zxx").
    return language if chance >= _SURE and len(language) == 2 else ""
