"""What reading a table, a list or an object gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.engines.blocks import Box, union
from extraction.engines.fields.layout import Span
from extraction.engines.fields.parse import JsonValue

WHOLE = "value"  # the name of the only part of an entry in a list of plain values


@dataclass(frozen=True, slots=True)
class Part:
    """One value inside a row or an object. `confidence` is 0–1, `boxes` one per printed line."""

    value: JsonValue
    raw: str
    confidence: float
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Structured:
    """The value of an array or object with its parts: one mapping per row, or one for an object.

    `regular` (0–1) is the share of rows that fill the columns which the other rows fill. `products` counts
    the rows in which quantity × unit price was there to be compared with the amount, `wrong_products` those
    in which it differs. `closed` says that the table was read down to its printed totals.
    """

    value: JsonValue
    parts: tuple[Mapping[str, Part], ...] = ()
    boxes: tuple[Box, ...] = ()
    raw: str = ""
    regular: float = 1.0
    products: int = 0
    wrong_products: frozenset[int] = field(default_factory=frozenset)
    closed: bool = False


def boxes_of(spans: Sequence[Span]) -> tuple[Box, ...]:
    """One box per printed line that the spans cover."""
    lines: dict[tuple[int, int], list[Box]] = {}
    for span in spans:
        box = span.box
        if box:
            lines.setdefault((span.segment.page, span.segment.row), []).append(box)
    return tuple(box for boxes in lines.values() if (box := union(boxes)))


def reader_score(spans: Sequence[Span]) -> float:
    """The mean of the reader's own scores of the words (0–1); 1 for a text layer."""
    scores = [word.score for span in spans for word in span.words if word.score is not None]
    return min(1.0, sum(scores) / len(scores) + 0.02) if scores else 1.0
