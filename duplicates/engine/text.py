"""Text as the duplicate finder sees it. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata

WORD = re.compile(r"\w+", re.UNICODE)


def words(text: str) -> list[str]:
    """The words, compatibility-normalised (NFKC) and case-folded, punctuation dropped."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def text_digest(tokens: list[str]) -> str:
    """SHA-256 over the words: equal for the same text however it is laid out or spaced."""
    return hashlib.sha256(" ".join(tokens).encode()).hexdigest()
