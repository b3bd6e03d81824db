"""What the fields give a person to look at, in words: missing, contradicted, below their floor, unsure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from documents.policy import Reason, because
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import MISSING

# The most telling first.
ORDER = ("required_missing", "e_invoice_mismatch", "validation_failed", "field_below_floor", "low_confidence")


def field_findings(fields: Mapping[str, Mapping[str, Any]], defs: Sequence[FieldDef]) -> list[Reason]:
    """One sentence for each thing to look at, the most telling first and the least sure field first.

    A sentence that several fields share, such as a sum that does not add up, is said once.
    """
    pairs = [(fields[item.name], item) for item in defs if item.name in fields]
    pairs.sort(key=lambda pair: float(pair[0]["score"]))
    found: dict[str, Reason] = {}
    for item in (item for pair in pairs for item in _of_field(*pair)):
        found.setdefault(item["message"], item)
    return sorted(found.values(), key=lambda item: ORDER.index(item["code"]))


def _of_field(field: Mapping[str, Any], definition: FieldDef) -> Iterator[Reason]:
    name, label, score = definition.name, definition.label, float(field["score"])
    if is_missing(field, definition):
        yield because("required_missing", missing_words(label), name)
        return
    yield from (
        because("validation_failed", text, name) for text in map(str, field["errors"]) if text != MISSING
    )
    if below_floor(field, definition):
        floor = definition.require_score_above
        yield because(
            "field_below_floor", f"{label} is only {score:.0f} % sure; it asks for {floor:.0f} %.", name
        )
    elif field["needs_review"] and not field["errors"]:
        yield because("low_confidence", f"{label} is only {score:.0f} % sure.", name)


def field_flags(fields: Mapping[str, Mapping[str, Any]], defs: Sequence[FieldDef]) -> set[str]:
    """The flags that follow from the fields as they stand."""
    pairs = [(fields[item.name], item) for item in defs if item.name in fields]
    missing = any(is_missing(*pair) for pair in pairs)
    broken = any(field["errors"] for field, item in pairs if not is_missing(field, item))
    low = any(below_floor(*pair) for pair in pairs)
    found = {"required_missing": missing, "validation_failed": broken, "field_below_floor": low}
    return {flag for flag, holds in found.items() if holds}


def missing_words(label: str) -> str:
    return f"{label} is required and was not found."


def is_missing(field: Mapping[str, Any], definition: FieldDef) -> bool:
    """Whether a required field is empty."""
    return definition.required and field["value"] in (None, "", [], {})


def below_floor(field: Mapping[str, Any], definition: FieldDef) -> bool:
    """Whether a value is less sure than its field asks for. Without a value there is none to doubt."""
    floor = definition.require_score_above
    return floor is not None and field["value"] is not None and field["score"] < floor
