"""A model's answer about fields, read field by field: one that is wrong does not spoil the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from extraction.engines.fields.defs import FieldDef
from extraction.engines.llm.errors import LlmError

MAX_TEXT = 2000
MAX_ROWS = 500
_MAX_LINES = 40


@dataclass(frozen=True, slots=True)
class Said:
    """One value as the model wrote it, the words it says it comes from, and the ids of their lines."""

    value: str
    quote: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One row of an array field."""

    lines: tuple[str, ...]
    cells: Mapping[str, Tree]


# A value; an object by item name; an array of rows or of values.
Tree = Said | Mapping[str, "Tree"] | tuple[SaidRow, ...] | tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """What a model said about a document's fields; fields it found nothing for are absent.

    `error` is why it said nothing, or nothing more. `incomplete` says that answers were cut off or pages not
    read, so that a missing field may be in the document. `to_a_model` says that the document holds text which
    speaks to a model.
    """

    model: str
    said: Mapping[str, Tree] = field(default_factory=dict)
    error: LlmError | None = None
    incomplete: bool = False
    to_a_model: bool = False


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    words = {True: "true", False: "false"} if isinstance(value, bool) else {}
    return " ".join(str(words.get(value, value)).replace("\x00", "").split())[:MAX_TEXT]  # type: ignore[call-overload]


def _lines(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [str(item)[:40] for item in items if isinstance(item, str)][:_MAX_LINES]


class _Leaf(BaseModel):
    value: Annotated[str, BeforeValidator(_text)] = ""
    quote: Annotated[str, BeforeValidator(_text)] = ""
    lines: Annotated[list[str], BeforeValidator(_lines)] = []


class _Row(BaseModel):
    cells: dict[str, Any]
    lines: Annotated[list[str], BeforeValidator(_lines)] = []


def read_answers(data: Mapping[str, Any], fields: Sequence[FieldDef]) -> dict[str, Tree]:
    """What is said of these fields, without names that were not asked for and values of another form."""
    read = ((field.name, _read(data.get(field.name), field)) for field in fields)
    return {name: tree for name, tree in read if tree}


def _read(data: Any, field: FieldDef) -> Tree | None:
    if field.type == "array":
        return _rows(data, field) if field.items else _values(data, field)
    if field.type == "object" and field.items:
        return read_answers(data, field.items) if isinstance(data, dict) else None
    return _said(data)


def _said(data: Any, lines: Sequence[str] = ()) -> Said | None:
    """A value with its quote, or a bare one that some models write instead."""
    try:
        leaf = _Leaf.model_validate(data if isinstance(data, dict) else {"value": data})
    except ValidationError:
        return None
    empty = not leaf.value or leaf.value.casefold() in ("null", "none", "n/a")
    return None if empty else Said(leaf.value, leaf.quote, tuple(leaf.lines or lines))


def _values(data: Any, field: FieldDef) -> tuple[Said, ...]:
    items = data if isinstance(data, list) else []
    return tuple(said for item in items[:MAX_ROWS] if (said := _said(item)))


def _rows(data: Any, field: FieldDef) -> tuple[SaidRow, ...]:
    items = data if isinstance(data, list) else []
    return tuple(row for item in items[:MAX_ROWS] if (row := _row(item, field)))


def _row(data: Any, field: FieldDef) -> SaidRow | None:
    try:
        row = _Row.model_validate(data if isinstance(data, dict) and "cells" in data else {"cells": data})
    except ValidationError:
        return None
    cells: dict[str, Tree] = {}
    for item in field.items:
        told = row.cells.get(item.name)
        tree = _read(told, item) if item.items else _said(told, row.lines)
        if tree:
            cells[item.name] = tree
    return SaidRow(tuple(row.lines), cells) if cells else None
