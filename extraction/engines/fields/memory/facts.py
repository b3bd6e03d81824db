"""What one document teaches about one field of its sender, as a small JSON-ready record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz

from extraction.engines.blocks import Box
from extraction.engines.fields.aliases import Role
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import Span, fold
from extraction.engines.fields.parse import JsonValue, comparable
from extraction.engines.fields.rank import Ranker, rank

from .context import Context, context_of
from .pool import everything

What = Literal["constant", "place", "empty"]

# A sender has these the same on all of its documents.
CONSTANT_ROLES: frozenset[Role] = frozenset({"seller_name", "company", "seller_vat_id", "iban", "currency"})
# Texts that people spell their own way and scanners misread; compared by likeness.
TEXT_ROLES: frozenset[Role] = frozenset({"seller_name", "company", "buyer_name", "receipt_address"})
SAME_TEXT = 0.85
MAX_PLACES = 4


@dataclass(frozen=True, slots=True)
class Remembered:
    """`value` as the person wants it. `places` are where it stood, the best first; none when not printed.

    A value printed twice (a total, and the same rounded) leaves open which place is meant; a second document
    tells. `wrong` and `wrong_place` are what the page alone had said instead, where that was wrong;
    `confirmed` says that the page alone had been right.
    """

    what: What
    value: JsonValue = None
    places: tuple[Context, ...] = ()
    wrong: JsonValue = None
    wrong_place: Context | None = None
    confirmed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "value": self.value,
            "places": [place.to_json() for place in self.places],
            "wrong": self.wrong,
            "wrong_place": self.wrong_place.to_json() if self.wrong_place else None,
            "confirmed": self.confirmed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Remembered:
        wrong_place = data["wrong_place"]
        return cls(
            data["what"],
            data["value"],
            tuple(Context.from_json(place) for place in data["places"]),
            data["wrong"],
            Context.from_json(wrong_place) if wrong_place else None,
            data["confirmed"],
        )


def remember(
    reading: Reading,
    definition: FieldDef,
    value: JsonValue,
    box: Box | None = None,
    *,
    alone: Candidate | None = None,
    ranker: Ranker = rank,
) -> Remembered | None:
    """What the true value of a field teaches; None where there is nothing to recognise it by.

    `box` is where a person pointed; a box that does not hold the value is not believed. `alone` is what the
    page was read to say without the person.
    """
    role = reading.roles[definition.name]
    confirmed = alone is not None and comparable(alone.value) == comparable(value)
    wrong, wrong_place = _rejected(reading, None if confirmed else alone)
    if value is None:
        return Remembered("empty", wrong=wrong, wrong_place=wrong_place)
    found = locate(reading, definition, value, box, ranker=ranker)
    places = tuple(context_of(reading, item.spans) for item in found)
    if not places and role not in CONSTANT_ROLES:
        return None
    what: What = "constant" if role in CONSTANT_ROLES else "place"
    return Remembered(what, value, places, wrong, wrong_place, confirmed)


def _rejected(reading: Reading, alone: Candidate | None) -> tuple[JsonValue, Context | None]:
    if alone is None:
        return None, None
    return alone.value, context_of(reading, alone.spans) if alone.spans else None


def locate(
    reading: Reading,
    definition: FieldDef,
    value: JsonValue,
    box: Box | None = None,
    *,
    ranker: Ranker = rank,
) -> list[Candidate]:
    """Where a value is printed: inside the box, else everywhere, that which fits the field best first."""
    role = reading.roles[definition.name]
    same = [item for item in everything(reading, definition, role) if item.spans and says(item, value, role)]
    inside = [item for item in same if box and _overlap(item.spans, box) > 0.3]
    same = inside or same
    if not same:
        return []
    order = ranker(reading, {definition.name: same}, [definition])[definition.name]
    places = {item.candidate: at for at, item in enumerate(order)}
    same.sort(key=lambda item: (-_closeness(item, role, value), places.get(item, len(same))))
    return same[:1] if inside or role in TEXT_ROLES else _apart(same)[:MAX_PLACES]


def _apart(items: Iterable[Candidate]) -> list[Candidate]:
    """Each place once, though several sources name it."""
    kept: dict[tuple[int, int, int], Candidate] = {}
    for item in items:
        segment, start = item.spans[0].segment, item.spans[0].start
        word = next((at for at, begin in enumerate(segment.starts) if begin >= start), 0)
        kept.setdefault((segment.page, segment.row, int(segment.x0) + word), item)
    return list(kept.values())


def says(candidate: Candidate, value: JsonValue, role: Role) -> bool:
    """Whether a candidate is that value, misread letters of names and addresses forgiven."""
    if comparable(candidate.value) == comparable(value):
        return True
    return role in TEXT_ROLES and text_likeness(str(candidate.value), str(value)) >= SAME_TEXT


def text_likeness(left: str, right: str) -> float:
    """How alike two texts are without case, spaces and punctuation, 0–1; less when their figures differ."""
    a, b = (comparable(fold(text)) for text in (left, right))
    if min(len(a), len(b)) < 0.6 * max(len(a), len(b), 1):
        return 0.0
    likeness = float(fuzz.ratio(a, b)) / 100
    return likeness if _figures(a) == _figures(b) else max(0.0, likeness - 0.1)


def _figures(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _closeness(item: Candidate, role: Role, value: JsonValue) -> float:
    return round(text_likeness(item.raw, str(value)), 2) if role in TEXT_ROLES else 1.0


def _overlap(spans: Iterable[Span], box: Box) -> float:
    """The share of the spans' area inside the box."""
    boxes = [found for span in spans if (found := span.box)]
    inside = sum(_common_area(found, box) for found in boxes)
    return inside / max(sum(found.w * found.h for found in boxes), 1e-9)


def _common_area(left: Box, right: Box) -> float:
    if left.page != right.page:
        return 0.0
    wide = min(left.right, right.right) - max(left.x, right.x)
    high = min(left.bottom, right.bottom) - max(left.y, right.y)
    return max(wide, 0.0) * max(high, 0.0)


def newest_first(facts: Sequence[Remembered], keep: int = 3) -> tuple[Remembered, ...]:
    """The facts worth keeping of one field: the newest, each once."""
    kept: list[Remembered] = []
    for fact in facts:
        if fact not in kept:
            kept.append(fact)
    return tuple(kept[:keep])
