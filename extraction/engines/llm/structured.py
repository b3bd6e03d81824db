"""Arrays and objects from a model: rows of cells, each cell held against the page by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import FieldValue, line_boxes
from extraction.engines.llm.answers import ModelAnswers, Said, SaidRow, Tree
from extraction.engines.llm.voice import UNGROUNDED_CAP, grounded, model_candidate

# What a tree becomes: a candidate for a leaf, else the same nesting of candidates.
Found = Candidate | Mapping[str, "Found"] | tuple["Found", ...]


def structured_values(
    reading: Reading, fields: Sequence[FieldDef], answers: ModelAnswers
) -> dict[str, FieldValue]:
    """The arrays and objects among the fields as the model says them; without those it says nothing of."""
    wanted = ((field, answers.said.get(field.name)) for field in fields if field.type in ("array", "object"))
    made = ((field, structured(reading, field, tree)) for field, tree in wanted if tree)
    return {field.name: value_of(field, found) for field, found in made if found}


def structured(reading: Reading, field: FieldDef, tree: Tree) -> Found | None:
    """The candidates of a tree in its nesting. A cell that is no value of its type is left out."""
    if isinstance(tree, Said):
        return model_candidate(reading, field, f"custom:{field.name}", tree)
    if isinstance(tree, tuple):
        return tuple(found for part in tree if (found := _part(reading, field, part)))
    return _cells(reading, field, tree)


def value_of(field: FieldDef, found: Found) -> FieldValue:
    """One value for it all, as sure as its weakest cell; without a source for each, below every threshold."""
    leaves = list(_leaves(found))
    boxes = tuple(box for leaf in leaves for box in line_boxes(leaf))
    missing = [leaf for leaf in leaves if not leaf.seen.get("grounded")]
    errors = (_sentence(len(missing), len(leaves)),) if missing else ()
    sure = min(min(leaf.seen["trust"], leaf.certainty) * _score(leaf) for leaf in leaves)
    return FieldValue(
        name=field.name,
        value=_plain(found),
        confidence=round(sure if grounded(leaves) else min(sure, UNGROUNDED_CAP), 4),
        confidence_unchecked=round(sure, 4),
        boxes=boxes,
        source="llm",
        origin="model",
        errors=errors,
    )


def _part(reading: Reading, field: FieldDef, part: SaidRow | Said) -> Found | None:
    if isinstance(part, Said):
        return model_candidate(reading, FieldDef(field.name, field.label), f"custom:{field.name}", part)
    return _cells(reading, field, part.cells)


def _cells(reading: Reading, field: FieldDef, cells: Mapping[str, Tree]) -> Found | None:
    told = ((item, cells.get(item.name)) for item in field.items)
    found = ((item.name, structured(reading, item, tree)) for item, tree in told if tree)
    return {name: cell for name, cell in found if cell} or None


def _leaves(found: Found) -> Iterator[Candidate]:
    if isinstance(found, Candidate):
        yield found
        return
    for part in found.values() if isinstance(found, Mapping) else found:
        yield from _leaves(part)


def _plain(found: Found) -> Any:
    if isinstance(found, Candidate):
        return found.value
    if isinstance(found, Mapping):
        return {name: _plain(part) for name, part in found.items()}
    return [_plain(part) for part in found]


def _score(leaf: Candidate) -> float:
    return 1.0 if leaf.ocr_score is None else max(leaf.ocr_score, 0.0)


def _sentence(missing: int, total: int) -> str:
    return f"{missing} of {total} values are not printed where the language model read them."
