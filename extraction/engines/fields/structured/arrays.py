"""Arrays: from the page, and from voices outside it that the page can agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from extraction.engines.fields.candidates import Candidate, CandidateSource, Origin, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue, comparable

from .lists import read_list
from .measures import measured
from .parties import read_parties
from .tables import read_table
from .values import WHOLE, Part, Structured

Finder = Callable[[Reading, FieldDef], Structured | None]

# Lists that papers write in sentences instead of below a label, by field name.
_SPOKEN: dict[str, Finder] = {"parties": read_parties}
_TRUST = 0.5  # of a voice that does not say how often it is right
_AGAINST_PAGE = 0.9  # what is left of that trust where the page says something else


@dataclass(frozen=True, slots=True)
class Array:
    """An array as read, and the voice that named it. `trust` (0–1) is None for one read from the page."""

    table: Structured
    origin: Origin = "page"
    trust: float | None = None
    agreed: float = 0.0


def read_array(
    reading: Reading, definition: FieldDef, sources: Sequence[CandidateSource] = ()
) -> Array | None:
    """The array as the page prints it, or as the most trusted voice names it; None without either.

    A voice's candidate has the list as its value. Where it says what the page says, it confirms the page;
    where it says something else, its rows are taken and point at the page's rows they resemble.
    """
    page = _from_page(reading, definition)
    voice = _loudest(reading, definition, sources)
    if voice is None:
        return Array(page) if page else None
    trust = max(0.0, min(1.0, voice.seen.get("trust", _TRUST)))
    rows = voice.value if isinstance(voice.value, list) else []
    table = _grounded(definition, rows, page, trust)
    if page and _says_same(page, rows):
        return Array(table, "page", agreed=trust)
    return Array(table, voice.origin, trust * (_AGAINST_PAGE if page else 1.0))


def _from_page(reading: Reading, definition: FieldDef) -> Structured | None:
    if definition.items:
        return read_table(reading, definition)
    spoken = _SPOKEN.get(definition.name)
    return (spoken(reading, definition) if spoken else None) or read_list(reading, definition)


def _loudest(reading: Reading, definition: FieldDef, sources: Sequence[CandidateSource]) -> Candidate | None:
    role = reading.roles[definition.name]
    said = [
        candidate
        for source in sources
        for candidate in source(reading, definition, role)
        if isinstance(candidate.value, list) and candidate.value
    ]
    return max(said, key=lambda item: item.seen.get("trust", _TRUST), default=None)


def _says_same(page: Structured, rows: Sequence[JsonValue]) -> bool:
    """Whether the page has as many rows and every value that both have is the same."""
    if len(page.parts) != len(rows):
        return False
    return all(_differences(part, _cells(row)) == 0 for part, row in zip(page.parts, rows, strict=True))


def _differences(parts: Mapping[str, Part], cells: Mapping[str, JsonValue]) -> int:
    shared = [name for name in cells if name in parts and cells[name] is not None]
    return sum(comparable(parts[name].value) != comparable(cells[name]) for name in shared)


def _grounded(
    definition: FieldDef, rows: Sequence[JsonValue], page: Structured | None, trust: float
) -> Structured:
    """A voice's rows with the places of the page's rows that say most of the same."""
    free = list(page.parts) if page else []
    parts: list[dict[str, Part]] = []
    for row in rows:
        cells = _cells(row)
        like = max(free, key=lambda part: _shared(part, cells), default=None)
        if like is not None and _shared(like, cells) > 0:
            free.remove(like)
        else:
            like = {}
        parts.append({name: _part(value, like.get(name), trust) for name, value in cells.items()})
    boxes = tuple(box for row in parts for part in row.values() for box in part.boxes)
    return measured(definition, list(rows), tuple(parts), page.boxes if page and boxes else boxes)


def _shared(parts: Mapping[str, Part], cells: Mapping[str, JsonValue]) -> int:
    return sum(
        name in parts and value is not None and comparable(parts[name].value) == comparable(value)
        for name, value in cells.items()
    )


def _part(value: JsonValue, printed: Part | None, trust: float) -> Part:
    same = printed is not None and comparable(printed.value) == comparable(value)
    raw = printed.raw if printed and same else ""
    return Part(value, raw, trust, printed.boxes if printed and same else ())


def _cells(row: JsonValue) -> dict[str, JsonValue]:
    return row if isinstance(row, dict) else {WHOLE: row}
