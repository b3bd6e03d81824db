"""What a person left in the cells of a list or object on the review page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from extraction.services.values import MAX_ENTRIES
from extraction.structured import NESTED, Texts, cell_text, flat, row_texts, rows_of

BAD_JSON = "This is not valid JSON. Keep the brackets and quotes as they were."


Typed = list[tuple[int, Texts]]


def typed_rows(post: Mapping[str, str], item: Mapping[str, Any], known: int) -> Typed:
    """The rows of a table as they were typed, with their numbers.

    Left out are those to remove, and empty ones past the `known` rows that stood there.
    """
    start = f"f-{item['name']}."
    columns = {part["name"] for part in item["items"]}
    rows: dict[int, Texts] = {}
    for key in post:
        number, _, column = key.removeprefix(start).partition(".")
        if key.startswith(start) and number.isascii() and number.isdigit() and column in columns:
            # Numbers past the limit share a row, so that no form can make more rows than a value may have.
            rows.setdefault(min(int(number[:6]), MAX_ENTRIES), {})[column] = flat(post[key])
    kept = [number for number in sorted(rows) if not post.get(f"x-{item['name']}.{number}")]
    return [(number, rows[number]) for number in kept if number < known or any(rows[number].values())]


def typed_parts(post: Mapping[str, str], item: Mapping[str, Any]) -> Typed:
    """The parts of an object as they were typed: one row."""
    names = [part["name"] for part in item["items"]]
    return [(0, {name: flat(post.get(f"f-{item['name']}.{name}", "")) for name in names})]


def rows_value(item: Mapping[str, Any], old: Any, typed: Typed) -> tuple[Any, dict[str, list[str]]]:
    """The value that the typed rows say, and sentences by path for what is not even JSON.

    A cell that was left as it stood keeps its value, so that nothing is read anew without need.
    """
    before = rows_of(old)
    rows: list[dict[str, Any]] = []
    problems: dict[str, list[str]] = {}
    for place, (number, texts) in enumerate(typed):
        known = before[number] if number < len(before) else {}
        row, wrong = _row_value(item, known, texts)
        rows.append(row)
        prefix = f"{item['name']}.{place}." if item["type"] == "array" else f"{item['name']}."
        problems |= {prefix + column: [BAD_JSON] for column in wrong}
    if item["type"] == "object":
        return (rows[0] if any(value is not None for value in rows[0].values()) else None), problems
    return rows, problems


def is_unchanged(item: Mapping[str, Any], old: Any, typed: Typed) -> bool:
    """Whether the typed rows say what stood there."""
    said = [texts for number, texts in typed if any(texts.values())]
    stood = [texts for texts in row_texts(item, rows_of(old)) if any(texts.values())]
    return said == stood


def _row_value(
    item: Mapping[str, Any], known: Mapping[str, Any], texts: Texts
) -> tuple[dict[str, Any], list[str]]:
    row: dict[str, Any] = {}
    wrong = []
    for part in item["items"]:
        name, text = part["name"], texts.get(part["name"], "")
        if text == cell_text(known.get(name)):
            if name in known:
                row[name] = known[name]
        elif part["type"] in NESTED and text:
            try:
                row[name] = json.loads(text)
            except (ValueError, RecursionError):
                wrong.append(name)
        else:
            row[name] = text or None
    return row, wrong


def lines_value(text: str) -> list[str]:
    """One entry per line that says something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
