"""The JSON object in a model's answer, however it is wrapped; honest about what was cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

# An answer beyond this is a model that runs in circles; what it repeats is of no use.
MAX_CHARS = 400_000
_MAX_STARTS = 20
_ODD_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\ufeff\u200b"), " ")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_decoder = json.JSONDecoder(strict=False)


def object_in(text: str, names: Collection[str]) -> tuple[dict[str, Any] | None, bool]:
    """The object that has most of these names, and whether the answer came to its end.

    Prose, code fences and odd spaces around it do not count; a list of one object, or of objects that each
    say their field's name, is taken as the object. Of an answer that breaks off, the entries before the one
    it breaks off in are kept. None where no object has any of the names.
    """
    text = text[:MAX_CHARS]
    whole = _best((_as_object(value) for value in _values(text)), names)
    if whole is not None:
        return whole, True
    return _best((_as_object(value) for value in _values(_closed(text))), names), False


def _best(objects: Iterable[dict[str, Any]], names: Collection[str]) -> dict[str, Any] | None:
    scored = [(len(names & value.keys()), value) for value in objects]
    best = max(scored, key=lambda pair: pair[0], default=(0, {}))
    return best[1] if best[0] else None


def _values(text: str) -> Iterator[Any]:
    """Every JSON value that begins with a brace or bracket and is not inside one already given."""
    place, starts = 0, 0
    while starts < _MAX_STARTS and (found := re.compile(r"[{\[]").search(text, place)):
        starts += 1
        value, end = _decoded(text, found.start())
        if end:
            yield value
        place = end or found.start() + 1


def _decoded(text: str, start: int) -> tuple[Any, int]:
    for tried in (text, text.translate(_ODD_SPACES)):
        try:
            return _decoder.raw_decode(tried, start)
        except (ValueError, RecursionError):
            continue
    # Shorter than the original, so where it ends there says nothing here: the rest of the text is given up.
    mended = _TRAILING_COMMA.sub(r"\1", text[start:].translate(_ODD_SPACES))
    try:
        return _decoder.raw_decode(mended)[0], len(text)
    except (ValueError, RecursionError):
        return None, 0


def _as_object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        inner = [item for item in value.values() if isinstance(item, dict)]
        # {"fields": {…}}, {"answer": {…}}
        return inner[0] if len(value) == 1 and inner and "value" not in inner[0] else value
    if not isinstance(value, list):
        return {}
    entries = [item for item in value if isinstance(item, dict)]
    named = {str(item.get("name") or item.get("field")): item for item in entries}
    if len(entries) == 1 and not named.keys() - {"None"}:
        return entries[0]
    return named


def _closed(text: str) -> str:
    """The outermost object, closed behind its last entry that is complete."""
    start = text.find("{")
    end = _last_comma(text, start) if start >= 0 else 0
    return f"{text[start:end]}}}" if end else ""


def _last_comma(text: str, start: int) -> int:
    """Where the last comma between entries of the object at `start` stands; 0 for none."""
    depth, quoted, last, place = 0, False, 0, start
    while place < len(text):
        char = text[place]
        if char == "\\" and quoted:
            place += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += (char in "{[") - (char in "}]")
            last = place if char == "," and depth == 1 else last
        place += 1
    return last
