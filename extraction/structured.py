"""Lists and objects on a page: tables whose cells a person edits, and what was typed into them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

NESTED = ("array", "object")
NUMERIC = ("number", "integer", "currency")
WIDEST, NARROWEST = 30, 4
Shape = Literal["simple", "table", "parts", "lines", "json"]
Texts = dict[str, str]


@dataclass(frozen=True)
class Cell:
    """One value inside a list or object, as a person edits it. `score` is 0–100 where it is known."""

    key: str
    spoken: str
    label: str
    type: str
    entry: str
    options: list[str]
    boxes: list[dict[str, Any]]
    size: int
    score: float | None = None
    doubtful: bool = False
    problem: str = ""

    @property
    def is_numeric(self) -> bool:
        return self.type in NUMERIC

    @property
    def boxes_json(self) -> str:
        return json.dumps(self.boxes)


@dataclass(frozen=True)
class Row:
    """One row of a table; `number` counts from 0, and is NEW in the row that others are copied from."""

    number: int | str
    cells: list[Cell]

    @property
    def said(self) -> str:
        return f"row {self.number + 1}" if isinstance(self.number, int) else "new row"


@dataclass(frozen=True)
class Column:
    """A column's heading."""

    label: str
    is_numeric: bool


@dataclass(frozen=True)
class Table:
    """A list as a table, or an object as its only row.

    `blank` is a row to fill where there is no JavaScript, `pattern` the one that rows are copied from.
    """

    columns: list[Column]
    rows: list[Row]
    blank: Row
    pattern: Row


def shape_of(item: Mapping[str, Any], value: Any) -> Shape:
    """How a field of this definition and value is edited."""
    if item["type"] not in NESTED:
        return "simple"
    parts, rows = item.get("items") or [], value or []
    if item["type"] == "object":
        return "parts" if parts and isinstance(value or {}, dict) else "json"
    if parts and all(isinstance(row, dict) for row in rows):
        return "table"
    return "lines" if not any(isinstance(row, list | dict) for row in rows) else "json"


def table_of(
    item: Mapping[str, Any],
    field: Mapping[str, Any],
    *,
    threshold: float,
    typed: Sequence[Texts] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Table:
    """The field's rows as text, or as they were typed; `problems` say by path (`0.amount`) what is wrong."""
    texts = row_texts(item, rows_of(field.get("value"))) if typed is None else list(typed)
    item = _filled_first(item, texts)
    places = (field.get("items") or []) if typed is None else []
    widths = {part["name"]: _width(row.get(part["name"], "") for row in texts) for part in item["items"]}
    maker = _Maker(item, threshold, problems or {}, widths)
    rows = [
        maker.row(index, row, places[index] if index < len(places) else {}) for index, row in enumerate(texts)
    ]
    columns = [Column(part["label"], part["type"] in NUMERIC) for part in item["items"]]
    return Table(columns, rows, maker.row(len(texts), {}, {}), maker.row("NEW", {}, {}))


def _filled_first(item: Mapping[str, Any], texts: Sequence[Texts]) -> Mapping[str, Any]:
    """The list's definition with the columns that no row fills at its end, out of the way of the others."""
    if item["type"] != "array":
        return item
    filled = {name for row in texts for name, text in row.items() if text}
    return {**item, "items": sorted(item["items"], key=lambda part: part["name"] not in filled)}


def rows_of(value: Any) -> list[dict[str, Any]]:
    """The rows of a list of objects, or an object as its only row."""
    if isinstance(value, dict):
        return [value]
    return [row for row in value or [] if isinstance(row, dict)]


def row_texts(item: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Texts]:
    """The rows as they stand in inputs; an object has one, even when it is empty."""
    found = [{part["name"]: cell_text(row.get(part["name"])) for part in item["items"]} for row in rows]
    blank = {part["name"]: "" for part in item["items"]}
    return found or ([blank] if item["type"] == "object" else [])


def cell_text(value: Any) -> str:
    """A part's value as text in an input, in one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return flat(str(value))


def flat(text: str) -> str:
    """The text in one line; an input keeps no line breaks, so they do not count as a change."""
    return " ".join(text.split())


def summary(value: Any, parts: Sequence[Mapping[str, Any]] = ()) -> str:
    """A list in a few words: how many entries, and the first of them by their first words."""
    rows = [_first_word(row, parts) for row in value[:3]]
    shown = ", ".join(word for word in rows if word)
    count = f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    return f"{count}: {shown}{' …' if len(value) > 3 else ''}" if shown else count


def in_order(value: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The object's values in the order of its definition; the database keeps none."""
    return [value.get(part["name"]) for part in parts] if parts else list(value.values())


def _first_word(row: Any, parts: Sequence[Mapping[str, Any]]) -> str:
    values = in_order(row, parts) if isinstance(row, dict) else [row]
    found = next((part for part in values if isinstance(part, str) and re.search("[^\\W\\d_]", part)), "")
    return found if len(found) <= WIDEST else f"{found[: WIDEST - 1]}…"


@dataclass(frozen=True)
class _Maker:
    """Makes the rows of one field's table."""

    item: Mapping[str, Any]
    threshold: float
    problems: Mapping[str, str]
    widths: Mapping[str, int]

    def row(self, number: int | str, texts: Mapping[str, str], places: Mapping[str, Any]) -> Row:
        row = Row(number, [])
        for part in self.item["items"]:
            name = part["name"]
            row.cells.append(self._cell(row, part, texts.get(name, ""), places.get(name) or {}))
        return row

    def _cell(self, row: Row, part: Mapping[str, Any], entry: str, place: Mapping[str, Any]) -> Cell:
        is_list, score = self.item["type"] == "array", place.get("score")
        path = f"{row.number}.{part['name']}" if is_list else part["name"]
        spoken = f"{part['label']}, {row.said}" if is_list else part["label"]
        doubtful = bool(entry) and score is not None and score < self.threshold
        whole = self.problems.get(str(row.number), "") if is_list else ""
        return Cell(
            key=f"f-{self.item['name']}.{path}",
            spoken=f"{spoken}, {score:.0f} percent sure" if doubtful else spoken,
            label=part["label"], type=part["type"], entry=entry, options=list(part.get("values") or []),
            boxes=place.get("boxes") or [], size=self.widths[part["name"]], score=score, doubtful=doubtful,
            problem=self._problem(path) or whole,
        )  # fmt: skip

    def _problem(self, path: str) -> str:
        """What is wrong at this path or below it."""
        found = (text for at, text in self.problems.items() if at == path or at.startswith(f"{path}."))
        return " ".join(found)


def _width(entries: Iterable[str]) -> int:
    """How many letters an input of this column shows."""
    return min(WIDEST, max(NARROWEST, max((len(entry) for entry in entries), default=0)))
