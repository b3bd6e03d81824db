"""The table in which people edit field definitions: rows out of a form, changed, made into definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from extraction.engines.fields.defs import (
    MAX_DEPTH,
    MAX_FIELDS,
    NESTING,
    FieldDef,
    FieldDefError,
    fields_from_json,
)
from extraction.services.values import entered_value

TEXTS = ("label", "name", "type", "floor", "values", "regex", "hint", "default")
TYPES = [
    ("string", "Text"), ("number", "Number"), ("integer", "Whole number"), ("date", "Date"),
    ("datetime", "Date and time"), ("currency", "Amount"), ("boolean", "Yes or no"), ("enum", "Choice"),
    ("array", "List of parts"), ("object", "Group of parts"),
]  # fmt: skip
PATH = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")


@dataclass
class FieldRow:
    """One line of the table as it was typed. `path` counts from 0: "2.0" is the third's first part."""

    label: str = ""
    name: str = ""
    type: str = "string"
    floor: str = ""
    values: str = ""
    regex: str = ""
    hint: str = ""
    default: str = ""
    required: bool = False
    parts: list[FieldRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    path: str = ""
    # Which control has the focus after the table was changed: a name, or "up", "down".
    focus: str = ""

    @property
    def nests(self) -> bool:
        return self.type in NESTING and self.path.count(".") + 1 < MAX_DEPTH

    @property
    def opened(self) -> bool:
        return bool(self.problems) or (self.type == "enum" and not self.values)

    @property
    def finer(self) -> str:
        """What stands in the part that has to be opened."""
        values = ", ".join(_lines(self.values)) if self.type == "enum" else ""
        return " · ".join(text for text in (values, self.regex, self.hint, self.default) if text)

    @property
    def word(self) -> str:
        """What a screen reader calls the row."""
        numbers = ".".join(str(int(part) + 1) for part in self.path.split("."))
        return f"{numbers} {self.label}".strip()


class EditorProblems(Exception):
    """The rows cannot become definitions; each says why in its `problems`. `text` is about all of them."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


def rows_of(definitions: Iterable[FieldDef]) -> list[FieldRow]:
    """The rows that show these definitions."""
    return placed([_row(definition) for definition in definitions])


def read_rows(post: QueryDict) -> list[FieldRow]:
    """The rows of a submitted form in the order in which they stood there."""
    top: list[FieldRow] = []
    known: dict[str, FieldRow] = {}
    for path in post.getlist("row"):
        if not PATH.fullmatch(path) or path in known:
            continue
        parent = known.get(path.rpartition(".")[0])
        siblings = parent.parts if parent else top if "." not in path else None
        if siblings is None or len(siblings) > MAX_FIELDS:
            continue
        row = known[path] = FieldRow(required=f"f-{path}-required" in post)
        for name in TEXTS:
            setattr(row, name, post.get(f"f-{path}-{name}", "").strip())
        row.type = row.type or "string"
        siblings.append(row)
    return placed(top)


def changed_rows(rows: list[FieldRow], action: str) -> list[FieldRow]:
    """The rows after `add`, `add:2` (a part of the third), `remove:2`, `up:2`, `down:2`; else as they are."""
    verb, _, path = action.partition(":")
    if verb == "add":
        parent = _find(rows, path) if path else None
        siblings = parent.parts if parent else rows
        if len(siblings) < MAX_FIELDS and (parent or not path):
            siblings.append(FieldRow(focus="label"))
        return placed(rows)
    row = _find(rows, path)
    if row is None:
        return rows
    above = _find(rows, path.rpartition(".")[0])
    siblings = above.parts if above else rows
    at = siblings.index(row)
    if verb == "show":
        row.focus = "type"
    elif verb == "remove":
        siblings.remove(row)
        _focus_beside(siblings, at)
    elif verb in ("up", "down"):
        _move(siblings, at, verb)
    return placed(rows)


def defs_of(rows: Sequence[FieldRow]) -> tuple[FieldDef, ...]:
    """The checked definitions. Raises: EditorProblems, after each row was told its own."""
    broken = _bad_floors(rows)
    try:
        made = fields_from_json([_json(row) for row in rows])
    except FieldDefError as error:
        raise EditorProblems(_tell(rows, error)) from None
    if broken:
        raise EditorProblems
    defaulted = tuple(_with_default(row, made) for row, made in zip(rows, made, strict=True))
    if any(row.problems for row in rows):
        raise EditorProblems
    return defaulted


def filled_in(rows: Sequence[FieldRow]) -> list[FieldRow]:
    """The rows, and the parts, that somebody has written something in."""
    for row in rows:
        row.parts = filled_in(row.parts)
    return placed([row for row in rows if row.label or row.name or row.parts or row.regex or row.hint])


def placed(rows: list[FieldRow], above: str = "") -> list[FieldRow]:
    """The rows with their paths."""
    for number, row in enumerate(rows):
        row.path = f"{above}.{number}" if above else str(number)
        placed(row.parts, row.path)
    return rows


def _row(definition: FieldDef) -> FieldRow:
    floor = definition.require_score_above
    return FieldRow(
        label=definition.label, name=definition.name, type=definition.type, required=definition.required,
        floor="" if floor is None else f"{floor:g}", values="\n".join(definition.values),
        regex=definition.regex or "", hint=definition.hint,
        default="" if definition.default is None else str(definition.default),
        parts=[_row(part) for part in definition.items],
    )  # fmt: skip


def _find(rows: Sequence[FieldRow], path: str) -> FieldRow | None:
    for row in rows:
        if row.path == path:
            return row
        if found := _find(row.parts, path):
            return found
    return None


def _move(siblings: list[FieldRow], at: int, verb: str) -> None:
    to = at - 1 if verb == "up" else at + 1
    row = siblings[at]
    row.focus = verb
    if 0 <= to < len(siblings):
        siblings.insert(to, siblings.pop(at))


def _focus_beside(siblings: list[FieldRow], at: int) -> None:
    if siblings:
        siblings[min(at, len(siblings) - 1)].focus = "label"


def _json(row: FieldRow) -> dict[str, Any]:
    nests = row.type in NESTING
    return {
        "label": row.label,
        "name": row.name,
        "type": row.type,
        "required": row.required,
        "require_score_above": _number(row.floor),
        "values": _lines(row.values) if row.type == "enum" else [],
        "regex": row.regex,
        "hint": row.hint,
        "items": [_json(part) for part in row.parts] if nests else [],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _bad_floors(rows: Sequence[FieldRow]) -> bool:
    found = False
    for row in rows:
        if row.floor and _number(row.floor) is None:
            row.problems.append("The lowest score is a number from 0 to 100.")
            found = True
        found = _bad_floors(row.parts) or found
    return found


def _tell(rows: Sequence[FieldRow], error: FieldDefError) -> str:
    """Gives each row its problems; what concerns no single row is returned."""
    rest = []
    for path, texts in error.errors.items():
        place = ".".join(part for part in path.split(".") if part.isdigit())
        row = _find(rows, place) if place else None
        if row is None:
            rest += texts
        else:
            row.problems += texts
    return " ".join(rest)


def _with_default(row: FieldRow, definition: FieldDef) -> FieldDef:
    """The definition with its default in the field's own form; a default that does not fit is a problem."""
    if not row.default or definition.type in NESTING:
        return definition
    try:
        return replace(definition, default=entered_value(row.default, replace(definition, regex=None)))
    except ValueError as error:
        row.problems.append(f"Default: {error}")
        return definition
