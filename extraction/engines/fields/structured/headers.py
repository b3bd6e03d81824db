"""Where tables begin: rows whose cells are the labels of an array's parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extraction.engines.fields.amounts import find_numbers
from extraction.engines.fields.builtin import custom_aliases
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.labels import Label, Lexicon
from extraction.engines.fields.layout import PageLayout, Segment, fold, tokens_of

_WRAP_GAP = 0.8  # letter heights between the two lines of one header cell
_COVERED = 0.4  # share of a header's letters that must be known labels
_ALIKE = 0.7  # share of the first header's columns that a later header must have
# The header of a column that only counts the rows, where it stands close to the next one.
_COUNTER = re.compile(r"(?:pos(?:ition)?|no|nr|num|lfd|line|#|n°|n)\b\.?\s*")


@dataclass(frozen=True, slots=True)
class Column:
    """A header cell from `x0` to `x1` (points); `name` is the part it heads, empty for any other."""

    name: str
    x0: float
    x1: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Header:
    """A table's header; its last printed line is `row` of `page`."""

    page: int
    row: int
    columns: tuple[Column, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.name)

    @property
    def score(self) -> float:
        return sum(column.weight for column in self.columns if column.name)


def headers_of(reading: Reading, definition: FieldDef) -> list[list[Header]]:
    """The headers of the array's table, and those of tables that hold further columns of the same rows.

    Each list holds the headers of one table in reading order: a table on several pages repeats its header.
    """
    lexicon = item_lexicon(definition, reading.type_slug)
    fuzzy = reading.document.method in ("ocr", "mixed")
    found = [
        header
        for page in reading.layout.pages
        for index in range(len(page.rows))
        if (header := _header_at(reading, page, index, lexicon, len(definition.items), fuzzy))
    ]
    return _grouped(found)


def item_lexicon(definition: FieldDef, type_slug: str | None) -> Lexicon:
    """The labels of an array's or object's parts; the role of each is the part's name."""
    parts = (
        alias
        for item in definition.items
        for alias in custom_aliases(
            replace(item, name=f"{definition.name}.{item.name}"), item.name, type_slug
        )
    )
    return Lexicon(parts)


def _grouped(found: Sequence[Header]) -> list[list[Header]]:
    groups: list[list[Header]] = []
    rest = list(found)
    while rest:
        best = max(rest, key=lambda header: header.score)
        same = [header for header in rest if _is_like(header, best)]
        if not groups or not any(groups[0][0].names & header.names for header in same):
            groups.append(same)
        rest = [header for header in rest if header not in same]
    return groups


def _is_like(header: Header, best: Header) -> bool:
    return len(header.names & best.names) >= _ALIKE * len(best.names)


def _header_at(
    reading: Reading, page: PageLayout, index: int, lexicon: Lexicon, items: int, fuzzy: bool
) -> Header | None:
    row = page.rows[index]
    if any(number.decimals == 2 for part in row for number in find_numbers(part.text, reading.locale)):
        return None
    cells, wrapped = _cells(page, index, lexicon, fuzzy)
    labelled = [(cell, lexicon.find(cell, fuzzy=fuzzy)) for cell in cells]
    letters = sum(_letters(cell.text) for cell in cells)
    known = sum(_letters(cell.text[label.start : label.end]) for cell, labels in labelled for label in
                {label.start: label for label in labels}.values())  # fmt: skip
    columns = _assigned(
        [column for cell, labels in labelled for column in _columns(cell, labels, page.width)]
    )
    header = Header(page.number, index + wrapped, tuple(columns))
    enough = len(header.names) >= min(2, items)
    return header if enough and known >= _COVERED * letters else None


def _cells(page: PageLayout, index: int, lexicon: Lexicon, fuzzy: bool) -> tuple[list[Segment], int]:
    """A header row's cells, and 1 where some of them go on in the next row."""
    row, below = page.rows[index], page.rows[index + 1] if index + 1 < len(page.rows) else ()
    hanging = [
        (upper, next((lower for lower in below if _hangs_under(upper, lower, page.letter)), None))
        for upper in row
    ]
    pairs = [(upper, lower, _joined(upper, lower) if lower else upper) for upper, lower in hanging]
    if not any(
        _coverage(lexicon, both, fuzzy) > _coverage(lexicon, upper, fuzzy) for upper, _, both in pairs
    ):
        return list(row), 0
    used = {lower for _, lower, _ in pairs}
    cells = [both for _, _, both in pairs]
    cells += [other for other in below if other not in used and lexicon.find(other, fuzzy=fuzzy)]
    return sorted(cells, key=lambda cell: cell.x0), 1


def _hangs_under(upper: Segment, lower: Segment, letter: float) -> bool:
    over = min(upper.x1, lower.x1) > max(upper.x0, lower.x0)
    return over and lower.y0 - upper.y1 < _WRAP_GAP * letter


def _joined(upper: Segment, lower: Segment) -> Segment:
    text = f"{upper.text} {lower.text}"
    shift = len(upper.text) + 1
    return replace(
        upper,
        text=text,
        words=upper.words + lower.words,
        starts=upper.starts + tuple(start + shift for start in lower.starts),
        x0=min(upper.x0, lower.x0),
        x1=max(upper.x1, lower.x1),
        y1=lower.y1,
        tokens=tokens_of(text),
    )


def _coverage(lexicon: Lexicon, cell: Segment, fuzzy: bool) -> float:
    """How many letters of a cell its labels name, so far as they name the whole of it."""
    labels = lexicon.find(cell, fuzzy=fuzzy)
    return max((label.coverage * (label.end - label.start) for label in labels), default=0.0)


def _columns(cell: Segment, labels: Sequence[Label], width: float) -> Iterable[list[Column]]:
    """The columns under one header cell, each with all parts it could be; one per place of a label."""
    places: dict[int, list[Label]] = {}
    for label in labels:
        places.setdefault(label.start, []).append(label)
    if not places or (len(places) == 1 and labels[0].coverage < 0.5):
        yield [Column("", cell.x0, cell.x1)]
        return
    starts = sorted(places)
    counted = _COUNTER.match(fold(cell.text[: starts[0]]))
    if counted:
        yield [Column("", *_reach(cell, 0, counted.end(), width))]
    for index, start in enumerate(starts):
        first = (counted.end() if counted else 0) if index == 0 else start
        last = starts[index + 1] if index + 1 < len(starts) else len(cell.text)
        x0, x1 = _reach(cell, first, last, width)
        yield [Column(label.role, x0, x1, label.weight) for label in places[start]]


def _reach(cell: Segment, start: int, end: int, width: float) -> tuple[float, float]:
    """The horizontal reach of a part of a cell, in points."""
    words = cell.words_between(start, end)
    if not words:
        return cell.x0, cell.x1
    return min(word.box.x for word in words) * width, max(word.box.right for word in words) * width


def _assigned(options: Sequence[list[Column]]) -> list[Column]:
    """One part per column and one column per part: those with the fewest choices first, then by weight."""
    taken: set[str] = set()
    chosen: list[Column] = []
    for choices in sorted(options, key=lambda choices: (len(choices), -choices[0].weight)):
        free = [column for column in choices if column.name and column.name not in taken]
        best = max(free, key=lambda column: column.weight, default=None)
        chosen.append(best or replace(choices[0], name=""))
        taken.add(best.name if best else "")
    return sorted(chosen, key=lambda column: column.x0)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)
