"""Where the parts of a corrected list or object stand on the page, as far as that is still known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def kept_places(field: Mapping[str, Any], value: Any) -> list[dict[str, Any]]:
    """The places of a corrected value's parts, row by row: those of the rows that were there before.

    A row that moved is known by its content, a changed one by its number. A changed part keeps its place,
    since it was misread there, and is sure now.
    """
    places: list[dict[str, Any]] = field.get("items") or []
    if not places or not isinstance(value, list | dict):
        return []
    old = _rows(field.get("value"))
    by_content = {_key(row): index for index, row in reversed(list(enumerate(old)))}
    new = _rows(value)
    taken = {by_content[_key(row)] for row in new if _key(row) in by_content}
    found = []
    for index, row in enumerate(new):
        same = by_content.get(_key(row), index if index not in taken else -1)
        known = 0 <= same < min(len(places), len(old))
        found.append(_row(row, old[same] if known else {}, places[same] if known else {}))
    return found


def _row(row: Any, old: Any, places: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(row, dict) or not isinstance(old, dict):
        return {}
    return {
        name: places[name]
        if part == old.get(name)
        else {**places[name], "value": part, "raw": None, "score": 100.0}
        for name, part in row.items()
        if name in places
    }


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _key(row: Any) -> str:
    return json.dumps(row, sort_keys=True, default=str)
